"""The index of filters against its twin, the scan: both find the same, at every point in time, and
the index does not look at everything."""
import os
import random
import re
import unittest
import urllib.parse

import support
from support import Server, described, execution, order, rid

SEED = int(os.environ.get("ALLOT_SEED", "20260302"))
SIDES = ("Buy", "Sell", "Short", "ShortCover")
STATES = ("New", "Working", "Booked", "", "it's")
DAYS = ["2026-03-0%dT%02d:%02d:00Z" % (d, h, m) for d in (1, 2, 3) for h in (0, 9, 17, 23) for m in (0, 30)]


def quoted(text):
    return "'%s'" % text.replace("'", "''")


class Filters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.random = random.Random(SEED)
        cls.server = Server()
        cls.times = []
        cls.codes = ["%s%02d" % (p, i) for p in ("A", "AB", "B") for i in range(40)]
        for _ in range(12):
            cls.write()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def some_order(cls):
        pick = cls.random.choice
        made = order(pick(cls.codes), pick((10, 20, 30)), side=pick(SIDES[:2] * 4 + SIDES), state=pick(STATES),
                     date=pick(DAYS), portfolioId=rid("P%d" % cls.random.randrange(12), "funds"))
        made["id"]["scope"] = pick(("desk", "desk", "desk2", "a"))
        for member in ("date", "portfolioId"):
            if cls.random.random() < 0.1:
                del made[member]
        return made

    @classmethod
    def write(cls):
        rows = {(o["id"]["scope"], o["id"]["code"]): o for o in (cls.some_order() for _ in range(40))}
        made = cls.server.put("orders", *rows.values())
        cls.times.append(max(v["version"]["asAtDate"] for v in made["values"]))
        for scope, code in cls.random.sample(sorted(rows), 6):
            cls.server.call("DELETE", "/api/orders/%s/%s" % (scope, code))

    def comparison(self):
        pick = self.random.choice
        field, values = pick((("side", SIDES), ("state", STATES), ("id.code", self.codes), ("date", DAYS),
                              ("id.scope", ("desk", "desk2", "a", "b", "")), ("quantity", ("10", "20", "30")),
                              ("portfolioId.code", ["P%d" % i for i in range(13)])))
        write = quoted if field not in ("date", "quantity") else str
        operator = pick(("eq", "eq", "in", "gt", "gte", "lt", "lte", "neq", "startswith", "exists"))
        if operator == "exists":
            return field + " exists"
        if operator == "in":
            return "%s in (%s)" % (field, ",".join(write(pick(values)) for _ in range(3)))
        if operator == "startswith":
            return "%s startswith %s" % (("id.code", "'A'") if field in ("date", "quantity") else
                                         (field, quoted(pick(values)[:self.random.randrange(3)])))
        return "%s %s %s" % (field, operator, write(pick(values)))

    def some_filter(self, depth=2):
        parts = [self.comparison() if depth == 0 or self.random.random() < 0.6 else
                 "(%s)" % self.some_filter(depth - 1) for _ in range(self.random.randrange(1, 4))]
        parts = [("not " + part) if self.random.random() < 0.1 else part for part in parts]
        return self.random.choice((" and ", " and ", " and ", " or ")).join(parts)

    def pages(self, **parameters):
        found, token = [], {}
        while True:
            query = "?" + urllib.parse.urlencode({**parameters, **token})
            status, body = self.server.call("GET", "/api/orders" + query)
            self.assertEqual(status, 200, (parameters, body))
            found += body["values"]
            if "nextPage" not in body:
                return found
            token = {"page": body["nextPage"]}

    def test_twins(self):
        matched = 0
        for round_of in range(150):
            text = self.some_filter()
            more = {"limit": self.random.choice((1, 7, 50, 5000))}
            if self.random.random() < 0.5:
                more["asAt"] = self.random.choice(self.times)
            if self.random.random() < 0.2:
                more["sortBy"] = "quantity DESC"
            if self.random.random() < 0.2:
                more["start"] = self.random.randrange(9)
            # What stands beside an `or` is no requirement, so this looks at everything.
            slow = self.pages(filter="(%s) or (%s)" % (text, text), **more)
            self.assertEqual(self.pages(filter=text, **more), slow, (SEED, round_of, text, more))
            matched += len(slow)
            if round_of % 30 == 29:
                self.write()
        self.assertGreater(matched, 1500)

    def looked_at(self, server, text):
        def total():
            return int(re.search(r"^allot_looked_at_total (\d+)$", server.call("GET", "/metrics")[1], re.M).group(1))
        before = total()
        found = server.list("orders", "?" + urllib.parse.urlencode({"filter": text}))
        return len(found), total() - before

    def test_not_everything_is_looked_at(self):
        with described(Server()) as server:
            server.put("orders", *[order(
                "O%04d" % i, i + 1, side="Sell" if i % 100 == 0 else "Buy", date="2026-03-%02d" % (i % 28 + 1),
                portfolioId=rid("P%d" % (i % 50), "funds")) for i in range(2800)])
            for text, found, at_most in (
                    ("side eq 'Sell'", 28, 28), ("side in ('Sell', 'None') and quantity gt 1401", 13, 28),
                    ("portfolioId.code eq 'P7'", 56, 56), ("id.code in ('O0001','O2000','X')", 2, 2),
                    ("id.code startswith 'O00'", 100, 100), ("date eq 2026-03-05", 100, 100),
                    ("date gte 2026-03-05 and date lt 2026-03-07", 200, 300), ("side eq 'None'", 0, 0),
                    ("id.scope eq 'none'", 0, 0), ("id.scope eq 'desk' and side eq 'Sell'", 28, 28),
                    ("(side eq 'Sell' and quantity gt 0) and portfolioId.code eq 'P0'", 28, 28),
                    ("side eq 'Buy'", 2772, 2800), ("side neq 'Buy'", 28, 2800)):
                with self.subTest(text):
                    matched, looked_at = self.looked_at(server, text)
                    self.assertEqual(matched, found)
                    self.assertLessEqual(looked_at, at_most)

    def test_other_kinds(self):
        with described(Server()) as server:
            server.put("executions", *[execution("E%02d" % i, "P%d" % (i % 7), state="New" if i else "Old")
                                       for i in range(50)])
            for text, count in (("placementId.code eq 'P3'", 7), ("state eq 'Old'", 1),
                                ("createdDate gt 2026-03-03", 0), ("createdDate gt 2026-03-01", 50)):
                self.assertEqual(len(server.list("executions", "?" + urllib.parse.urlencode({"filter": text}))), count)


if __name__ == "__main__":
    support.main()
