"""A desk's day over and over, by several clients at once: nothing is lost, nothing is given twice,
memory stays where it is. ALLOT_SOAK: for how many seconds, a few without it."""
import http.client
import json
import mmap
import os
import random
import tempfile
import threading
import time
import unittest

import support
from support import Encoder, Server, block, execution, order, placement, rid

SECONDS = int(os.environ.get("ALLOT_SOAK", "4"))
CLIENTS = 4
PLACEMENTS = 12  # of each client; every round goes over the same ids, so that the desk does not grow
# One placement in so many is cleared and traded anew, which makes versions that are kept.
ANEW = 50
BYTES_ANEW = 40_000  # of the versions of one that is


def memory(server):
    with open("/proc/%d/statm" % server.process.pid) as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def is_sanitized(program):
    """The address sanitizer keeps what is freed for a while: its memory says nothing."""
    with open(program, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"__asan_init") >= 0


class Client(threading.Thread):
    """Uploads, runs, looks, deletes; keeps what was acknowledged last."""

    def __init__(self, server, number, until):
        super().__init__()
        self.server, self.number, self.until = server, number, until
        self.random = random.Random(number)
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
        self.filled = {}  # of each placement: what was executed of it
        self.rounds = 0
        self.traded = 0
        self.fault = None

    def call(self, method, path, body=None, expect=(200, 201)):
        head = {"Content-Type": "application/json"} if body is not None else {}
        self.connection.request(method, path, body and json.dumps(body, cls=Encoder), head)
        response = self.connection.getresponse()
        answer = json.loads(response.read())
        if response.status not in expect:
            raise AssertionError("%s %s: %d %s" % (method, path, response.status, answer))
        return answer

    def code(self, kind, i):
        return "%s%d-%02d" % (kind, self.number, i)

    def put(self, kind, *entities):
        member = {"orders": "orderRequests"}.get(kind, "requests")
        self.call("POST", "/api/" + kind, {member: list(entities)})

    def upload(self, i):
        orders = [self.code("O", i) + str(j) for j in range(5)]
        self.put("orders", *[order(o, 20 * (j + 1)) for j, o in enumerate(orders)])
        self.put("blocks", block(self.code("B", i), *orders))
        self.put("placements", placement(self.code("P", i), self.code("B", i)))
        self.put("executions", execution(self.code("E", i), self.code("P", i), self.filled[i]))

    def allocations(self, i):
        wanted = "id.code startswith '%s'" % self.code("E", i)
        return self.call("GET", "/api/allocations?limit=100&filter=" + wanted.replace(" ", "%20"))["values"]

    def check(self, i):
        made = self.allocations(i)
        if sum(a["quantity"] for a in made) != self.filled[i]:
            raise AssertionError("%s: %s of %s" % (self.code("P", i), made, self.filled[i]))

    def clear(self, i):
        for allocation in self.allocations(i):
            self.call("DELETE", "/api/allocations/desk/" + allocation["id"]["code"])
        self.call("DELETE", "/api/executions/desk/" + self.code("E", i))

    def work(self):
        while self.rounds == 0 or time.monotonic() < self.until:
            for i in range(PLACEMENTS):
                if i not in self.filled or self.random.randrange(ANEW) == 0:
                    if i in self.filled:
                        self.clear(i)
                    self.filled[i] = self.random.randrange(1, 300)
                    self.traded += 1
                self.upload(i)  # the same once more writes nothing
                self.call("POST", "/api/ordermanagement/allocate", [rid(self.code("P", i))])
                self.check(i)
                again = self.call("POST", "/api/ordermanagement/allocate", [rid(self.code("P", i))])
                if again != {"values": [], "failed": {}}:
                    raise AssertionError(again)
            self.call("GET", "/api/orders?limit=50&sortBy=quantity%20DESC")
            self.call("POST", "/api/orders", {"orderRequests": [{"id": 5}]}, expect=(400,))
            self.rounds += 1

    def run(self):
        try:
            self.work()
        except Exception as fault:  # told by the main thread
            self.fault = fault
        self.connection.close()


class Soak(unittest.TestCase):
    def soak(self, *options):
        with Server("--quiet", "--threads", "4", *options) as server:
            until = time.monotonic() + SECONDS
            clients = [Client(server, n, until) for n in range(CLIENTS)]
            for client in clients:
                client.start()
            sizes = []
            while any(client.is_alive() for client in clients):
                time.sleep(min(1.0, SECONDS / 8))
                sizes.append(memory(server))
            for client in clients:
                client.join()
                self.assertIsNone(client.fault)
                for i in client.filled:
                    self.assertEqual(sum(a["quantity"] for a in self.found(server, client, i)), client.filled[i])
            rounds = sum(client.rounds for client in clients)
            traded = sum(client.traded for client in clients)
            print("%d rounds and %d placements traded in %d s, memory %d to %d MB"
                  % (rounds, traded, SECONDS, sizes[0] >> 20, sizes[-1] >> 20))
            if not is_sanitized(support.ALLOT):
                self.assertLess(sizes[-1] - sizes[0], (24 << 20) + traded * BYTES_ANEW)
            return [client.filled for client in clients]

    @staticmethod
    def found(server, client, i):
        wanted = "id.code startswith '%s'" % client.code("E", i)
        return server.list("allocations", "?filter=" + wanted.replace(" ", "%20"))

    def test_in_memory(self):
        self.soak()

    def test_in_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "desk.sqlite")
            filled = self.soak("--data", file)
            with Server("--data", file, "--quiet") as server:
                for n, quantities in enumerate(filled):
                    client = Client(server, n, 0)
                    for i, quantity in quantities.items():
                        self.assertEqual(sum(a["quantity"] for a in self.found(server, client, i)), quantity)


if __name__ == "__main__":
    support.main()
