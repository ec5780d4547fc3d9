"""allot_load, which measures the service, for a second or two: it states all its numbers, has done
what it says, and tells when an answer is not what it should be."""
import os
import subprocess
import unittest

import support
from support import Server

ALLOT_LOAD = os.environ.get("ALLOT_LOAD", "")
NUMBERS = {"connections", "calls", "failed", "calls_per_second", "calls_per_processor_second",
           "processor_ms", "p50_us", "p99_us", "p99.9_us", "max_us", "bytes"}


class Load(unittest.TestCase):
    def run_load(self, server, *options, status=0, port=None):
        words = [ALLOT_LOAD, "--port", str(port or server.port), "--pid", str(server.process.pid)]
        done = subprocess.run(
            [*words, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120)
        self.assertEqual(done.returncode, status, done)
        return dict(word.split("=") for word in done.stdout.split())

    def test_every_work(self):
        with Server("--quiet") as server:
            self.run_load(server, "--batch", "50", "--calls", "40", "day")
            self.assertEqual(len(server.list("placements", "?limit=5000")), 500)
            said = self.run_load(server, "--connections", "4", "--rate", "400", "--calls", "400",
                                 "allocate")
            self.assertEqual([said[name] for name in ("work", "calls", "failed")],
                             ["allocate", "400", "0"])
            self.assertLessEqual(int(said["calls_per_second"]), 405)  # due over a second
            self.assertEqual(len(server.list("allocations", "?limit=5000")), 4000)
            self.run_load(server, "--calls", "20", "again")
            self.run_load(server, "--connections", "3", "--calls", "30", "--path", "/healthz",
                          "get")
            said = self.run_load(server, "--first", "10000", "--batch", "10", "--seconds", "1",
                                 "orders")
            self.assertEqual(set(said), NUMBERS | {"work"})
            for name in NUMBERS - {"failed"}:
                self.assertGreater(int(said[name]), 0, name)
            self.assertLessEqual(int(said["p50_us"]), int(said["max_us"]))
            status, metrics = server.call("GET", "/metrics")
            uploaded = 5000 + 10 * int(said["calls"])
            self.assertIn('allot_entities{kind="order"} %d\n' % uploaded, metrics)

    def test_what_is_wrong_is_said(self):
        with Server("--quiet") as server:
            said = self.run_load(server, "--calls", "3", "allocate", status=1)  # there is nothing
            self.assertEqual((said["calls"], said["failed"]), ("3", "3"))
            self.run_load(server, "--calls", "1", "nothing", status=2)
            self.run_load(server, "--calls", "1", "get", status=2, port=1)


if __name__ == "__main__":
    support.main()
