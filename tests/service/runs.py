"""Allocate calls: what is made, what fails by name, and that no unit is given out twice."""
import os
import threading
import unittest
from decimal import Decimal

import support
from support import Server, described, allocation, block, execution, order, placement, put_day, rid

OLD = "/api/allocationservice/allocate"
NEW = "/api/ordermanagement/allocate"
WEIGHTED = "/api/ordermanagement/allocate/weighted"


def ids(*codes):
    return [rid(code) for code in codes]


def key(code):
    return "Scope:desk Code:" + code


def shares(server):
    return {a["id"]["code"]: Decimal(a["quantity"]) for a in server.list("allocations")}


class Runs(unittest.TestCase):
    def test_a_run(self):
        for path in (OLD, NEW, "/api" + NEW):
            with self.subTest(path), described(Server()) as server:
                put_day(server)
                answer = server.allocate("P", "gone", path=path)
                self.assertEqual(answer["values"], ids("E-O1", "E-O2"))
                failure = answer["failed"][key("gone")]
                self.assertEqual(list(answer["failed"]), [key("gone")])
                self.assertEqual((failure["id"], failure["type"]), (key("gone"), "PlacementNotFound"))
                self.assertEqual(shares(server), {"E-O1": 12, "E-O2": 28})
                made = server.list("allocations")[0]
                self.assertEqual((made["allocatedOrderId"], made["placementIds"], made["executionIds"]),
                                 (rid("O1"), ids("P"), ids("E")))
                self.assertEqual((made["price"], made["state"], made["counterparty"]),
                                 ({"amount": Decimal("10.5"), "currency": "USD"}, "New", "Broker"))
                self.assertIn("Allocation/allot/Run", made["properties"])

    def test_again(self):
        with described(Server()) as server:
            put_day(server)
            server.allocate("P")
            before = server.list("allocations")
            self.assertEqual(server.allocate("P"), {"values": [], "failed": {}})
            self.assertEqual(server.list("allocations"), before)
            # The fill grows: only the difference is split, and the allocations grow.
            server.put("executions", execution("E", "P", 50))
            self.assertEqual(server.allocate("P")["values"], ids("E-O1", "E-O2"))
            self.assertEqual(shares(server), {"E-O1": 15, "E-O2": 35})
            # More than was ordered: the orders are filled, and it is said each time.
            server.put("executions", execution("E2", "P", 60))
            for _ in range(2):
                failed = server.allocate("P")["failed"]
                self.assertEqual(failed[key("P")]["type"], "OverExecutedPlacement")
            self.assertEqual(sum(shares(server).values()), 100)

    def test_failures_have_names(self):
        with described(Server()) as server:
            put_day(server)
            server.put("orders", order("NoPortfolio", portfolioId=None), order("NoQuantity", None),
                       order("Dead", state="Cancelled"), order("Nothing", 0))
            server.put("orders", order("Sold", side="Sell"), order("Other", instrumentIdentifiers={
                "Instrument/default/Figi": "BBG000000000"}))
            for code, wanted in (("NoPortfolio", "EmptyPortfolioIdFailure"),
                                 ("NoQuantity", "QuantityMissing"), ("Dead", "NoOrders"),
                                 ("Nothing", "NoOrders"), ("Missing", "BadInput"),
                                 ("Sold", "BadInput"), ("Other", "BadInput")):
                with self.subTest(code):
                    server.put("blocks", block("B" + code, code))
                    server.put("placements", placement("P" + code, "B" + code))
                    server.put("executions", execution("E" + code, "P" + code))
                    answer = server.allocate("P" + code, "P")
                    self.assertEqual(answer["failed"][key("P" + code)]["type"], wanted, answer)
                    self.assertEqual(len(answer["failed"]), 1)
            self.assertEqual(answer["failed"][key("POther")]["type"], "BadInput")
            self.assertEqual(shares(server), {"E-O1": 12, "E-O2": 28})
            # What was missing arrives, and the placement goes through.
            server.put("orders", order("Missing"))
            self.assertEqual(server.allocate("PMissing")["failed"], {})
            # An execution of nothing is no fill; a missing block is told.
            server.put("placements", placement("PNoBlock", "none"))
            server.put("executions", execution("ENoBlock", "PNoBlock"), execution("EZero", "P", 0))
            self.assertEqual(server.allocate("PNoBlock")["failed"][key("PNoBlock")]["type"], "BadInput")
            self.assertEqual(server.allocate("P"), {"values": [], "failed": {}})

    def test_stored_allocations_count(self):
        with described(Server()) as server:
            put_day(server)
            # By hand: 10 of the fill to O1; another placement has filled 20 of O2.
            server.put("orders", order("O3", 10))
            server.put("blocks", block("B2", "O2", "O3"))
            server.put("placements", placement("P2", "B2"))
            server.put("executions", execution("E2", "P2", 20))
            server.put("allocations",
                       allocation("H1", "O1", 10, placementIds=ids("P"), executionIds=ids("E")),
                       allocation("H2", "O2", 20, placementIds=ids("P2"), executionIds=ids("E2")),
                       allocation("H3", "O2", 5, state="Cancelled", placementIds=ids("P")))
            # 30 left over 20 and 50 still wanted: base 8 and 21, the lot left over to the oldest.
            server.allocate("P")
            self.assertEqual((shares(server)["E-O1"], shares(server)["E-O2"]), (9, 21))
            # A stored allocation that names what is not there fails the placement of its order.
            server.put("executions", execution("E3", "P", 1))
            server.put("allocations", allocation("H4", "O1", 1, executionIds=ids("never")))
            self.assertEqual(server.allocate("P")["failed"][key("P")]["type"], "BadInput")

    def test_children(self):
        with described(Server()) as server:
            put_day(server)
            server.put("placements", placement("C", "B", parentPlacementId=rid("P")),
                       placement("CC", "B", parentPlacementId=rid("C")))
            server.put("executions", execution("EC", "CC", 10))
            answer = server.allocate("P")
            self.assertEqual(answer["failed"], {})
            self.assertEqual(sum(shares(server).values()), 50)
            self.assertEqual(server.allocate("C"), {"values": [], "failed": {}})
            server.put("placements", placement("L1", "B", parentPlacementId=rid("L2")),
                       placement("L2", "B", parentPlacementId=rid("L1")))
            server.put("executions", execution("EL", "L1", 1))
            self.assertEqual(server.allocate("L1")["failed"][key("L1")]["type"], "BadInput")

    def test_algorithms(self):
        with described(Server()) as server:
            put_day(server)
            def ask(code):
                return server.call("POST", NEW + "?allocationAlgorithm=" + code, ids("P"))
            status, body = ask("PR-FIFFO")
            self.assertEqual((status, body["code"]), (404, 151))
            self.assertIn("PR-FIFO", body["detail"])
            for code in ("", "x" * 65, "PR%20FIFO", "PR-LF:cap=5"):
                status, body = ask(code)
                self.assertEqual((status, body["code"]), (400, 132), code)
                self.assertIn("allocationAlgorithm", body["errors"])
            self.assertEqual(ask("fifo")[0], 200)
            self.assertEqual(shares(server), {"E-O1": 30, "E-O2": 10})

    def test_bodies(self):
        with described(Server()) as server:
            for path, most in ((NEW, 100), (OLD, 101)):
                for count, status in ((most, 200), (101, 200 if most > 100 else 400)):
                    got, body = server.call("POST", path, ids(*["X%d" % i for i in range(count)]))
                    self.assertEqual(got, status)
                self.assertEqual(server.call("POST", path, []), (200, {"values": [], "failed": {}}))
                for body in ({}, "x", [5], [{"scope": "a"}], None):
                    self.assertEqual(server.call("POST", path, "null" if body is None else body)[0], 400)

    def test_weighted(self):
        weights = [{"portfolioId": rid("A", "funds"), "weight": Decimal("0.6")},
                   {"portfolioId": rid("B", "funds"), "weight": Decimal("0.4")}]
        with described(Server()) as server:
            server.put("blocks", block("U"))
            server.put("placements", placement("PU", "U"))
            server.put("executions", execution("EU", "PU", 10))
            body = {"placementIds": ids("PU"), "portfolioWeights": weights}
            status, answer = server.call("POST", WEIGHTED, body)
            self.assertEqual((status, answer["failed"], len(answer["values"])), (200, {}, 2))
            got = {a["portfolioId"]["code"]: a["quantity"] for a in server.list("allocations")}
            self.assertEqual(got, {"A": 6, "B": 4})
            # The orders that stand for the portfolios are there, and a second fill goes on with them.
            self.assertEqual(len(server.list("orders")), 2)
            server.put("executions", execution("EU2", "PU", 5))
            server.call("POST", WEIGHTED, body)
            self.assertEqual({o["portfolioId"]["code"]: o["quantity"] for o in server.list("orders")},
                             {"A": 9, "B": 6})
            # Where a block has orders the weights count too, not the sizes.
            put_day(server)
            weights[0]["portfolioId"], weights[1]["portfolioId"] = rid("P-O1", "funds"), rid("P-O2", "funds")
            server.call("POST", WEIGHTED + "?allocationAlgorithm=LF",
                        {"placementIds": ids("P"), "portfolioWeights": weights})
            made = shares(server)
            self.assertEqual((made["E-O1"], made["E-O2"]), (24, 16))
            for change, field in (({"placementIds": []}, "placementIds"), ({"placementIds": None}, "placementIds"),
                                  ({"portfolioWeights": [{"weight": 1}]}, "portfolioWeights[0]"),
                                  ({"portfolioWeights": weights[:1] * 2}, "portfolioWeights[1].portfolioId"),
                                  ({"portfolioWeights": [{**weights[0], "weight": -1}]}, "portfolioWeights[0].weight")):
                status, answer = server.call("POST", WEIGHTED, {**body, **change})
                self.assertEqual(status, 400)
                self.assertIn(field, answer["errors"])
            status, answer = server.call("POST", WEIGHTED + "?allocationAlgorithm=PR-FIFO", body)
            self.assertEqual((status, list(answer["errors"])), (400, ["allocationAlgorithm"]))

    def test_options(self):
        with Server("--run-values", "placements", "--lot", "10") as server:
            put_day(server)
            self.assertEqual(server.allocate("P", "gone", "P")["values"], ids("P"))
            self.assertEqual(shares(server), {"E-O1": 20, "E-O2": 20})
        with Server("--allow-unpriced", "--dead-states", "Frozen,Gone") as server:
            put_day(server)
            server.put("orders", order("O2", 70, state="frozen"), order("O1", 30, state="Cancelled"))
            server.allocate("P")
            self.assertEqual(shares(server), {"E-O1": 30})

    def test_import(self):
        book = os.path.join(os.environ["ALLOT_SOURCE"], "data", "desk")
        with Server("--import", book) as server:
            placements = [p["id"] for p in server.list("placements")]
            status, answer = server.call("POST", OLD, placements)
            self.assertEqual(status, 200)
            self.assertGreater(len(answer["values"]), 0)

    def test_two_runs_at_once_give_nothing_twice(self):
        with Server("--threads", "4", "--quiet") as server:
            put_day(server)
            fills = 40
            errors = []

            def work(number):
                try:
                    for i in range(10):
                        server.put("executions", execution("F%d-%d" % (number, i), "P", Decimal("0.1")))
                        server.allocate("P")
                except Exception as problem:  # a thread's failure must fail the test
                    errors.append(problem)

            threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            server.allocate("P")
            self.assertEqual(errors, [])
            self.assertEqual(sum(shares(server).values()), 40 + fills * Decimal("0.1"))


if __name__ == "__main__":
    support.main()
