"""`--data`: what was acknowledged is there after a restart, however the service ended."""
import contextlib
import http.client
import os
import random
import resource
import sqlite3
import tempfile
import threading
import time
import unittest
from decimal import Decimal

import support
from support import Server, allocation, described, execution, order, put_day, rid

KINDS = ("orders", "blocks", "placements", "executions", "allocations")
KILLS = int(os.environ.get("ALLOT_KILLS", "12"))


def everything(server):
    return {kind: server.list(kind) for kind in KINDS}


class Data(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = os.path.join(self.folder.name, "desk.sqlite")

    def tearDown(self):
        self.folder.cleanup()

    def bytes_of_file(self):
        with open(self.file, "rb") as file:
            return file.read()

    def refused(self, *options):
        try:
            with Server(*options):
                return "it started"
        except AssertionError as refusal:
            return str(refusal)

    def test_a_name_that_means_something_to_the_library_is_a_file(self):
        folder = os.path.dirname(self.file)
        with Server("--data", ":memory:", cwd=folder) as server:
            server.put("orders", order("KEPT"))
        with Server("--data", ":memory:", cwd=folder) as server:
            self.assertEqual(server.call("GET", "/api/orders/desk/KEPT")[0], 200)
        self.assertTrue(os.path.getsize(os.path.join(folder, ":memory:")) > 0)

    def test_everything_comes_back(self):
        exact = Decimal("123456789012345678.123456789")
        with described(Server("--data", self.file)) as server:
            self.assertIn("keeping everything in " + self.file, server.said())
            put_day(server)
            first = server.put("orders", order("X", exact, orderInstruction=rid("I"), date="2026-03-02", properties={
                "Order/s/L": {"key": "Order/s/L", "value": {"labelValue": "ö\""}},
                "Order/s/M": {"key": "Order/s/M", "value": {"metricValue": {"value": exact, "unit": "bps"}}},
                "Order/s/S": {"key": "Order/s/S", "value": {"labelValueSet": {"values": ["a", "b"]}}}}))
            server.put("orders", order("X", 5))
            server.put("orders", order("GONE"))
            server.call("DELETE", "/api/orders/desk/GONE")
            server.put("orders", order("BACK"))
            server.call("DELETE", "/api/orders/desk/BACK")
            server.put("orders", order("BACK"))
            server.put("blocks", {"id": rid("BARE"), "side": "Buy", "instrumentIdentifiers": {},
                                  "createdDate": "2026-03-02"})
            server.allocate("P")
            before = everything(server)
        for _ in range(2):
            with described(Server("--data", self.file)) as server:
                self.assertEqual(everything(server), before)
                as_at = "?asAt=" + first["values"][0]["version"]["asAtDate"].replace("+", "%2B")
                self.assertEqual(server.call("GET", "/api/orders/desk/X" + as_at)[1], first["values"][0])
                self.assertEqual(server.call("GET", "/api/orders/desk/GONE")[0], 404)
                # The same content is still the same content, and a run still has nothing to do.
                bare = [b for b in before["blocks"] if b["id"] == rid("BARE")]
                self.assertEqual(server.put("blocks", {"id": rid("BARE"), "side": "Buy", "instrumentIdentifiers": {},
                                                       "createdDate": "2026-03-02"})["values"], bare)
                self.assertEqual(server.allocate("P"), {"values": [], "failed": {}})
                self.assertEqual(server.call("DELETE", "/api/orders/desk/O1")[0], 409)
        # Numbers stand in the file as text.
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            body, = database.execute("SELECT body FROM version WHERE code='X' AND number=1").fetchone()
            self.assertIn('"quantity":123456789012345678.123456789', body)

    def test_import(self):
        book = os.path.join(self.folder.name, "book.json")
        with open(os.path.join(os.environ["ALLOT_SOURCE"], "data", "smallest.json")) as file:
            text = file.read().rstrip().rstrip("}")
        with open(book, "w") as file:
            file.write(text + ',"algorithms":{"DESK-A":"FIFO"},"instruments":[{"instrumentIdentifiers":'
                              '{"Instrument/default/Isin":"GB0002374006"},"lot":20}]}')
        with Server("--data", self.file, "--import", book) as server:
            before = everything(server)
        self.assertIn("no --import when the data file has something",
                      self.refused("--data", self.file, "--import", book))
        with Server("--data", self.file) as server:
            self.assertEqual(everything(server), before)
            # The lot of the instrument and the name of the rule were kept too.
            path = "/api/ordermanagement/allocate?allocationAlgorithm=DESK-A"
            self.assertEqual(server.call("POST", path, [rid("P1")])[0], 200)
            self.assertEqual([a["quantity"] for a in server.list("allocations")], [30, 10])

    def test_bad_files_are_refused(self):
        with open(self.file, "w") as file:
            file.write("this is no database, but long enough to look like one\n" * 100)
        self.assertIn("no file of this program", self.refused("--data", self.file))
        os.remove(self.file)
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("CREATE TABLE theirs(a)")
            database.commit()
        self.assertIn("no file of this program", self.refused("--data", self.file))
        os.remove(self.file)
        self.assertIn("--data", self.refused("--data", "/nowhere/desk.sqlite"))
        with Server("--data", self.file) as server:
            server.put("orders", *[order("O%d" % i) for i in range(500)])
            self.assertIn("another service has", self.refused("--data", self.file))
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA user_version=2")
        self.assertIn("version 2 of the schema", self.refused("--data", self.file))
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA user_version=1")
        with Server("--data", self.file) as server:
            self.assertEqual(len(server.list("orders")), 500)
        # A page of the table is overwritten.
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with open(self.file, "r+b") as file:
            file.seek(4096 * 8)
            file.write(b"\xA5" * 4096)
        before = self.bytes_of_file()
        said = self.refused("--data", self.file)
        self.assertTrue("damaged" in said or "cannot be read" in said, said)
        self.assertEqual(self.bytes_of_file(), before)  # and nothing was repaired
        # A row that is no entity of ours.
        os.remove(self.file)
        with Server("--data", self.file) as server:
            server.put("orders", order("O"))
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            database.execute("UPDATE version SET body = '{'")
            database.commit()
        self.assertIn("a row cannot be read", self.refused("--data", self.file))

    def test_backup_while_running(self):
        copy = os.path.join(self.folder.name, "copy.sqlite")
        with Server("--data", self.file) as server:
            put_day(server)
            server.allocate("P")
            before = everything(server)
            with contextlib.closing(sqlite3.connect(self.file)) as source, \
                    contextlib.closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            server.put("orders", order("LATER"))
        with Server("--data", copy) as server:
            self.assertEqual(everything(server), before)

    def test_a_full_disk_ends_the_service(self):
        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        server = Server("--data", self.file, expect_status=3, preexec_fn=limited, restore_signals=False)
        kept, status = [], 201
        for i in range(2000):
            code = "O%d" % i
            status, body = server.call("POST", "/api/orders", {"orderRequests": [order(code)]})
            if status != 201:
                break
            kept.append(code)
        self.assertEqual((status, body["status"]), (500, 500))
        self.assertIn("the service ends", body["detail"])
        server.stop()
        self.assertIn("file is not writable", server.said())
        server.log.close()
        with Server("--data", self.file) as server:
            self.assertLessEqual(set(kept), {o["id"]["code"] for o in server.list("orders")})
            self.assertGreater(len(kept), 10)

    def client(self, server, number, acknowledged, stop):
        """Uploads fills and allocates, and remembers what was acknowledged."""
        for i in range(100_000):
            if stop.is_set():
                return
            code = "F%d-%d-%d" % (server.process.pid, number, i)
            try:
                server.put("orders", order(code))
                acknowledged["orders"].append(code)
                server.put("executions", execution(code, "P", Decimal("0.7")))
                acknowledged["executions"].append(code)
                made = server.allocate("P")["values"]
                acknowledged["allocations"] += [v["code"] for v in made]
            except (OSError, http.client.HTTPException, ValueError):
                return

    def test_kill(self):
        acknowledged = {"orders": [], "executions": [], "allocations": []}
        random.seed(1)
        for turn in range(KILLS):
            server = Server("--data", self.file, "--quiet", "--threads", "4", expect_status=-9)
            if turn == 0:
                put_day(server)
                server.put("orders", order("O1", 30000), order("O2", 70000))
            stop = threading.Event()
            threads = [threading.Thread(target=self.client, args=(server, n, acknowledged, stop)) for n in range(3)]
            for thread in threads:
                thread.start()
            self.wait_for_writes(acknowledged, turn + 1)
            time.sleep(random.uniform(0.0, 0.25))
            server.process.kill()
            stop.set()
            for thread in threads:
                thread.join()
            server.stop()
            server.log.close()
        with Server("--data", self.file) as server:
            for kind, codes in acknowledged.items():
                found = {v["id"]["code"] for v in self.all(server, kind)}
                self.assertGreaterEqual(len(codes), KILLS)
                self.assertEqual(set(codes) - found, set(), kind)
            # No run is half there: a fill is allocated whole, or not at all.
            given = {}
            for made in self.all(server, "allocations"):
                of = made["executionIds"][0]["code"]
                given[of] = given.get(of, 0) + Decimal(made["quantity"])
            for fill in self.all(server, "executions"):
                self.assertIn(given.get(fill["id"]["code"], 0), (0, Decimal(fill["quantity"])))
            self.assertEqual(server.allocate("P")["failed"], {})
            fills = sum(Decimal(f["quantity"]) for f in self.all(server, "executions"))
            self.assertEqual(sum(Decimal(a["quantity"]) for a in self.all(server, "allocations")), fills)

    # However slow the machine is, every life of the server has written something of each kind.
    def wait_for_writes(self, acknowledged, least):
        end = time.monotonic() + 30
        while min(map(len, acknowledged.values())) < least and time.monotonic() < end:
            time.sleep(0.005)

    def all(self, server, kind):
        values, page = [], ""
        while True:
            status, body = server.call("GET", "/api/" + kind + page)
            self.assertEqual(status, 200)
            values += body["values"]
            if "nextPage" not in body:
                return values
            page = "?page=" + body["nextPage"].replace("+", "%2B")


if __name__ == "__main__":
    support.main()
