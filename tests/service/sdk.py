"""A day's flow as a program for the original service does it, with its published Python SDKs; only
the URL and the token are ours. The SDK checks what comes back against its own models. ALLOT_SDK
says which it is: lusid-sdk, or finbourne-sdk, where the same classes have other homes."""
import contextlib
import datetime
import io
import os
import re
import tempfile
import unittest

import support
from support import Server

if os.environ["ALLOT_SDK"] == "finbourne-sdk":
    import finbourne.sdk.services.lusid as lusid
    import finbourne.sdk.services.lusid.models as models
    from finbourne.sdk.configuration import Configuration
    from finbourne.sdk.exceptions import ApiException
    from finbourne.sdk.extensions.api_client import SyncApiClient
    BASE = ""  # its paths begin with /api/api
else:
    import lusid
    import lusid.models as models
    from lusid import Configuration, SyncApiClient
    from lusid.exceptions import ApiException
    BASE = "/api"

FIGI = {"Instrument/default/Figi": "BBG000B9XRY4"}
DAY = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.timezone.utc)
TOKEN = "a-token-for-the-tests"


def rid(code, scope="MyScope"):
    return models.ResourceId(scope=scope, code=code)


def api(kind, client):
    return kind(client) if BASE else kind(sync_api_client=client)


class Day(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(TOKEN)
            file.flush()
            cls.server = Server("--token-file", file.name)
        cls.client = cls.client_with(TOKEN)
        cls.orders, cls.blocks = api(lusid.OrdersApi, cls.client), api(lusid.BlocksApi, cls.client)
        cls.placements = api(lusid.PlacementsApi, cls.client)
        cls.executions = api(lusid.ExecutionsApi, cls.client)
        cls.allocations = api(lusid.AllocationsApi, cls.client)
        cls.management = api(lusid.OrderManagementApi, cls.client)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def client_with(cls, token):
        host = "http://127.0.0.1:%d%s" % (cls.server.port, BASE)
        return SyncApiClient(Configuration(host=host, access_token=token))

    def refused(self, status, code, call, *arguments, **named):
        with self.assertRaises(ApiException) as caught:
            call(*arguments, **named)
        self.assertEqual(caught.exception.status, status)
        self.assertIn('"code":%d' % code, caught.exception.body.replace(" ", ""))
        return caught.exception.body

    def upload_orders(self):
        def request(code, quantity, portfolio, minute):
            return models.OrderRequest(
                id=rid(code), quantity=quantity, side="Buy", portfolio_id=portfolio, state="New", type="Limit",
                time_in_force="GoodTilCancel", instrument_identifiers=FIGI, date=DAY.replace(minute=minute),
                price=models.CurrencyAndAmount(amount=10.25, currency="USD"),
                properties={"Order/MyScope/Desk": models.PerpetualProperty(
                    key="Order/MyScope/Desk", value=models.PropertyValue(label_value="East"))})
        made = self.orders.upsert_orders(models.OrderSetRequest(order_requests=[
            request("ORD1", 30, rid("Growth"), 1), request("ORD2", 70, rid("Income"), 2),
            request("ORD3", 10.5, None, 3)]))
        self.assertEqual([o.id.code for o in made.values], ["ORD1", "ORD2", "ORD3"])
        self.assertEqual(made.values[0].version.as_at_version_number, 1)
        self.assertEqual(made.values[0].var_date, DAY.replace(minute=1))
        self.assertEqual(made.values[2].quantity, 10.5)

    def upload_street(self):
        self.blocks.upsert_blocks(models.BlockSetRequest(requests=[models.BlockRequest(
            id=rid(block), order_ids=[rid(o) for o in orders], quantity=100, side="Buy", type="Limit",
            time_in_force="GoodTilCancel", created_date=DAY, instrument_identifiers=FIGI, properties={})
            for block, orders in (("BLOC1", ("ORD1", "ORD2")), ("BLOC2", ("ORD3",)))]))
        self.placements.upsert_placements(models.PlacementSetRequest(requests=[models.PlacementRequest(
            id=rid(placement), block_ids=[rid(block)], quantity=100, side="Buy", type="Limit", state="New",
            time_in_force="GoodTilCancel", created_date=DAY, instrument_identifiers=FIGI, properties={})
            for placement, block in (("PLAC00000123", "BLOC1"), ("PLAC00000456", "BLOC2"))]))
        made = self.executions.upsert_executions(models.ExecutionSetRequest(requests=[models.ExecutionRequest(
            id=rid(execution), placement_id=rid(placement), quantity=quantity, side="Buy", type="Limit",
            state="New", created_date=DAY, price=models.CurrencyAndAmount(amount=10.2, currency="USD"),
            settlement_currency="USD", settlement_currency_fx_rate=1, counterparty="Broker",
            instrument_identifiers=FIGI, properties={})
            for execution, placement, quantity in (("EXEC1", "PLAC00000123", 40), ("EXEC2", "PLAC00000456", 5))]))
        self.assertEqual(made.values[0].created_date, DAY)

    def test_a_day(self):
        self.upload_orders()
        self.upload_street()
        run = self.management.run_allocation_service(
            [rid("PLAC00000123"), rid("PLAC00000456"), rid("PLAC00000789")], allocation_algorithm="PR-FIFO")
        self.assertEqual([(v.scope, v.code) for v in run.values],
                         [("MyScope", "EXEC1-ORD1"), ("MyScope", "EXEC1-ORD2")])
        failed = {key: failure.type for key, failure in run.failed.items()}
        self.assertEqual(failed, {"Scope:MyScope Code:PLAC00000456": "EmptyPortfolioIdFailure",
                                  "Scope:MyScope Code:PLAC00000789": "PlacementNotFound"})
        self.assertEqual(run.failed["Scope:MyScope Code:PLAC00000456"].detail, "Empty PortfolioId on Order")
        made = self.allocations.list_allocations(sort_by=["quantity DESC"]).values
        self.assertEqual([(a.allocated_order_id.code, a.quantity, a.portfolio_id.code) for a in made],
                         [("ORD2", 28, "Income"), ("ORD1", 12, "Growth")])
        self.read_back()
        self.errors()
        weighted = self.management.run_allocation_service_with_weights(
            models.WeightedAllocationServiceRunRequest(placement_ids=[rid("PLAC00000123")], portfolio_weights=[
                models.PortfolioWeight(portfolio_id=rid("Growth"), weight=0.6)]), allocation_algorithm="PR-LF")
        self.assertEqual(weighted.values, [])
        # The day ends: what was made is deleted, children first.
        for allocation in made:
            gone = self.allocations.delete_allocation(allocation.id.scope, allocation.id.code)
            self.assertGreater(gone.as_at, DAY)
        self.executions.delete_execution("MyScope", "EXEC1")
        self.placements.delete_placement("MyScope", "PLAC00000123")
        self.blocks.delete_block("MyScope", "BLOC1")
        self.orders.delete_order("MyScope", "ORD1")
        self.assertEqual(self.allocations.list_allocations().values, [])

    def test_commands(self):
        made = self.management.create_orders(models.BlockAndOrdersCreateRequest(requests=[
            models.BlockAndOrdersRequest(
                block_id=rid("CMD", "Cmd"), instrument_identifiers=FIGI, side="Buy", type="Market",
                time_in_force="Day", var_date=DAY,
                orders=[models.BlockedOrderRequest(id=rid("C1", "Cmd"), quantity=60, portfolio_id=rid("A")),
                        models.BlockedOrderRequest(id=rid("C2", "Cmd"), quantity=40, portfolio_id=rid("B"))])]))
        self.assertEqual((made.values[0].block.quantity, [o.side for o in made.values[0].orders]),
                         (100, ["Buy", "Buy"]))
        placed = self.management.place_blocks(models.PlaceBlocksRequest(requests=[models.PlacementRequest(
            id=rid("P1", "Cmd"), block_ids=[rid("CMD", "Cmd")], quantity=100, side="Buy", type="Market",
            time_in_force="Day", created_date=DAY, instrument_identifiers=FIGI)]))
        self.assertEqual(placed.values[0].id.code, "P1")
        changed = self.management.update_orders({
            "k": models.OrderUpdateRequest(id=rid("C1", "Cmd"), quantity=61),
            "l": models.OrderUpdateRequest(id=rid("NONE", "Cmd"))})
        self.assertEqual((changed.values["k"].quantity, changed.failed["l"].type), (61, "OrderNotFound"))
        changed = self.management.update_placements({
            "k": models.PlacementUpdateRequest(id=rid("P1", "Cmd"), quantity=90, limit_price=5)})
        self.assertEqual((changed.values["k"].quantity, changed.values["k"].limit_price.amount), (90, 5))
        cancelled = self.management.cancel_orders({"k": rid("C2", "Cmd")})
        self.assertEqual(cancelled.values["k"].order_state.state, "Cancelled")
        cancelled = self.management.cancel_placements({"k": rid("P1", "Cmd")})
        self.assertEqual(cancelled.values["k"].placement_state.state, "Cancelled")
        for order in ("C1", "C2"):
            self.orders.delete_order("Cmd", order)

    def test_the_end_of_a_day(self):
        graph = api(lusid.OrderGraphApi, self.client)
        self.management.create_orders(models.BlockAndOrdersCreateRequest(requests=[models.BlockAndOrdersRequest(
            block_id=rid("B", "End"), instrument_identifiers=FIGI, side="Buy", type="Market", time_in_force="Day",
            var_date=DAY, orders=[models.BlockedOrderRequest(id=rid(code, "End"), quantity=100, portfolio_id=rid("A"))
                                  for code in ("O1", "O2")])]))
        moved = self.management.move_orders(models.MoveOrdersToDifferentBlocksRequest(requests=[
            models.BlockAndOrderIdRequest(destination_block_id=rid("C", "End"), order_id=rid("O2", "End"))]))
        self.assertEqual((moved.values[0].source_block_id, moved.values[0].destination_block.quantity,
                          moved.values[0].order.id.code), (rid("B", "End"), 100, "O2"))
        self.management.place_blocks(models.PlaceBlocksRequest(requests=[models.PlacementRequest(
            id=rid("P", "End"), block_ids=[rid("B", "End")], quantity=80, side="Buy", type="Market",
            time_in_force="Day", created_date=DAY, instrument_identifiers=FIGI)]))
        cut = self.management.cancel_orders_and_move_remaining({"k": models.CancelOrdersAndMoveRemainingRequest(
            cancel_order_id=rid("O1", "End"), move_remaining_to_order_id=rid("O3", "End"),
            move_remaining_to_block_id=rid("D", "End"))})
        self.assertEqual((cut.values["k"].cancelled_order.quantity, cut.values["k"].new_order.quantity,
                          cut.values["k"].new_block_id), (80, 20, rid("D", "End")))
        self.executions.upsert_executions(models.ExecutionSetRequest(requests=[models.ExecutionRequest(
            id=rid("E", "End"), placement_id=rid("P", "End"), quantity=80, side="Buy", type="Market", state="New",
            created_date=DAY, price=models.CurrencyAndAmount(amount=88.8, currency="USD"), settlement_currency="USD",
            settlement_currency_fx_rate=1, counterparty="Broker", instrument_identifiers=FIGI, properties={})]))
        self.management.run_allocation_service([rid("P", "End")])
        block = self.end_of_block(graph)
        self.assertEqual((block.derived_state, block.ordered.quantity, block.executed.amount, block.derived_direction),
                         ("Allocated", 80, 7104, 1))
        placement, = graph.list_order_graph_placements(filter="id.scope eq 'End'").values
        self.assertEqual((placement.derived_state, placement.calculated_average_price, placement.block_id),
                         ("Allocated", 88.8, rid("B", "End")))
        self.assertEqual(graph.list_order_graph_placement_children("End", "P", sort_by=["-quantity"]).values, [])
        self.refused(404, 725, graph.list_order_graph_placement_children, "End", "NONE")
        booked = self.management.book_transactions(
            models.BookTransactionsRequest(allocation_ids=[rid("E-O1", "End"), rid("NONE", "End")],
                                           transaction_properties={}),
            mark_orders_and_allocations_as_booked=True)
        transaction = booked.values["Scope:End Code:E-O1"]
        self.assertEqual((transaction.units, transaction.total_consideration.amount, transaction.order_id),
                         (80, 7104, rid("O1", "End")))
        self.assertEqual(booked.failed["Scope:End Code:NONE"].type, "AllocationNotFound")
        swept = self.management.sweep_blocks(models.SweepBlocksRequest(
            block_ids={"k": rid("B", "End"), "l": rid("C", "End")},
            latest_allowable_modification_time="2999-01-01T00:00:00Z"))
        self.assertEqual((swept.values, swept.failed["l"].type), ({"k": rid("B", "End")}, "CouldNotSweepBlock"))
        block = self.end_of_block(graph)
        self.assertEqual((block.derived_state, block.block.is_swept, block.booked.details[0].id),
                         ("Booked", True, "End/E-O1"))
        changes = self.management.get_order_history("End", "O1").values
        self.assertEqual([(c.detail["entityType"], c.action, c.attribute_name) for c in changes], [
            ("Order", "Create", None), ("Block", "Create", None), ("Placement", "Create", "quantity"),
            ("Order", "Update", "quantity"), ("Allocation", "Create", "quantity"), ("Order", "Update", "state"),
            ("Allocation", "Update", "quantity")])
        self.assertEqual(changes[3].new_value.metric_value.value, 80)
        with self.assertRaises(ApiException) as caught:
            self.management.get_order_history("End", "NONE")
        self.assertEqual((caught.exception.status, caught.exception.body), (404, '"Order not found."'))
        for code in ("O2", "O3"):
            self.orders.delete_order("End", code)

    def end_of_block(self, graph):
        block, = graph.list_order_graph_blocks(filter="block.id.scope eq 'End' and id.code eq 'B'").values
        return block

    @unittest.skipUnless(BASE, "the example is of lusid-sdk")
    def test_example_of_the_docs(self):
        source = os.environ["ALLOT_SOURCE"]
        with open(os.path.join(source, "docs", "service.md")) as file:
            code, printed = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", file.read(), re.S).groups()
        with Server("--import", os.path.join(source, "data", "smallest.json")) as server:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(code.replace(":8711", ":%d" % server.port), {})
        self.assertEqual(out.getvalue(), printed)

    def read_back(self):
        first = self.orders.list_orders(limit=2)
        second = self.orders.list_orders(limit=2, page=first.next_page)
        self.assertEqual([o.id.code for o in first.values + second.values], ["ORD1", "ORD2", "ORD3"])
        self.assertIsNone(second.next_page)
        found = self.orders.list_orders(
            filter="Quantity gt 20 and Properties[Order/MyScope/Desk] eq 'East' and Id.Scope eq 'MyScope'",
            sort_by=["Quantity DESC"], property_keys=["Order/MyScope/Desk"])
        self.assertEqual([o.id.code for o in found.values], ["ORD2", "ORD1"])
        self.assertEqual(found.values[0].properties["Order/MyScope/Desk"].value.label_value, "East")
        before = self.orders.get_order("MyScope", "ORD1")
        self.orders.upsert_orders(models.OrderSetRequest(order_requests=[models.OrderRequest(
            id=rid("ORD1"), quantity=31, side="Buy", portfolio_id=rid("Growth"), instrument_identifiers=FIGI)]))
        self.assertEqual(self.orders.get_order("MyScope", "ORD1").quantity, 31)
        self.assertEqual(self.orders.get_order("MyScope", "ORD1", as_at=before.version.as_at_date).quantity, 30)
        self.assertEqual(self.blocks.get_block("MyScope", "BLOC1").order_ids, [rid("ORD1"), rid("ORD2")])
        self.assertEqual(self.placements.get_placement("MyScope", "PLAC00000123").state, "New")
        self.assertEqual(self.executions.list_executions(filter="price.amount eq 10.2").values[0].id.code, "EXEC1")

    def errors(self):
        self.refused(404, 650, self.orders.get_order, "MyScope", "NONE")
        self.refused(404, 727, self.blocks.delete_block, "MyScope", "NONE")
        body = self.refused(400, 132, self.orders.list_orders, filter="Quantity gtt 5")
        self.assertIn("at character 10", body)
        self.refused(400, 681, self.orders.list_orders, sort_by=["nothing ASC"])
        self.refused(409, 922, self.orders.delete_order, "MyScope", "ORD1")
        self.refused(404, 151, self.management.run_allocation_service, [rid("P")], allocation_algorithm="NONE")
        stranger = api(lusid.OrdersApi, self.client_with("another-token-entirely"))
        self.refused(401, 186, stranger.list_orders)


if __name__ == "__main__":
    support.main()
