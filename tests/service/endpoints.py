"""Each entity endpoint over HTTP: what goes in comes out, errors have names, and nothing is half done."""
import json
import os
import re
import shutil
import subprocess
import unittest
from decimal import Decimal

import support
from support import (Server, allocation, block, described, execution, order, placement, put_day,
                     rid)

KINDS = {"orders": (order, "Order", 650), "blocks": (block, "Block", 727),
         "placements": (placement, "Placement", 725), "executions": (execution, "Execution", 726),
         "allocations": (allocation, "Allocation", 654)}


def entity(kind, code):
    make = KINDS[kind][0]
    return make(code) if kind in ("orders", "blocks", "placements") else make(code, "X")


class Endpoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = described(Server())

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def check_problem(self, found, status, code, *words):
        got, body = found
        self.assertEqual((got, body["code"], body["status"]), (status, code, status), body)
        self.assertTrue(body["name"])
        for word in words:
            self.assertIn(word, body["detail"] + str(body.get("errors", "")))

    def test_get_list_and_delete(self):
        with described(Server()) as server:
            self.walk_through_kinds(server)

    def walk_through_kinds(self, server):
        for kind, (_, type_name, not_found) in KINDS.items():
            with self.subTest(kind):
                sent = entity(kind, "K1")
                answer = server.put(kind, sent)
                self.assertEqual([v["id"] for v in answer["values"]], [rid("K1")])
                status, got = server.call("GET", "/api/%s/desk/K1" % kind)
                self.assertEqual(status, 200)
                for member, value in sent.items():
                    self.assertEqual(got[member], value, member)
                self.assertEqual(got["lusidInstrumentId"], "LUID_ZZZZZZZZ")
                self.assertEqual(got["version"]["asAtVersionNumber"], 1)
                # The same with the doubled prefix of the original's base URL.
                self.assertEqual(server.call("GET", "/api/api/%s/desk/K1" % kind)[1], got)
                self.assertIn(got, server.list(kind))
                status, gone = server.call("DELETE", "/api/%s/desk/K1" % kind)
                self.assertEqual((status, gone["entityType"]), (200, type_name))
                for method in ("GET", "DELETE"):
                    self.check_problem(server.call(method, "/api/%s/desk/K1" % kind), 404,
                                       not_found, "desk/K1")
                self.assertEqual(server.list(kind), [])
                # What was deleted can still be read as it was.
                as_at = "?asAt=" + got["version"]["asAtDate"].replace("+", "%2B")
                self.assertEqual(server.call("GET", "/api/%s/desk/K1%s" % (kind, as_at))[1], got)
                self.assertEqual(server.list(kind, as_at), [got])

    def test_versions(self):
        first = self.server.put("orders", order("V", 10))["values"][0]
        same = self.server.put("orders", order("V", 10))["values"][0]
        self.assertEqual(same, first)  # the same content again writes nothing
        second = self.server.put("orders", order("V", 11))["values"][0]
        self.assertEqual(second["version"]["asAtVersionNumber"], 2)
        self.assertEqual(second["version"]["asAtCreated"], first["version"]["asAtCreated"])
        self.assertGreater(second["version"]["asAtModified"], first["version"]["asAtModified"])
        path = "/api/orders/desk/V?asAt="
        for version in (first, second):
            at = version["version"]["asAtDate"].replace("+", "%2B")
            self.assertEqual(self.server.call("GET", path + at)[1], version)
        self.check_problem(self.server.call("GET", path + "2020-01-01"), 404, 650)
        self.check_problem(self.server.call("GET", path + "yesterday"), 400, 132, "asAt", "yesterday")
        self.server.call("DELETE", "/api/orders/desk/V")
        third = self.server.put("orders", order("V", 11))["values"][0]
        self.assertEqual(third["version"]["asAtVersionNumber"], 4)
        self.assertGreater(third["version"]["asAtCreated"], first["version"]["asAtCreated"])

    def test_decimals_are_exact(self):
        for digits in ("0.1", "123456789012345678.123456789", "99999999999999999999.5", "1e3",
                       "0.0000000000000000000000000001"):
            value = Decimal(digits)
            text = '{"orderRequests":[{"id":{"scope":"desk","code":"D"},"side":"Buy","quantity":%s,' \
                '"instrumentIdentifiers":{},"price":{"amount":-%s,"currency":"USD"},"properties":' \
                '{"Order/s/M":{"key":"Order/s/M","value":{"metricValue":{"value":%s}}}}}]}'
            status, body = self.server.call("POST", "/api/orders", text % ((digits,) * 3))
            self.assertEqual(status, 201)
            got = body["values"][0]
            self.assertEqual(Decimal(got["quantity"]), value)
            self.assertEqual(Decimal(got["price"]["amount"]), -value)
            metric = got["properties"]["Order/s/M"]["value"]["metricValue"]["value"]
            self.assertEqual(Decimal(metric), value)
        for digits in ("1" * 40, "1e-40", "1e400"):
            status, body = self.server.call("POST", "/api/orders", text % ((digits,) * 3))
            self.assertEqual(status, 400, digits)

    def test_properties_are_kept(self):
        properties = {
            "Order/s/Label": {"key": "Order/s/Label", "value": {"labelValue": "naïve \"x\"\n"}},
            "Order/s/Metric": {"key": "Order/s/Metric",
                               "value": {"metricValue": {"value": Decimal("1.5"), "unit": "bps"}}},
            "Order/s/Set": {"key": "Order/s/Set", "value": {"labelValueSet": {"values": ["a", "b"]}}}}
        self.server.put("orders", order("PR", properties=properties))
        self.assertEqual(self.server.call("GET", "/api/orders/desk/PR")[1]["properties"], properties)
        query = "?propertyKeys=Order/s/Metric&propertyKeys=Order/s/None"
        only = self.server.call("GET", "/api/orders/desk/PR" + query)[1]["properties"]
        self.assertEqual(list(only), ["Order/s/Metric"])
        listed = self.server.list("orders", query + "&filter=id.code%20eq%20'PR'")
        self.assertEqual(list(listed[0]["properties"]), ["Order/s/Metric"])
        self.check_problem(self.server.call("GET", "/api/orders?propertyKeys=nonsense"), 400, 132,
                           "propertyKeys")

    def test_all_or_nothing(self):
        good, bad = order("AN1"), order("AN2", -5)
        self.check_problem(self.server.call("POST", "/api/orders", {"orderRequests": [good, bad]}), 400,
                           132, "orderRequests[1].quantity", "-5", "quantity is negative")
        self.assertEqual(self.server.call("GET", "/api/orders/desk/AN1")[0], 404)
        two = [order("AN1", 1), order("AN1", 2)]
        self.check_problem(self.server.call("POST", "/api/orders", {"orderRequests": two}), 400, 179,
                           "desk/AN1")
        self.assertEqual(self.server.call("GET", "/api/orders/desk/AN1")[0], 404)
        answer = self.server.put("orders", order("AN1"), order("AN1"))
        self.assertEqual(len(answer["values"]), 1)

    def test_bad_fields_are_named(self):
        for change, field, word in (
                ({"quantity": "10"}, "quantity", "a number"),
                ({"quantity": True}, "quantity", "a number"),
                ({"side": ""}, "side", "empty"),
                ({"side": 5}, "side", "text"),
                ({"side": None}, "side", "missing"),
                ({"id": None}, "id", "missing"),
                ({"id": "desk/O"}, "id", "scope and code"),
                ({"id": {"scope": "desk"}}, "id.code", "missing"),
                ({"id": {"scope": "", "code": "x"}}, "id", "id is not valid"),
                ({"id": {"scope": "s", "code": "x" * 513}}, "id", "id is not valid"),
                ({"date": "soon"}, "date", "text is not a time"),
                ({"price": 5}, "price", "an object"),
                ({"price": {"amount": "5"}}, "price.amount", "a number"),
                ({"instrumentIdentifiers": None}, "instrumentIdentifiers", "missing"),
                ({"instrumentIdentifiers": {"a": 1}}, "instrumentIdentifiers.a", "text"),
                ({"properties": []}, "properties", "an object"),
                ({"properties": {"Order/a/b": {"value": {"metricValue": {"value": "1"}}}}},
                 "properties.Order/a/b.value.metricValue.value", "a number")):
            with self.subTest(field=field, change=change):
                sent = {"orderRequests": [{**order("BF"), **change}]}
                status, body = self.server.call("POST", "/api/orders", sent)
                self.assertEqual((status, body["code"]), (400, 132))
                self.assertIn("orderRequests[0]." + field, body["errors"])
                self.assertIn(word, str(body["errors"]))
        self.assertEqual(self.server.call("GET", "/api/orders/desk/BF")[0], 404)
        for sent in ([], "x", 5, {"orderRequests": {}}, {"orderRequests": [5]}):
            self.assertEqual(self.server.call("POST", "/api/orders", sent)[0], 400, sent)
        for sent in ({}, {"orderRequests": None}, {"orderRequests": []},
                     {"orderRequests": [], "source": "desk"}):
            self.assertEqual(self.server.call("POST", "/api/orders", sent),
                             (201, {"values": [], "links": []}))

    def test_a_list_of_another_name_is_not_thrown_away(self):
        for kind, list_name, sent in (("orders", "orderRequests", {"requests": [order("WL")]}),
                                      ("orders", "orderRequests", order("WL")),
                                      ("blocks", "requests", {"blockRequests": [block("WL", "A")]}),
                                      ("allocations", "allocationRequests", {"requests": []})):
            with self.subTest(kind=kind, sent=sent):
                status, body = self.server.call("POST", "/api/" + kind, sent)
                self.check_problem((status, body), 400, 132, next(iter(sent)), list_name)
        with Server("--strict") as strict:
            status, body = strict.call("POST", "/api/orders", {"orderRequests": [], "source": "desk"})
            self.check_problem((status, body), 400, 132, "source")

    def test_any_order_and_unknown_members(self):
        # Clients upload in any order, and those of other years send members of their own.
        self.server.put("executions", execution("AO", "nowhere"))
        self.server.put("placements", placement("AO", "nowhere", parentPlacementId=rid("no")))
        self.server.put("blocks", block("AO", "nowhere"))
        self.server.put("orders", order("AO", 0, later={"than": ["we", "know"]}))
        self.assertNotIn("later", self.server.call("GET", "/api/orders/desk/AO")[1])

    def test_promised_members(self):
        sparse = placement("SP", "B")
        del sparse["state"]
        self.assertEqual(self.server.put("placements", sparse)["values"][0]["state"], "New")
        bare = block("SP")
        del bare["orderIds"]
        got = self.server.put("blocks", bare)["values"][0]
        self.assertEqual((got["orderIds"], got["isSwept"]), ([], False))
        known = order("SP", instrumentIdentifiers={"Instrument/default/LusidInstrumentId": "LUID_1"})
        self.assertEqual(self.server.put("orders", known)["values"][0]["lusidInstrumentId"], "LUID_1")
        linked = order("SP2", orderInstruction=rid("I"), package=rid("K"), date="2026-03-02")
        got = self.server.put("orders", linked)["values"][0]
        self.assertEqual((got["orderInstructionId"], got["packageId"]), (rid("I"), rid("K")))
        self.assertEqual(got["date"], "2026-03-02T00:00:00.0000000+00:00")

    def test_paths(self):
        self.check_problem(self.server.call("GET", "/api/nothing"), 404, 157, "/api/nothing")
        self.check_problem(self.server.call("GET", "/api/orders/desk"), 404, 157)
        self.check_problem(self.server.call("PUT", "/api/orders", b""), 405, 157, "GET, POST")
        self.assertEqual(self.server.headers["Allow"], "GET, POST")
        self.check_problem(self.server.call("GET", "/api/orders/de%20sk/x"), 400, 132, "scope")
        self.check_problem(self.server.call("GET", "/api/orders/desk/" + "x" * 65), 400, 132, "code")
        self.check_problem(self.server.call("GET", "/api/orders/desk/%zz"), 400, 157)
        self.server.put("orders", order("a b+/ö"))
        self.assertEqual(self.server.call("GET", "/api/orders/desk/a%20b+%2F%C3%B6")[0], 200)
        connection_status, text = self.server.call("HEAD", "/api/orders")
        self.assertEqual((connection_status, text), (200, ""))

    def test_what_is_allocated_is_protected(self):
        with described(Server()) as server:
            put_day(server)
            self.assertEqual(server.allocate("P")["failed"], {})
            for kind, sent, code, word in (
                    ("orders", order("O2", 27), 922, "quantity"),
                    ("orders", order("O2", 70, portfolioId=rid("other")), 922, "portfolioId"),
                    ("orders", order("O2", 70, side="Sell"), 922, "side"),
                    ("executions", execution("E", "Q", 40), 157, "placementId"),
                    ("placements", placement("P", "C"), 918, "blockIds"),
                    ("blocks", block("B", "O1"), 910, "orderIds")):
                member = "orderRequests" if kind == "orders" else "requests"
                self.check_problem(server.call("POST", "/api/" + kind, {member: [sent]}), 409, code,
                                   "change touches what is allocated", word)
            for path in ("orders/desk/O1", "blocks/desk/B", "placements/desk/P", "executions/desk/E"):
                self.assertEqual(server.call("DELETE", "/api/" + path)[0], 409, path)
            # An order may grow, and without its allocation it is free.
            server.put("orders", order("O2", 90))
            for made in server.list("allocations"):
                code = made["id"]["code"]
                self.assertEqual(server.call("DELETE", "/api/allocations/desk/" + code)[0], 200)
            server.put("orders", order("O2", 1, side="Sell"))
            self.assertEqual(server.call("DELETE", "/api/executions/desk/E")[0], 200)

    def test_corrections_by_upsert(self):
        with described(Server()) as server:
            put_day(server)
            server.allocate("P")

            def state():
                return {a["id"]["code"]: (a["quantity"], a["price"]["amount"], a["state"])
                        for a in server.list("allocations")}

            def refused(sent, *words):
                both = {"requests": [execution("E2", "P", 1), sent]}
                self.check_problem(server.call("POST", "/api/executions", both), 409, 157, *words)

            eleven = {"amount": 11, "currency": "USD"}
            # Less was executed, at another price; then nothing that allocations rest on changes.
            server.put("executions", execution("E", "P", 30, price=eleven))
            self.assertEqual(state(), {"E-O1": (9, 11, "New"), "E-O2": (21, 11, "New")})
            versions = [a["version"] for a in server.list("allocations")]
            server.put("executions", execution("E", "P", 40, price=eleven, counterparty="Other"))
            self.assertEqual([a["version"] for a in server.list("allocations")], versions)
            # What is booked has to be reversed first, and nothing of the call is written.
            server.put("allocations", allocation(
                "E-O1", "O1", 9, state="Booked", price=eleven, executionIds=[rid("E")],
                placementIds=[rid("P")]))
            name = "CorrectedAfterBooking"
            refused(execution("E", "P", 5, price=eleven), name, "4 units and 44 of cash in USD")
            refused(execution("E", "P", 40, price={"amount": 12, "currency": "USD"}), name,
                    "0 units and -9 of cash in USD of order desk/O1")
            refused(execution("E", "P", 40, price=eleven, state="Cancelled"), name,
                    "9 units and 99 of cash in USD")
            refused(execution("E", "P", 0, price=eleven), name, "9 units and 99 of cash in USD")
            self.assertEqual(server.call("GET", "/api/executions/desk/E2")[0], 404)
            self.assertEqual(state(), {"E-O1": (9, 11, "Booked"), "E-O2": (21, 11, "New")})
            # Around what is booked, and a bust once it is not.
            server.put("executions", execution("E", "P", 20, price=eleven))
            self.assertEqual(state(), {"E-O1": (9, 11, "Booked"), "E-O2": (11, 11, "New")})
            self.assertEqual(server.call("DELETE", "/api/allocations/desk/E-O1")[0], 200)
            server.put("executions", execution("E", "P", 20, price=eleven, state="Busted"))
            self.assertEqual(state(), {"E-O2": (11, 11, "Cancelled")})
            self.assertEqual(server.allocate("P")["failed"], {})
            # An upsert that corrects nothing cannot be below what a client has allocated of it.
            server.put("executions", execution("C", "P", 10))
            server.put("allocations", allocation("C", "O2", 15, executionIds=[rid("C")]))
            refused(execution("C", "P", 12), "change touches what is allocated", "quantity")
            # One that stands in the way is named: it is of two executions.
            server.put("allocations", allocation("CE", "O2", 1, executionIds=[rid("C"), rid("E")]))
            refused(execution("C", "P", 8), "allocation desk/CE")

    def test_verification(self):
        first = self.server.put("allocations", allocation("VA", "O"), allocation("VB", "O"))["values"][0]
        seen = "?verificationAsAt=" + first["version"]["asAtDate"].replace("+", "%2B")
        self.server.put("allocations", allocation("VA", "O", 6))
        both = {"allocationRequests": [allocation("VA", "O", 7), allocation("VB", "O", 8)]}
        self.check_problem(self.server.call("POST", "/api/allocations" + seen, both), 409, 156, "desk/VA")
        self.assertEqual(self.server.call("GET", "/api/allocations/desk/VB")[1]["quantity"], 5)
        more = seen + "&retryWithoutChangedEntities=true"
        status, body = self.server.call("POST", "/api/allocations" + more, both)
        self.assertEqual((status, [v["id"]["code"] for v in body["values"]]), (200, ["VB"]))
        for bad in ("?verificationAsAt=soon", "?retryWithoutChangedEntities=maybe"):
            self.check_problem(self.server.call("POST", "/api/allocations" + bad, both), 400, 132)

    def test_strict(self):
        with Server("--strict") as server:
            self.check_problem(server.call("POST", "/api/orders", {"orderRequests": [order("S", 0, later=1)]}),
                               400, 132, "later", "unknown", "not positive")
            self.check_problem(server.call("POST", "/api/blocks", {"requests": [block("S", "none")]}),
                               400, 132, "requests[0].orderIds", "desk/none")
            self.check_problem(server.call("POST", "/api/executions", {"requests": [execution("S", "none")]}),
                               400, 132, "requests[0].placementId")
            put_day(server)

    def test_read_only(self):
        book = os.path.join(os.environ["ALLOT_SOURCE"], "data", "smallest.json")
        with Server("--read-only", "--import", book) as server:
            self.assertEqual(len(server.list("orders")), 2)
            self.check_problem(server.call("POST", "/api/orders", {}), 403, 186, "read-only")
            self.check_problem(server.call("DELETE", "/api/orders/desk/O1"), 403, 186)
            path = "/api/ordermanagement/allocate"
            self.check_problem(server.call("POST", path, [rid("P1")]), 403, 186)

    def test_description(self):
        # Every operation that answers is described, and nothing else is.
        status, document = self.server.call("GET", "/openapi.json")
        self.assertEqual(status, 200)
        operations = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
        self.assertEqual(len(operations), 40)
        for method, path in operations:
            concrete = path.replace("{scope}", "desk").replace("{code}", "none")
            got = self.server.call(method, concrete, b"[]" if method == "POST" else None)[0]
            self.assertIn(got, (200, 400, 404), path)
        with self.assertRaises(AssertionError):  # the check itself finds what is wrong
            checks = support.Description(document)
            self.assertEqual(checks.faults("GET", "/api/orders", 200, {"values": [{"id": 5}]}), [])

    def test_table_of_the_docs(self):
        with open(os.path.join(os.environ["ALLOT_SOURCE"], "docs", "service.md")) as file:
            rows = re.findall(r"^\| `(\w+) (/\S+)` \| (.+?) \| .+ \|$", file.read(), re.M)
        self.assertEqual(len(rows), 40)
        document = self.server.call("GET", "/openapi.json")[1]
        described = {(method.upper(), path, operation["operationId"])
                     for path, item in document["paths"].items() for method, operation in item.items()}
        self.assertEqual(set(rows), described)

    def test_curl_of_the_docs(self):
        if shutil.which("curl") is None:
            self.skipTest("there is no curl")
        with open(os.path.join(os.environ["ALLOT_SOURCE"], "docs", "service.md")) as file:
            lines = re.findall(r"^\$ curl -s (.*)$", file.read(), re.M)
        self.assertEqual(len(lines), 5)
        book = os.path.join(os.environ["ALLOT_SOURCE"], "data", "smallest.json")
        with Server("--import", book) as server:
            got = [json.loads(subprocess.run(
                ["bash", "-c", "curl -sf " + line.replace("127.0.0.1:8711", "127.0.0.1:%d" % server.port)],
                check=True, capture_output=True).stdout) for line in lines]
        self.assertEqual(got[0]["id"], rid("O1"))
        self.assertEqual(got[1]["values"], [rid("E1-O1"), rid("E1-O2")])
        self.assertEqual([a["quantity"] for a in got[2]["values"]], [28])
        self.assertEqual([v["id"] for upload in got[3:] for v in upload["values"]], [rid("O3"), rid("B3")])

    def test_health_and_metrics(self):
        self.assertEqual(self.server.call("GET", "/healthz"), (200, {"status": "ok"}))
        self.server.put("orders", order("HM"))
        status, text = self.server.call("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertRegex(text, r'allot_requests_total\{operation="UpsertOrders",status="201"\} \d+\n')
        self.assertRegex(text, r'allot_entities\{kind="order"\} [1-9]')
        self.assertRegex(text, r'allot_request_seconds_bucket\{le="\+Inf"\} \d+\n')


if __name__ == "__main__":
    support.main()
