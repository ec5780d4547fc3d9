"""The order graph and the history of orders: what is added up, and what was when."""
import os
import tempfile
import unittest
from urllib.parse import quote

import support
from support import (Server, allocation, block, described, execution, order, placement, put_day, rid)


class Graph(unittest.TestCase):
    def setUp(self):
        self.server = described(Server())

    def tearDown(self):
        self.server.stop()
        self.server.log.close()

    def get(self, path, status=200, code=None):
        got, answer = self.server.call("GET", path)
        self.assertEqual(got, status, answer)
        if code:
            self.assertEqual(answer["code"], code)
        return answer

    def blocks(self, query=""):
        return self.get("/api/ordergraph/blocks" + query)["values"]

    def state(self):
        return self.blocks()[0]["derivedState"]

    def codes(self, path):
        return [(v.get("block") or v["placement"])["id"]["code"] for v in self.get(path)["values"]]

    def test_the_published_example(self):
        price = {"amount": support.Decimal("12401.26"), "currency": "USD"}
        self.server.put("orders", order("O1", 1000), order("O2", 500), order("GONE", 50, state="Cancelled"))
        self.server.put("blocks", block("B", "O1", "O2", "GONE", "MISSING"))
        self.server.put("placements", placement("P", "B", quantity=1250), placement("OFF", "B", state="Cancelled"))
        self.server.put("executions", execution("E1", "P", 600, price=price), execution("E2", "P", 500, price=price),
                        execution("BAD", "P", 7, state="Busted"))
        self.server.put("allocations", allocation("A1", "O1", 500, placementIds=[rid("P")], price=price, side="Buy"),
                        allocation("A2", "O2", 300, executionIds=[rid("E2")], price=price, side="Buy"),
                        allocation("AX", "O2", 300, executionIds=[rid("E2")], state="Cancelled"))
        graph, = self.blocks()
        self.assertEqual([graph[part]["quantity"] for part in ("ordered", "placed", "executed", "allocated", "booked")],
                         [1500, 1250, 1100, 800, 0])
        self.assertEqual(graph["derivedState"], "Partially placed")
        self.assertEqual(graph["ordered"]["quantityByState"], {"New": 1500, "Cancelled": 50})
        self.assertEqual([d["id"]["code"] for d in graph["ordered"]["details"]], ["O1", "O2", "GONE"])
        self.assertEqual(graph["ordered"]["details"][0]["portfolioId"], rid("P-O1", "funds"))
        self.assertEqual(graph["placed"]["quantityByState"], {"New": 1250, "Cancelled": 0})
        self.assertEqual(graph["executed"]["details"], [{"id": rid("E1")}, {"id": rid("E2")}])
        self.assertEqual(graph["executed"]["amount"], 1100 * price["amount"])
        self.assertEqual(graph["allocated"]["details"], [
            {"id": rid("A1"), "allocatedOrderId": rid("O1"), "quantity": 500, "amount": 500 * price["amount"]},
            {"id": rid("A2"), "allocatedOrderId": rid("O2"), "quantity": 300, "amount": 300 * price["amount"]}])
        self.assertEqual((graph["derivedDirection"], graph["derivedComplianceState"], graph["derivedApprovalState"]),
                         (1, "Pending", "Placed"))
        self.assertEqual(graph["block"], self.get("/api/blocks/desk/B"))
        latest = self.get("/api/allocations/desk/AX")["version"]["asAtDate"]
        self.assertEqual(graph["latestActivityDate"], latest)
        off, placed = self.get("/api/ordergraph/placements")["values"]
        self.assertEqual((placed["executed"]["quantity"], placed["allocated"]["quantity"], placed["derivedState"]),
                         (1100, 800, "In progress"))
        self.assertEqual((placed["calculatedAveragePrice"], placed["blockId"], placed["placed"]),
                         (price["amount"], rid("B"), {"details": [], "quantity": 1250}))
        self.assertEqual(len(placed["ordered"]["details"]), 4)
        self.assertEqual(off["derivedState"], "Cancelled")

    def test_states_of_a_day(self):
        self.server.put("orders", order("O1", 30), order("O2", 70))
        self.server.put("blocks", block("B", "O1", "O2"))
        self.assertEqual(self.state(), "Unplaced")
        for quantity, state in ((99, "Partially placed"), (101, "Overplaced"), (100, "Placed")):
            self.server.put("placements", placement("P", "B", quantity=quantity))
            self.assertEqual(self.state(), state)
        self.server.put("executions", execution("E", "P", 40))
        self.server.allocate("P")
        self.assertEqual(self.state(), "In progress")
        self.server.put("executions", execution("E2", "P", 60))
        self.assertEqual(self.state(), "In progress")
        self.server.allocate("P")
        self.assertEqual(self.state(), "Allocated")
        self.assertEqual(self.get("/api/ordergraph/placements")["values"][0]["derivedState"], "Allocated")
        made = [a["id"] for a in self.server.list("allocations")]
        self.server.call("POST", "/api/ordermanagement/booktransactions", made)
        graph, = self.blocks()
        self.assertEqual((graph["derivedState"], graph["booked"]["quantity"], len(graph["booked"]["details"])),
                         ("Booked", 100, 4))
        self.assertEqual(graph["booked"]["details"][0], {"id": "desk/E-O1"})
        self.server.put("allocations", allocation("MORE", "O1", 5, placementIds=[rid("P")], side="sell"))
        self.assertEqual(self.blocks()[0]["allocated"]["details"][4]["quantity"], -5)  # seen from the block
        self.server.put("allocations", allocation("MORE", "O1", 5, placementIds=[rid("P")]))
        self.assertEqual(self.state(), "Over-allocated")
        self.server.put("orders", order("X", state="Expired"))
        self.server.put("blocks", block("DEAD", "X", side="Sell"), block("BARE"))
        self.assertEqual([(g["derivedState"], g.get("derivedDirection")) for g in self.blocks()],
                         [("Over-allocated", 1), ("Unplaced", None), ("Cancelled", -1)])

    def test_children(self):
        put_day(self.server)
        self.server.put("placements", *[placement("C%d" % i, "B", quantity=10 * i, parentPlacementId=rid("P"))
                                        for i in (1, 2, 3)], placement("CC", "B", parentPlacementId=rid("C1")))
        self.server.put("executions", execution("EC", "CC", 3))
        parent = self.get("/api/ordergraph/placements?filter=" + quote("id.code eq 'P'"))["values"][0]
        self.assertEqual([d["id"]["code"] for d in parent["placed"]["details"]], ["C1", "C2", "C3"])
        self.assertEqual((parent["executed"]["quantity"], self.blocks()[0]["placed"]["quantity"]), (43, 100))
        self.assertEqual(self.blocks()[0]["executed"]["quantity"], 43)
        path = "/api/ordergraph/placementchildren/desk/P"
        self.assertEqual(self.codes(path), ["C1", "C2", "C3"])
        self.assertEqual(self.codes("/api/api" + path[4:] + "?sortBy=-quantity"), ["C3", "C2", "C1"])
        self.assertEqual(self.codes(path + "?sortBy=executed.quantity&sortBy=-quantity"), ["C3", "C2", "C1"])
        page = self.get(path + "?limit=2")
        self.assertEqual(self.codes(path + "?limit=2&paginationToken=" + quote(page["nextPage"], "")), ["C3"])
        other = "/api/ordergraph/placementchildren/desk/C1?limit=2&paginationToken="
        self.get(other + quote(page["nextPage"], ""), 400, 689)
        self.get(path + "?sortBy=quantity%20DESC", 400, 681)
        self.get("/api/ordergraph/placementchildren/desk/NONE", 404, 725)

    def test_filters_sorting_and_pages(self):
        for i in range(5):
            self.server.put("orders", order("O%d" % i, 10 * i + 10))
            self.server.put("blocks", block("B%d" % i, "O%d" % i, isSwept=i == 4, properties={
                "Block/s/n": {"key": "Block/s/n", "value": {"labelValue": "n%d" % (i % 2)}}}))
        self.server.put("placements", placement("P1", "B1", quantity=20), placement("P2", "B2", quantity=5))
        path = "/api/ordergraph/blocks"
        for text, found in (("derivedState eq 'Unplaced'", ["B0", "B3", "B4"]), ("placed.quantity gt 0", ["B1", "B2"]),
                            ("ordered.quantity gte 30 and not (block.id.code startswith 'B4')", ["B2", "B3"]),
                            ("properties[Block/s/n] eq 'n1'", ["B1", "B3"]), ("block.side eq 'Sell'", []),
                            ("latestActivityDate lt 2001-01-01", []), ("", ["B0", "B1", "B2", "B3", "B4"])):
            self.assertEqual(self.codes(path + "?filter=" + quote(text)), found, text)
        self.assertEqual(self.codes(path + "?includeSwept=false&useComplianceV2=true"), ["B0", "B1", "B2", "B3"])
        by_total = path + "?limit=3&sortBy=ordered.quantity%20DESC"
        first = self.get(by_total)
        self.server.put("orders", order("O0", 1000))
        self.server.put("placements", placement("P0", "B0"))
        self.server.put("blocks", block("B9"))
        token = "&paginationToken=" + quote(first["nextPage"], "")
        rest = self.get(by_total + token)
        # The second page is of the time of the first.
        self.assertEqual([v["block"]["id"]["code"] for v in first["values"] + rest["values"]],
                         ["B4", "B3", "B2", "B1", "B0"])
        self.assertEqual((rest["values"][1]["ordered"]["quantity"], rest["values"][1]["derivedState"]), (10, "Unplaced"))
        self.assertNotIn("nextPage", rest)
        self.assertEqual(self.codes(path + "?sortBy=ordered.quantity%20DESC&limit=1"), ["B0"])
        only = self.blocks("?propertyKeys=Block/s/other&limit=1")[0]["block"]["properties"]
        self.assertEqual(only, {})
        for query, code in (("filter=nothing%20eq%205", 132), ("sortBy=nothing%20ASC", 681), ("limit=0", 132),
                            ("limit=5001", 132), ("paginationToken=x", 689), ("asAt=x", 132),
                            ("includeSwept=perhaps", 132), ("propertyKeys=x", 132)):
            self.get(path + "?" + query, 400, code)

    def test_as_it_was(self):
        put_day(self.server)
        before, = self.blocks()
        self.server.allocate("P")
        self.server.call("DELETE", "/api/allocations/desk/E-O1")
        self.server.put("placements", placement("P2", "B", quantity=5))
        as_at = "?asAt=" + quote(before["latestActivityDate"], "")
        self.assertEqual(self.blocks(as_at), [before])
        self.assertNotEqual(self.blocks(), [before])
        self.assertEqual(self.blocks("?asAt=2001-01-01"), [])
        self.assertEqual(len(self.get("/api/ordergraph/placements" + as_at)["values"]), 1)
        self.get("/api/ordergraph/placementchildren/desk/P2" + as_at, 404, 725)

    def history(self, code="O1", query=""):
        return self.get("/api/ordermanagement/order/desk/%s/$history%s" % (code, query))["values"]

    def test_history(self):
        put_day(self.server)
        self.server.put("orders", order("O1", 31, date="2026-03-02T08:00:00+00:00", price={"amount": 5, "currency": "USD"},
                                        properties={"Order/s/a": {"key": "Order/s/a", "value": {"labelValue": "x"}}}))
        self.server.allocate("P")
        self.server.call("DELETE", "/api/allocations/desk/E-O1")
        self.server.put("blocks", block("B", "O2"))
        self.server.call("DELETE", "/api/orders/desk/O1")
        entries = self.history()
        self.assertEqual([(e["detail"]["entityType"], e["action"], e.get("attributeName")) for e in entries], [
            ("Order", "Create", None), ("Block", "Create", None), ("Placement", "Create", "quantity"),
            ("Order", "Update", "price"), ("Order", "Update", "properties[Order/s/a]"), ("Order", "Update", "quantity"),
            ("Allocation", "Create", "quantity"), ("Allocation", "Delete", "quantity"), ("Block", "Delete", None),
            ("Order", "Delete", None)])
        price, label, quantity = entries[3:6]
        self.assertEqual(price["newValue"], {"metricValue": {"value": 5, "unit": "USD"}})
        self.assertNotIn("previousValue", price)
        self.assertEqual(label["newValue"], {"labelValue": "x"})
        self.assertEqual((quantity["previousValue"], quantity["newValue"], quantity["asAtVersionNumber"]),
                         ({"metricValue": {"value": 30}}, {"metricValue": {"value": 31}}, 2))
        self.assertEqual(entries[6]["detail"], {"entityType": "Allocation", "scope": "desk", "code": "E-O1"})
        self.assertEqual(entries[6]["newValue"], {"metricValue": {"value": 13}})
        times = [e["asAtModified"] for e in entries]
        self.assertEqual(times, sorted(times))
        self.assertTrue(all(e["requestIdModified"] for e in entries))
        until = "?asAt=" + quote(entries[5]["asAtModified"], "")
        self.assertEqual(self.history(query=until), entries[:6])

    def test_history_of_nothing(self):
        path = "/api/ordermanagement/order/desk/NONE/$history"
        self.assertEqual(self.server.call("GET", path), (404, "Order not found."))
        self.assertEqual(self.server.call("GET", "/api/api" + path[4:]), (404, "Order not found."))
        self.server.put("orders", order("O"))
        self.assertEqual(self.server.call("GET", path.replace("NONE", "O") + "?asAt=2001-01-01")[0], 404)
        self.get(path + "?asAt=x", 400, 132)

    def test_durable(self):
        with tempfile.TemporaryDirectory() as folder:
            options = ("--data", os.path.join(folder, "desk.sqlite"))
            paths = ("/api/ordergraph/blocks", "/api/ordergraph/placements",
                     "/api/ordermanagement/order/desk/O1/$history")
            with described(Server(*options)) as server:
                self.fill(server)
                before = [server.call("GET", path) for path in paths]
            with described(Server(*options)) as server:
                self.assertEqual([server.call("GET", path) for path in paths], before)
                # The booking still holds.
                server.put("executions", execution("E", "P", 60))
                self.assertIn(rid("E-O1-2"), server.allocate("P")["values"])

    def fill(self, server):
        put_day(server)
        server.allocate("P")
        server.put("orders", order("LOOSE"), order("DONE", state="Closed"))
        server.put("blocks", block("SWEPT", "DONE"))
        for name, body in (("booktransactions", [rid("E-O1")]),
                           ("moveorders", {"requests": [{"orderId": rid("LOOSE"), "destinationBlockId": rid("M")}]}),
                           ("cancelordersandmoveremaining", {"k": {
                               "cancelOrderId": rid("LOOSE"), "moveRemainingToOrderId": rid("REST"),
                               "moveRemainingToBlockId": rid("R")}}),
                           ("SweepBlocks", {"blockIds": {"k": rid("SWEPT")},
                                            "latestAllowableModificationTime": "2999-01-01"})):
            status, answer = server.call("POST", "/api/ordermanagement/" + name, body)
            self.assertEqual((status, answer.get("failed", {})), (200, {}), answer)


if __name__ == "__main__":
    support.main()
