"""Lists: the filter language, sorting, and pages that fit together while data changes."""
import unittest
import urllib.parse

import support
from support import Server, described, execution, order, rid


def query(**parameters):
    return "?" + urllib.parse.urlencode(parameters, doseq=True)


class Lists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = described(Server())
        label = {"Order/s/Desk": {"key": "Order/s/Desk", "value": {"labelValue": "East"}}}
        metric = {"Order/s/Score": {"key": "Order/s/Score", "value": {"metricValue": {"value": 1.5}}}}
        labels = {"Order/s/Tags": {"key": "Order/s/Tags", "value": {"labelValueSet": {"values": ["a", "b"]}}}}
        cls.server.put(
            "orders",
            order("A", 10, date="2026-03-02T09:00:00+01:00", properties=label),
            order("B", 100, side="Sell", date="2026-03-02T08:30:00Z", properties=metric),
            order("C", 1000, type="Limit", properties=labels, limitPrice={"amount": 5, "currency": "USD"}),
            order("D", None, side="Sell", state="it's", portfolioId=None))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def codes(self, **parameters):
        return "".join(v["id"]["code"] for v in self.server.list("orders", query(**parameters)))

    def test_filters(self):
        for text, codes in (
                ("", "ABCD"), ("  ", "ABCD"),
                ("Quantity gt 10", "BC"), ("quantity gte 10", "ABC"), ("QUANTITY lt 100.0", "A"),
                ("quantity lte 1e2", "AB"), ("quantity eq 10.000", "A"), ("quantity neq 10", "BCD"),
                ("Id.Scope eq 'desk' and id.CODE eq 'B'", "B"), ("Side eq 'Sell'", "BD"),
                ("side eq 'sell'", ""), ("id.code in ('A', 'D','Z')", "AD"), ("quantity in (10,1000)", "AC"),
                ("type startswith 'Lim'", "C"), ("portfolioId.code startswith 'P-'", "ABC"),
                ("state eq 'it''s'", "D"), ("LusidInstrumentId eq 'LUID_ZZZZZZZZ'", "ABCD"),
                ("quantity exists", "ABC"), ("quantity not exists", "D"), ("not quantity exists", "D"),
                ("not (quantity gt 10)", "AD"), ("not quantity gt 10 and side eq 'Sell'", "D"),
                ("side eq 'Buy' or side eq 'Sell' and quantity gt 10", "ABC"),
                ("(side eq 'Buy' or side eq 'Sell') and quantity gt 10", "BC"),
                ("date gt 2026-03-02T08:00:00Z", "B"), ("date gte '2026-03-02T08:00:00+00:00'", "AB"),
                ("date lt 2026-03-03", "AB"), ("version.asAtDate gt 2020-01-01", "ABCD"),
                ("limitPrice.amount eq 5", "C"), ("limitPrice eq 5", "C"), ("limitPrice.currency eq 'USD'", "C"),
                ("Properties[Order/s/Desk] eq 'East'", "A"), ("properties.Order/s/desk in ('East','West')", "A"),
                ("properties.Order/s/Score gt 1", "B"), ("properties[Order/s/Score] eq 1.50", "B"),
                ("properties[Order/s/Tags] eq 'b'", "C"), ("properties[Order/s/Tags] exists", "C"),
                ("properties[Order/s/Desk] neq 'East'", "BCD"),
                ("instrumentIdentifiers[Instrument/default/Figi] eq 'BBG000B9XRY4'", "ABCD"),
                ("instrumentIdentifiers.Instrument/default/Isin exists", "")):
            with self.subTest(text):
                self.assertEqual(self.codes(filter=text), codes)

    def test_filter_faults(self):
        for text, at in (
                ("quantity", 9), ("quantity gtt 5", 10), ("quantity gt", 12), ("quantity gt 'x'", 13),
                ("quantity gt x", 13), ("side eq Sell", 9), ("side eq 'Sell", 9), ("sidee eq 'Sell'", 1),
                ("  side eq 'Sell' and", 21), ("(side eq 'Sell'", 16), ("side eq 'a')", 12),
                ("side eq 'a' side eq 'b'", 13), ("date gt 'soon'", 9), ("id in ('a')", 1), ("id.code in 'a'", 12),
                ("id.code in ('a'", 16), ("id.code in ()", 13), ("quantity startswith '1'", 21),
                ("properties eq 'x'", 1), ("properties[x eq 'x'", 1), ("orderIds eq 'x'", 1),
                ("side not eq 'x'", 10), ("side eq 'ö' x", 13), ("not " * 101 + "side eq 'a'", None),
                ("(" * 101 + "side eq 'a'" + ")" * 101, None), ("version.nothing gt 2020-01-01", 1)):
            with self.subTest(text):
                status, body = self.server.call("GET", "/api/orders" + query(filter=text))
                self.assertEqual((status, body["code"]), (400, 132))
                if at is not None:
                    self.assertTrue(body["errors"]["filter"][0].startswith("at character %d: " % at), body)
        longest = "quantity in (%s)" % ",".join(["1"] * 8000)
        self.assertEqual(self.server.call("GET", "/api/orders" + query(filter=longest))[0], 200)
        status, body = self.server.call("GET", "/api/orders" + query(filter=longest + " " * 500))
        self.assertEqual((status, list(body["errors"])), (400, ["filter"]))

    def test_sorting(self):
        for keys, codes in ((["quantity ASC"], "DABC"), (["quantity DESC"], "CBAD"),
                            (["side DESC", "quantity desc"], "BDCA"), (["id.code DESC"], "DCBA"),
                            (["date ASC"], "CDAB"), (["properties[Order/s/Desk] DESC"], "ABCD")):
            self.assertEqual(self.codes(sortBy=keys), codes, keys)
        for key in ("quantity", "quantity UP", "nothing ASC", "ASC", "orderIds ASC"):
            status, body = self.server.call("GET", "/api/orders" + query(sortBy=key))
            self.assertEqual((status, body["code"]), (400, 681), key)
        self.assertIn("`nothing`", self.server.call(
            "GET", "/api/orders" + query(sortBy="nothing ASC"))[1]["detail"])

    def pages(self, server, kind, between=lambda: None, **parameters):
        token, codes, pages = {}, [], 0
        while True:
            status, body = server.call("GET", "/api/" + kind + query(**parameters, **token))
            self.assertEqual(status, 200, body)
            codes += [v["id"]["code"] for v in body["values"]]
            pages += 1
            if "nextPage" not in body:
                return codes, pages
            self.assertRegex(body["nextPage"], r"^[a-zA-Z0-9\+/]*={0,3}$")
            self.assertLessEqual(len(body["nextPage"]), 500)
            token = {"page": body["nextPage"]}
            between()

    def test_pages(self):
        with described(Server()) as server:
            every = sorted("O%d" % i for i in range(25))
            server.put("orders", *[order(code, int(code[1:]) + 1) for code in every])
            self.assertEqual(self.pages(server, "orders", limit=7), (every, 4))
            self.assertEqual(self.pages(server, "orders", limit=25), (every, 1))
            by_size = sorted(every, key=lambda code: -int(code[1:]))
            self.assertEqual(self.pages(server, "orders", limit=7, sortBy="quantity DESC"), (by_size, 4))
            self.assertEqual(self.pages(server, "orders", limit=3, filter="quantity gt 20")[0],
                             [c for c in every if int(c[1:]) >= 20])
            self.assertEqual(self.pages(server, "orders", limit=10, start=20), (every[20:], 1))

            # What is written and deleted between two pages is not seen in the later ones.
            def change():
                server.put("orders", order("N"), order("O3", 999), order("O77"))
                server.call("DELETE", "/api/orders/desk/O9")
            self.assertEqual(self.pages(server, "orders", change, limit=7), (every, 4))
            self.assertEqual(len(server.list("orders")), 26)
            now = [v["id"]["code"] for v in server.list("orders", query(sortBy="quantity ASC"))]

            def change_more():
                server.put("orders", order("O3", 1), order("O78"))
                server.call("DELETE", "/api/orders/desk/O8")
            self.assertEqual(self.pages(server, "orders", change_more, limit=7, sortBy="quantity ASC"), (now, 4))
            # Ids that are too long for a token.
            server.put("executions", *[execution("x" * 400 + "%02d" % i, "P") for i in range(10)])
            codes, pages = self.pages(server, "executions", limit=3)
            self.assertEqual(([c[-2:] for c in codes], pages), (["%02d" % i for i in range(10)], 4))

    def test_bad_pages(self):
        status, body = self.server.call("GET", "/api/orders" + query(limit=1))
        token = body["nextPage"]
        for parameters in ({"page": "nonsense"}, {"page": ""}, {"page": "A" * 501}, {"page": token[:-8]},
                           {"page": "%"}, {"page": token, "filter": "quantity gt 1"},
                           {"page": token, "sortBy": "quantity ASC"}, {"page": token, "asAt": "2026-01-01"}):
            status, body = self.server.call("GET", "/api/orders" + query(**parameters))
            self.assertEqual((status, body["code"]), (400, 689), parameters)
        status, body = self.server.call("GET", "/api/blocks" + query(page=token))
        self.assertEqual((status, body["code"]), (400, 689))
        for name in ("limit", "start"):
            for value in ("x", "-1", "5001" if name == "limit" else "9999999999", "1.5", ""):
                status, body = self.server.call("GET", "/api/orders" + query(**{name: value}))
                self.assertEqual((status, list(body["errors"])), (400, [name]), value)
        self.assertEqual(self.server.call("GET", "/api/orders" + query(limit=0))[0], 400)


if __name__ == "__main__":
    support.main()
