"""Booking allocations, moving orders between blocks, and sweeping what is finished."""
import unittest

import support
from support import (INSTRUMENT, Server, allocation, block, described, execution, order, placement, put_day, rid)


def key(code):
    return "Scope:desk Code:" + code


class Command(unittest.TestCase):
    def setUp(self):
        self.server = described(Server())

    def tearDown(self):
        self.server.stop()
        self.server.log.close()

    def post(self, name, body, status=200, code=None, word="", prefix="/api/ordermanagement/"):
        got, answer = self.server.call("POST", prefix + name, body)
        self.assertEqual((got, answer.get("code")), (status, code), answer)
        self.assertIn(word, str(answer))
        return answer

    def get(self, path, status=200):
        got, answer = self.server.call("GET", path)
        self.assertEqual(got, status, answer)
        return answer


class Booking(Command):
    def book(self, *codes, query="", **more):
        return self.post("booktransactions" + query, {"allocationIds": [rid(c) for c in codes], **more})

    def test_a_transaction(self):
        put_day(self.server)
        self.server.allocate("P")
        note = {"Transaction/s/Note": {"key": "Transaction/s/Note", "value": {"labelValue": "x"}}}
        answer = self.book("E-O1", "E-O2", "NONE", "E-O1", transactionProperties=note)
        self.assertEqual(list(answer["values"]), [key("E-O1"), key("E-O2")])
        self.assertEqual(answer["failed"][key("NONE")]["type"], "AllocationNotFound")
        made = answer["values"][key("E-O1")]
        self.assertEqual((made["transactionId"], made["type"], made["units"], made["transactionStatus"]),
                         ("desk/E-O1", "Buy", 12, "Active"))
        self.assertEqual((made["transactionPrice"], made["totalConsideration"], made["exchangeRate"]),
                         ({"price": support.Decimal("10.5"), "type": "Price"},
                          {"amount": 126, "currency": "USD"}, 1))
        self.assertEqual((made["orderId"], made["allocationId"], made["transactionDate"], made["properties"]),
                         (rid("O1"), rid("E-O1"), support.DAY, note))
        self.assertEqual((made["instrumentIdentifiers"], made["instrumentUid"], made["counterpartyId"]),
                         (INSTRUMENT, "LUID_ZZZZZZZZ", "Broker"))
        # States are untouched unless that is asked for; the allocation names its transaction.
        kept = self.get("/api/allocations/desk/E-O1")
        self.assertEqual((kept["state"], kept["version"]["asAtDate"]), ("New", made["entryDateTime"]))
        self.assertEqual(kept["properties"]["Allocation/allot/Transaction"]["value"], {"labelValue": "desk/E-O1"})
        again = self.book("E-O1", transactionProperties=note)
        self.assertEqual(again["values"][key("E-O1")], made)

    def test_what_is_booked_is_frozen(self):
        put_day(self.server)
        self.server.allocate("P")
        self.book("E-O1")
        # The execution grows: what is booked stays, and its order's part comes beside it.
        self.server.put("executions", execution("E", "P", 60))
        self.assertEqual(self.server.allocate("P")["values"], [rid("E-O1-2"), rid("E-O2")])
        self.assertEqual([(a["id"]["code"], a["quantity"]) for a in self.server.list("allocations")],
                         [("E-O1", 12), ("E-O1-2", 6), ("E-O2", 42)])

    def test_marks(self):
        put_day(self.server)
        self.server.allocate("P")
        query = "?markOrdersAndAllocationsAsBooked=true&applyFeesAndCommission=false"
        self.book("E-O1", query=query)
        self.assertEqual(self.get("/api/allocations/desk/E-O1")["state"], "Booked")
        self.assertEqual(self.get("/api/orders/desk/O1")["state"], "New")  # 12 of 30
        self.server.put("executions", execution("E2", "P", 60))
        self.server.allocate("P")
        self.book("E2-O1")
        self.assertEqual(self.get("/api/orders/desk/O1")["state"], "New")  # not asked to mark
        self.book("E2-O1", "E2-O2", query=query)
        self.assertEqual(self.get("/api/orders/desk/O1")["state"], "Booked")
        self.assertEqual(self.get("/api/orders/desk/O2")["state"], "New")  # E-O2 is not booked
        self.book("E-O2", query=query)
        self.assertEqual(self.get("/api/orders/desk/O2")["state"], "Booked")

    def test_other_currencies_and_what_cannot_be_booked(self):
        self.server.put("orders", order("O", date=support.DAY))
        price = {"amount": 10, "currency": "USD"}
        self.server.put("allocations", allocation("A", "O", 5, price=price, settlementCurrency="GBP",
                                                  settlementCurrencyFxRate=support.Decimal("0.8"),
                                                  settlementDate="2026-03-04"),
                        allocation("UNPRICED", "O"), allocation("GONE", "O", price=price, state="Cancelled"),
                        allocation("ALONE", "NONE", price=price),
                        allocation("LONG", "O", support.Decimal("0.0000000000000001"),
                                   price={"amount": support.Decimal("0.0000000000000001"), "currency": "USD"}))
        answer = self.book("A", "UNPRICED", "GONE", "ALONE", "LONG")
        made = answer["values"][key("A")]
        self.assertEqual((made["totalConsideration"], made["exchangeRate"], made["transactionCurrency"]),
                         ({"amount": 40, "currency": "GBP"}, support.Decimal("0.8"), "USD"))
        self.assertEqual((made["type"], made["transactionDate"], made["settlementDate"]),
                         ("Buy", support.DAY, "2026-03-04T00:00:00.0000000+00:00"))
        self.assertEqual({k[16:]: f["type"] for k, f in answer["failed"].items()},
                         {"UNPRICED": "NoPriceForAllocation", "GONE": "InvalidRequest", "ALONE": "InvalidRequest",
                          "LONG": "InvalidRequest"})

    def test_bodies(self):
        self.assertEqual(self.post("booktransactions", []), {"values": {}, "failed": {}})
        answer = self.post("booktransactions", [rid("NONE")], prefix="/api/api/ordermanagement/")
        self.assertEqual(list(answer["failed"]), [key("NONE")])
        many = [rid("A%d" % i) for i in range(5001)]
        for body, word in (({}, "allocationIds"), ({"allocationIds": []}, "1 to 5000"),
                           ({"allocationIds": many}, "1 to 5000"), (many, "0 to 5000"), ({"allocationIds": 5}, "list"),
                           ({"allocationIds": [rid("A")], "fxInstrumentType": "FxSpot"}, "fxInstrumentType"),
                           ({"allocationIds": [rid("A")], "transactionProperties": 5}, "transactionProperties"), (5, "")):
            self.post("booktransactions", body, 400, 132, word)
        for name in ("applyFeesAndCommission", "markOrdersAndAllocationsAsBooked"):
            self.post("booktransactions?%s=perhaps" % name, [rid("A")], 400, 132, name)


class Moving(Command):
    def move(self, *moves, **expected):
        return self.post("moveorders", {"requests": [
            {"orderId": rid(o), "destinationBlockId": rid(b)} for o, b in moves]}, **expected)

    def listed(self, code):
        found = self.get("/api/blocks/desk/" + code)
        return [o["code"] for o in found["orderIds"]], found["quantity"]

    def test_moves(self):
        self.server.put("orders", order("O1", 30), order("O2", 70), order("LOOSE", 5))
        self.server.put("blocks", block("B", "O1", "O2"))
        answer = self.move(("O1", "NEW"), ("LOOSE", "NEW"), ("O2", "B"))
        self.assertEqual((self.listed("B"), self.listed("NEW")), ((["O2"], 70), (["O1", "LOOSE"], 35)))
        first, second, third = answer["values"]
        self.assertEqual((first["sourceBlockId"], first["order"]["id"], first["destinationBlock"]["id"]),
                         (rid("B"), rid("O1"), rid("NEW")))
        self.assertNotIn("sourceBlockId", second)
        self.assertEqual(third["sourceBlockId"], rid("B"))
        made = self.get("/api/blocks/desk/NEW")
        self.assertEqual((made["side"], made["type"], made["timeInForce"], made["instrumentIdentifiers"]),
                         ("Buy", "Market", "GoodTilCancel", INSTRUMENT))
        self.move(("O1", "B"), ("O1", "NEW"))
        self.assertEqual(self.listed("B"), (["O2"], 70))
        self.assertEqual(self.move(), {"values": [], "links": []})

    def test_moves_are_all_or_nothing(self):
        self.server.put("orders", order("O1", 30), order("O2", 70), order("SELL", side="Sell"), order("TWICE"))
        self.server.put("blocks", block("B", "O1", "O2"), block("X", "TWICE"), block("Y", "TWICE"), block("EMPTY"))
        self.server.put("placements", placement("P", "B", quantity=60), placement("PE", "EMPTY"))
        self.server.put("executions", execution("E", "P", 40))
        before = self.server.list("blocks")
        good = ("SELL", "S")
        for bad, status, code in ((("NONE", "B"), 404, 650), (("SELL", "B"), 409, 883), (("TWICE", "B"), 409, 922),
                                  (("SELL", "EMPTY"), 409, 910), (("O2", "N"), 409, 881)):
            self.move(good, bad, status=status, code=code)
            self.assertEqual(self.server.list("blocks"), before)
        self.server.put("placements", placement("P", "B", quantity=30))
        self.server.allocate("P")
        self.move(good, ("O1", "N"), status=409, code=910)  # it has allocations in its block
        self.assertEqual([b["id"]["code"] for b in self.server.list("blocks")], ["B", "EMPTY", "X", "Y"])
        for body in ({}, {"requests": [5]}, {"requests": [{"orderId": rid("O1")}]}, {"requests": 5}, []):
            self.post("moveorders", body, 400, 132, "requests")

    def remain(self, **entries):
        return self.post("cancelordersandmoveremaining", {
            k: {"cancelOrderId": rid(order_code), "moveRemainingToOrderId": rid(new), "moveRemainingToBlockId": rid(to)}
            for k, (order_code, new, to) in entries.items()})

    def test_the_published_example(self):
        self.server.put("orders", order("O", 100))
        self.server.put("blocks", block("B", "O"))
        self.server.put("placements", placement("P", "B", quantity=80))
        answer = self.remain(k=("O", "N", "NB"))
        made = answer["values"]["k"]
        self.assertEqual((made["cancelledOrder"]["quantity"], made["cancelledOrder"]["state"]), (80, "New"))
        self.assertEqual((made["newOrder"]["quantity"], made["newBlockId"]), (20, rid("NB")))
        self.assertEqual(made["newOrder"]["portfolioId"], rid("P-O", "funds"))
        self.assertEqual((self.listed("B"), self.listed("NB")), ((["O"], 80), (["N"], 20)))
        # All that is left is placed: nothing is moved.
        made = self.remain(k=("O", "N2", "NB"))["values"]["k"]
        self.assertEqual((list(made), made["cancelledOrder"]["quantity"]), (["cancelledOrder"], 80))

    def test_shares_what_is_placed(self):
        self.server.put("orders", order("A", 30, date="2026-03-02T08:00:00Z"),
                        order("B", 60, date="2026-03-02T07:00:00Z"), order("C", 10), order("FREE", 7))
        self.server.put("blocks", block("BL", "A", "B", "C"))
        self.server.put("placements", placement("P", "BL", quantity=50), placement("DEAD", "BL", state="Cancelled"),
                        placement("CHILD", "BL", quantity=20, parentPlacementId=rid("P")))
        answer = self.remain(a=("A", "A2", "N"), b=("B", "B2", "N"), f=("FREE", "F2", "N"))
        kept = {k: v["cancelledOrder"]["quantity"] for k, v in answer["values"].items()}
        # 50 over 30 and 60: 16.67 and 33.33, the lot that is left to the older.
        self.assertEqual(kept, {"a": 16, "b": 34, "f": 0})
        self.assertEqual(answer["values"]["f"]["cancelledOrder"]["state"], "Cancelled")
        self.assertEqual(self.listed("N"), (["A2", "B2", "F2"], 14 + 26 + 7))
        self.assertEqual(self.listed("BL"), (["A", "B", "C"], 60))

    def test_keeps_what_is_allocated(self):
        self.server.put("orders", order("A", 50), order("B", 50), order("C", 50))
        self.server.put("blocks", block("BL", "A", "B", "C"))
        self.server.put("placements", placement("P", "BL", quantity=90))
        self.server.put("allocations", allocation("AA", "A", 40, placementIds=[rid("P")]),
                        allocation("AC", "C", 20, placementIds=[rid("P")]))
        kept = {k: v["cancelledOrder"]["quantity"]
                for k, v in self.remain(a=("A", "A2", "N"), b=("B", "B2", "N"))["values"].items()}
        self.assertEqual(kept, {"a": 40, "b": 30})  # 90 without the 20 of C; A has 40 already

    def test_what_cannot_be_cut(self):
        self.server.put("orders", order("O", 10), order("DONE", state="Booked"), order("TWICE"),
                        order("MONEY", None, amount={"amount": 5, "currency": "USD"}), order("SELL", side="Sell"),
                        order("Q", 10))
        self.server.put("blocks", block("X", "TWICE"), block("Y", "TWICE", "Q"), block("B", "O"))
        answer = self.remain(a=("NONE", "N1", "N"), b=("DONE", "N2", "N"), c=("TWICE", "N3", "N"),
                             d=("MONEY", "N4", "N"), e=("O", "DONE", "N"), f=("O", "N6", "B"), g=("O", "N7", "N"),
                             h=("O", "N8", "N"), i=("SELL", "N9", "N"), j=("Q", "N7", "N"))
        self.assertEqual({k: f["type"] for k, f in answer["failed"].items()}, {
            "a": "OrderNotFound", "b": "CannotUpdateOrder", "c": "CannotUpdateOrder", "d": "OrderRequiresQuantity",
            "e": "DuplicateId", "f": "CannotUpdateOrder", "h": "CannotUpdateOrder", "i": "CannotUpdateSharedFields",
            "j": "DuplicateId"})
        self.assertEqual(list(answer["values"]), ["g"])
        self.assertEqual(self.get("/api/orders/desk/Q")["quantity"], 10)
        bad = self.post("cancelordersandmoveremaining", {"k": {"cancelOrderId": rid("Q")}})
        self.assertEqual(bad["failed"]["k"]["type"], "ValidationError")
        for body in ([], {"k": 5}, {"k": {}}, {"k": rid("Q")}):
            self.post("cancelordersandmoveremaining", body, 400, 132)


class Sweeping(Command):
    def sweep(self, time="2999-01-01T00:00:00Z", **blocks):
        return self.post("SweepBlocks", {"blockIds": {k: rid(b) for k, b in blocks.items()},
                                         "latestAllowableModificationTime": time})

    def why(self, **named):
        answer = self.sweep(b="B", **named)
        self.assertEqual(list(answer["failed"]) + list(answer["values"]), ["b"])
        failed = answer["failed"].get("b")
        self.assertEqual(failed is None, self.get("/api/blocks/desk/B")["isSwept"])
        if failed:
            self.assertEqual(failed["type"], "CouldNotSweepBlock")
        return failed and failed["detail"]

    def test_requirements(self):
        put_day(self.server)
        self.assertIn("order desk/O1 is New", self.why())
        self.server.put("orders", order("O1", 30, state="closed"), order("O2", 70, state="Canceled"))
        self.assertIn("placement desk/P is In progress", self.why())
        self.server.put("placements", placement("P", "B", state="Over-allocated"))
        self.server.put("allocations", allocation("A", "O1", placementIds=[rid("P")]))
        self.assertIn("allocation desk/A is New", self.why())
        made = self.server.put("allocations", allocation("A", "O1", placementIds=[rid("P")], state="Booked"))
        self.assertIn("latestAllowableModificationTime", self.why(time="2026-03-02"))
        answer = self.sweep(made["values"][0]["version"]["asAtDate"], b="B", n="NONE")
        self.assertEqual(answer["values"], {"b": rid("B")})
        self.assertEqual(answer["failed"]["n"]["type"], "BlockNotFound")
        self.assertTrue(self.get("/api/blocks/desk/B")["isSwept"])
        again = self.get("/api/blocks/desk/B")
        self.sweep(b="B")
        self.assertEqual(self.get("/api/blocks/desk/B"), again)

    def test_a_day_ends_swept(self):
        self.server.put("orders", order("O1", 30), order("O2", 70))
        self.server.put("blocks", block("B", "O1", "O2"), block("GAP", "NONE"))
        self.server.put("placements", placement("P", "B"))
        self.server.put("executions", execution("E", "P", 100))
        self.server.allocate("P")
        self.post("booktransactions?markOrdersAndAllocationsAsBooked=true", [rid("E-O1"), rid("E-O2")])
        self.assertIsNone(self.why())
        self.assertIn("desk/NONE", self.sweep(g="GAP")["failed"]["g"]["detail"])

    def test_bodies(self):
        self.assertEqual(self.sweep(), {"values": {}, "failed": {}})
        for body, word in (({"blockIds": {}}, "latestAllowableModificationTime"), ({}, "blockIds"), ([], "body"),
                           ({"blockIds": [], "latestAllowableModificationTime": "2026-03-02"}, "blockIds"),
                           ({"blockIds": {"k": 5}, "latestAllowableModificationTime": "2026-03-02"}, "k"),
                           ({"blockIds": {}, "latestAllowableModificationTime": "LondonClose"}, "LondonClose")):
            self.post("SweepBlocks", body, 400, 132, word)


if __name__ == "__main__":
    support.main()
