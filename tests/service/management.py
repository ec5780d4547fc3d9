"""Commands of order management: all or nothing where a call is one thing, key by key where it is many."""
import unittest

import support
from support import INSTRUMENT, Server, block, described, execution, order, placement, put_day, rid


def command(name):
    return "/api/ordermanagement/" + name


def request(block_code, *orders, **more):
    return {"blockId": rid(block_code), "instrumentIdentifiers": INSTRUMENT, "side": "Buy", "type": "Limit",
            "timeInForce": "Day", "orders": list(orders), **more}


def blocked(code, quantity=10, **more):
    return {"id": rid(code), "quantity": quantity, "portfolioId": rid("P-" + code, "funds"), **more}


class Management(unittest.TestCase):
    def setUp(self):
        self.server = described(Server())

    def tearDown(self):
        self.server.stop()
        self.server.log.close()

    def post(self, name, body, status=200, code=None, word=""):
        got, answer = self.server.call("POST", command(name), body)
        self.assertEqual((got, answer.get("code")), (status, code), answer)
        self.assertIn(word, str(answer))
        return answer

    def test_create_orders(self):
        answer = self.post("createorders", {"requests": [
            request("B", blocked("A", 30, date="2026-03-02T08:00:00Z"), blocked("B", 70, side="buy"),
                    date="2026-03-02T09:00:00Z", limitPrice={"amount": 5, "currency": "USD"},
                    blockProperties={"Block/s/x": {"key": "Block/s/x", "value": {"labelValue": "y"}}})]}, 201)
        made = answer["values"][0]
        self.assertEqual((made["block"]["orderIds"], made["block"]["quantity"], made["block"]["createdDate"]),
                         ([rid("A"), rid("B")], 100, "2026-03-02T09:00:00Z"))
        self.assertEqual(made["block"]["properties"]["Block/s/x"]["value"], {"labelValue": "y"})
        first, second = made["orders"]
        self.assertEqual((first["side"], first["type"], first["timeInForce"], first["limitPrice"]["amount"]),
                         ("Buy", "Limit", "Day", 5))
        self.assertEqual((first["date"], second["date"]), ("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"))
        self.assertEqual((first["instrumentIdentifiers"], second["side"]), (INSTRUMENT, "buy"))
        self.assertEqual(made["block"], self.server.call("GET", "/api/blocks/desk/B")[1])
        self.assertEqual(first, self.server.call("GET", "/api/orders/desk/A")[1])
        # More orders for the same block; two requests of one call see each other.
        alike = {"limitPrice": {"amount": 5, "currency": "USD"}}
        self.post("createorders", {"requests": [request("B", blocked("C"), **alike),
                                                request("B", blocked("D", None, amount={"amount": 1, "currency": "USD"}),
                                                        **alike)]}, 201)
        now = self.server.call("GET", "/api/blocks/desk/B")[1]
        self.assertEqual([o["code"] for o in now["orderIds"]], ["A", "B", "C", "D"])
        self.assertNotIn("quantity", now)  # one of them is not sized in units

    def test_create_orders_is_all_or_nothing(self):
        self.server.put("orders", order("OLD"))
        good = request("NEW", blocked("N"))
        for bad, status, code, word in (
                (request("B", blocked("OLD")), 409, 179, "desk/OLD"),
                (request("B", blocked("X"), blocked("X")), 409, 179, "desk/X"),
                (request("B", blocked("X", side="Sell")), 400, 157, "side"),
                (request("B", blocked("X"), side=None), 400, 157, "side"),
                (request("NEW", blocked("X"), type="Market"), 409, 883, "desk/NEW"),
                (request("B", blocked("X", -1)), 400, 132, "requests[1].orders[0].quantity"),
                (request("B", {"quantity": 1}), 400, 132, "requests[1].orders[0].id"),
                ({"orders": []}, 400, 132, "requests[1].blockId"),
                (request("B", 5), 400, 132, "requests[1].orders[0]"),
                (5, 400, 132, "requests[1]")):
            self.post("createorders", {"requests": [good, bad]}, status, code, word)
            self.assertEqual(self.server.list("blocks"), [])
            self.assertEqual(len(self.server.list("orders")), 1)
        for body in ({}, {"requests": None}, {"requests": []}, {"requests": [good] * 101}, []):
            self.post("createorders", body, 400, 132, "requests")

    def test_place_blocks(self):
        self.server.put("orders", order("O"))
        self.server.put("blocks", block("B", "O"), block("EMPTY"))
        for bad, status, code in ((placement("P2", "EMPTY"), 409, 974), (placement("P2", "NONE"), 404, 727),
                                  (placement("P", "B"), 409, 179), (placement("P2", "B", quantity=-1), 400, 132)):
            self.post("placeblocks", {"requests": [placement("P", "B"), bad]}, status, code)
            self.assertEqual(self.server.list("placements"), [])
        answer = self.post("placeblocks", {"requests": [placement("P", "B"), placement("Q", "B", parentPlacementId=rid("P"))]})
        self.assertEqual([p["id"] for p in answer["values"]], [rid("P"), rid("Q")])
        self.assertEqual(answer["values"], self.server.list("placements"))
        self.post("placeblocks", {"requests": [placement("P", "B")]}, 409, 179, "desk/P")

    def test_orders(self):
        put_day(self.server)
        self.server.allocate("P")
        self.server.put("orders", order("FREE", 5, properties={
            "Order/s/a": {"key": "Order/s/a", "value": {"labelValue": "1"}}}))
        answer = self.post("updateorders", {
            "one": {"id": rid("FREE"), "quantity": 6, "side": "Sell", "state": "Booked", "properties": {
                "Order/s/b": {"key": "Order/s/b", "value": {"labelValue": "2"}}}},
            "two": {"id": rid("O2"), "quantity": 1}, "three": {"id": rid("NONE")},
            "four": {"id": rid("O1"), "quantity": "x"}})
        self.assertEqual(list(answer["values"]), ["one"])
        changed = answer["values"]["one"]
        self.assertEqual((changed["quantity"], changed["side"], changed["state"], sorted(changed["properties"])),
                         (6, "Sell", "New", ["Order/s/a", "Order/s/b"]))
        self.assertEqual({key: value["type"] for key, value in answer["failed"].items()},
                         {"two": "CannotUpdateOrder", "three": "OrderNotFound", "four": "ValidationError"})
        self.assertEqual(answer["failed"]["two"]["id"], "Scope:desk Code:O2")
        self.assertEqual(self.server.call("GET", "/api/orders/desk/O2")[1]["quantity"], 70)
        answer = self.post("cancelorders", {"k": rid("O2"), "l": rid("NONE")})
        self.assertEqual(answer["values"]["k"]["orderState"]["state"], "Cancelled")
        self.assertEqual(answer["failed"]["l"]["type"], "OrderNotFound")
        # A cancelled order keeps what it has, and gets no more.
        self.server.put("executions", execution("E2", "P", 10))
        self.assertEqual(self.server.allocate("P")["values"], [rid("E2-O1")])
        again = self.post("cancelorders", {"k": rid("O2")})["values"]["k"]["orderState"]
        self.assertEqual(again["version"], answer["values"]["k"]["orderState"]["version"])

    def test_placements(self):
        self.server.put("placements", placement("P", "B"), placement("C", "B", parentPlacementId=rid("P")),
                        placement("CC", "B", parentPlacementId=rid("C")), placement("L", "B", parentPlacementId=rid("L")))
        answer = self.post("$updateplacements", {
            "a": {"id": rid("P"), "quantity": 50, "limitPrice": 9.5, "counterparty": "New", "state": "x"},
            "b": {"id": rid("NONE")}})
        changed = answer["values"]["a"]
        self.assertEqual((changed["quantity"], float(changed["limitPrice"]["amount"]), changed["counterparty"],
                          changed["state"]), (50, 9.5, "New", "New"))
        self.assertEqual(answer["failed"]["b"]["type"], "PlacementNotFound")
        answer = self.post("$cancelplacements", {"x": rid("P"), "y": rid("NONE"), "z": rid("L")})
        self.assertEqual(answer["values"]["x"]["placementState"]["state"], "Cancelled")
        self.assertEqual(answer["values"]["x"]["cancelledChildPlacements"], [rid("C"), rid("CC")])
        self.assertEqual(answer["values"]["z"]["cancelledChildPlacements"], [])
        self.assertEqual(list(answer["failed"]), ["y"])
        self.assertEqual({p["state"] for p in self.server.list("placements")}, {"Cancelled"})

    def test_bad_bodies(self):
        for name in ("cancelorders", "updateorders", "$cancelplacements", "$updateplacements"):
            for body in ([], "x", {"k": 5}, {"k": None}, {"k": {"scope": "a"}}, {"k": {"id": 5}}):
                self.post(name, body, 400, 132)
            self.assertEqual(self.post(name, {}), {"values": {}, "failed": {}, "links": []})


if __name__ == "__main__":
    support.main()
