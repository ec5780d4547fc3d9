"""Runs schemathesis (schemathesis.sh) on a service, for a bounded time and from a fixed seed."""
import os
import subprocess
import tempfile
import unittest

import support
from support import Server, order

SECONDS = int(os.environ.get("ALLOT_SCHEMATHESIS", "20"))


class MadeUp(unittest.TestCase):
    def test_requests(self):
        with tempfile.TemporaryDirectory() as folder, Server("--quiet", "--request-time", "5") as server:
            server.put("orders", order("KEPT", 42))
            url = "http://127.0.0.1:%d" % server.port
            command = ["schemathesis", "run", url + "/openapi.json", "--url", url, "--seed", "1", "--no-color",
                       "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
                       "response_schema_conformance", "--phases", "examples,coverage,fuzzing",
                       "--max-examples", "100000", "--max-time", str(SECONDS), "--generation-database", "none"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS + 120)
            self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
            self.assertEqual(server.call("GET", "/healthz")[0], 200)


if __name__ == "__main__":
    support.main()
