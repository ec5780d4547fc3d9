"""Requests that no honest client sends: each gets a 4xx within the limits, and the server goes on."""
import http.client
import json
import os
import signal
import socket
import tempfile
import threading
import time
import unittest

import support
from support import Server, order

JSON_HEAD = "Content-Type: application/json\r\n"


def raw(server, data, wait=10.0, then=b"", half_close=False):
    """Sends bytes as they are, and says with `half_close` that no more will come; what comes back
    until the server closes or is silent."""
    if isinstance(data, str):
        data = data.encode()
    with socket.create_connection((server.host, server.port), timeout=wait) as sock:
        answer = b""
        try:
            sock.sendall(data)
            if then:
                time.sleep(0.05)
                sock.sendall(then)
            if half_close:
                sock.shutdown(socket.SHUT_WR)
            while True:
                part = sock.recv(65536)
                if not part:
                    break
                answer += part
        except (socket.timeout, ConnectionResetError, BrokenPipeError):
            pass
        return answer.decode(errors="replace")


def status_of(answer):
    return int(answer.split(" ")[1]) if answer.startswith("HTTP/1.") else None


def post(body, head=JSON_HEAD, path="/api/orders"):
    if isinstance(body, str):
        body = body.encode()
    return ("POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
            % (path, head, len(body))).encode() + body


def memory(server):
    with open("/proc/%d/statm" % server.process.pid) as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


LIMITS = ("--max-body", "200000", "--max-connections", "40", "--request-time", "1",
          "--max-header", "16384")


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(*LIMITS)
        cls.server.put("orders", order("KEPT", 42))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def tearDown(self):
        # Whatever was sent: the server lives, and has what it had acknowledged.
        status, body = self.server.call("GET", "/api/orders/desk/KEPT")
        self.assertEqual((status, body["quantity"]), (200, 42))
        self.check_the_rest()

    def check_the_rest(self):
        self.assertEqual(len(self.server.list("orders")), 1)

    def check(self, data, status, word="", **more):
        answer = raw(self.server, data, **more)
        self.assertEqual(status_of(answer), status, answer[:500])
        self.assertIn(word, answer)
        head, _, body = answer.partition("\r\n\r\n")
        problem = json.loads(body)
        self.assertEqual(problem["status"], status)
        self.assertIn("X-Request-ID", head)

    def test_bodies(self):
        for body, word in (("", "not JSON"), ("{", "line 1, column 2"), ("{}x", "not JSON"),
                           ("[1,]", "not JSON"), ("nul", "not JSON"), ("{'a':1}", "not JSON"),
                           ('{"orderRequests":[NaN]}', "not JSON"), ("\xff\xfe", "not JSON"),
                           (b"{\"a\":\"\xff\"}", "not JSON"), (b"\x00" * 100, "not JSON"),
                           ('{"a":1,"b":2,"a":3}', "twice"), ('{"a":{"b":1,"b":1}}', "twice"),
                           ("[" * 65 + "]" * 65, "nested deeper than 64"),
                           ("[" * 150000, "nested deeper than 64"),
                           ('{"a":' * 65 + "1" + "}" * 65, "nested deeper than 64"),
                           ('{"a":1e999999}', "not JSON"), ('"\\ud800"', "not JSON")):
            with self.subTest(body=body[:20]):
                self.check(post(body), 400, word)

    def test_types(self):
        body = json.dumps({"orderRequests": [order("T")]})
        for head in ("", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n",
                     "Content-Type: application/xml\r\n", "Content-Type: jsonp\r\n",
                     JSON_HEAD + "Content-Encoding: gzip\r\n"):
            self.check(post(body, head), 415)
        for kind in ("application/json-patch+json", "text/json", "application/JSON; charset=utf-8",
                     "application/vnd.x+json"):
            answer = raw(self.server, post("{}", "Content-Type: %s\r\n" % kind))
            self.assertEqual(status_of(answer), 201, kind)

    def test_sizes(self):
        self.check(post("x" * 200001), 413, "200000")
        self.check("GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % ("x" * 20000), 431)
        self.check("GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n" % ("y" * 20000), 431)
        self.check("GET / HTTP/1.1\r\nHost: localhost\r\n" + "A: b\r\n" * 4000 + "\r\n", 431)
        # A length that is claimed is refused before a byte of the body is read.
        head = "POST /api/orders HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %s\r\n\r\n"
        self.check(head % (JSON_HEAD, 10 ** 12), 413)
        for length in ("-1", "x", "9" * 30):
            self.check(head % (JSON_HEAD, length), 400)
        chunked = "POST /api/orders HTTP/1.1\r\nHost: localhost\r\n%sTransfer-Encoding: chunked\r\n\r\n" % JSON_HEAD
        self.check(chunked + "".join("10000\r\n" + "x" * 65536 + "\r\n" for _ in range(4)) + "0\r\n\r\n", 413)
        self.check(chunked + "zz\r\n", 400)

    def test_no_http(self):
        for data in ("nonsense\r\n\r\n", "\r\n\r\n\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00" * 10,
                     "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nBad Header\r\n\r\n"):
            answer = raw(self.server, data)
            self.assertEqual(status_of(answer), 400, data)
        for target in ("/api/orders?filter=%", "/api/orders?filter=%00", "/%00", "*", "http:/x", "/../../etc/passwd",
                       "//", "/api/orders/..%2f..%2fetc/passwd"):
            answer = raw(self.server, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % target)
            self.assertIn(status_of(answer), (400, 404), target)

    def test_slow(self):
        for data in ("GET /healthz HT", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n",
                     post(json.dumps({"orderRequests": [order("SLOW")]}))[:-20]):
            begun = time.monotonic()
            self.check(data, 408)
            self.assertLess(time.monotonic() - begun, 5)
        # A drop at a time does not prolong it.
        with socket.create_connection((self.server.host, self.server.port), timeout=10) as sock:
            begun = time.monotonic()
            sock.sendall(b"GET /healthz HTTP/1.1\r\n")
            try:
                while time.monotonic() - begun < 8:
                    sock.sendall(b"A: b\r\n")
                    time.sleep(0.2)
            except (BrokenPipeError, ConnectionResetError):
                pass
            self.assertLess(time.monotonic() - begun, 5)

    def test_half_closed(self):
        # A client that says that it has said all still listens.
        get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        begun = time.monotonic()
        self.assertEqual(raw(self.server, get * 2, half_close=True).count("HTTP/1.1 200 OK"), 2)
        answer = raw(self.server, post('{"orderRequests":[]}'), half_close=True)
        self.assertEqual(status_of(answer), 201)
        # So it is told, too, that its request has no end, and nothing of it is done.
        whole = post(json.dumps({"orderRequests": [order("HALF")]}))
        head = whole[:whole.index(b"\r\n\r\n")]
        chunked = head.replace(b"Content-Length", b"Transfer-Encoding: chunked\r\nX")
        for data in (get[:5], get[:-2], head, head + b"\r\n\r\n", whole[:-1],
                     chunked + b"\r\n\r\n5\r\n{\"ord"):
            with self.subTest(data=data):
                self.check(data, 400, "ended", half_close=True)
        self.assertEqual(raw(self.server, "", half_close=True), "")
        self.assertLess(time.monotonic() - begun, 5)  # none had to time out

    def test_many_connections(self):
        socks = [socket.create_connection((self.server.host, self.server.port), timeout=10) for _ in range(60)]
        try:
            # Those beyond the limit are told so at once; the others may still ask.
            refused = 0
            for sock in socks[45:]:
                answer = sock.recv(1000)
                refused += answer.startswith(b"HTTP/1.1 503")
            self.assertEqual(refused, 15)
            socks[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertTrue(socks[0].recv(1000).startswith(b"HTTP/1.1 200"))
        finally:
            for sock in socks:
                sock.close()
        time.sleep(0.2)

    def test_connection_is_kept(self):
        one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        answer = raw(self.server, one * 3 + one.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
        self.assertEqual(answer.count("HTTP/1.1 200 OK"), 4)
        body = b'{"orderRequests":[]}'
        head = post(body).replace(b"Content-Length", b"Expect: 100-continue\r\nContent-Length")[:-len(body)]
        answer = raw(self.server, head, then=body)
        self.assertTrue(answer.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201"), answer[:200])

    def test_memory_is_flat(self):
        def round_of():
            for _ in range(20):
                raw(self.server, post("[" * 100000))
                raw(self.server, post("[%s]" % ",".join(["[]"] * 60000)))
                raw(self.server, post('{"orderRequests":[%s]}' % ",".join(["5"] * 60000)))
                raw(self.server, post("x" * 199999))
        round_of()
        before = memory(self.server)
        round_of()
        self.assertLess(memory(self.server) - before, 16 << 20)

    def test_web_pages_are_refused(self):
        for head in ("Origin: http://evil.example\r\n", "Origin: null\r\n"):
            self.check("GET /api/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n" % head, 403)
            self.check(post('{"orderRequests":[]}', JSON_HEAD + head), 403)
        for host in ("evil.example", "localhost.evil.example", ""):
            self.check("GET /api/orders HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % host, 403)


class Writer(threading.Thread):
    """Writes order after order, and each of a few again and again."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.acknowledged = {}  # quantities by code
        self.open = {}  # the same, of what was sent since and never acknowledged
        self.is_ending = False

    def run(self):
        number = 0
        while not self.is_ending:
            connection = self.server.connect()
            try:
                while not self.is_ending:
                    number += 1
                    self.write(connection, "W%d" % (number if number % 2 else number % 20), number)
                    time.sleep(0.02)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # too slow for the service, or it was killed
            connection.close()

    def write(self, connection, code, quantity):
        self.open[code] = quantity
        body = json.dumps({"orderRequests": [order(code, quantity)]})
        connection.request("POST", "/api/orders", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        if response.status == 201:
            self.acknowledged[code] = self.open.pop(code)


class Replayed(unittest.TestCase):
    """The whole list above, twice, against a service with a file in which another client writes."""

    def replay(self, server, writer):
        class Again(Hostile):
            setUpClass = tearDownClass = classmethod(lambda cls: None)

            def check_the_rest(self):
                wanted = dict(writer.acknowledged)
                found = {o["id"]["code"]: o["quantity"] for o in self.server.list("orders")}
                for code, quantity in wanted.items():
                    self.assertGreaterEqual(found.get(code, 0), quantity, code)

        Again.server = server
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(Again).run(result)
        for _, text in result.failures + result.errors:
            self.fail(text)
        self.assertGreater(result.testsRun, 8)

    def test_acknowledged_writes_stay(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "desk.sqlite")
            with Server(*LIMITS, "--data", file, expect_status=-signal.SIGKILL) as server:
                server.put("orders", order("KEPT", 42))
                writer = Writer(server)
                writer.start()
                self.replay(server, writer)
                before = memory(server)
                self.replay(server, writer)
                self.assertLess(memory(server) - before, 16 << 20)
                server.process.kill()
                writer.is_ending = True
                writer.join()
            self.assertGreater(len(writer.acknowledged), 50)
            with Server("--data", file) as server:
                found = {o["id"]["code"]: o["quantity"] for o in server.list("orders")}
            wanted = {"KEPT": 42, **writer.acknowledged}
            self.assertEqual(set(found) - set(writer.open), set(wanted) - set(writer.open))
            for code, quantity in found.items():
                # What was not acknowledged may be there all the same.
                self.assertIn(quantity, (wanted.get(code), writer.open.get(code)), code)
            self.assertLessEqual(set(wanted), set(found))


class Guards(unittest.TestCase):
    def test_token(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("0123456789abcdef-token \n")
            file.flush()
            with Server("--token-file", file.name, "--host", "127.0.0.1") as server:
                self.assertEqual(server.call("GET", "/healthz")[0], 200)
                for path in ("/api/orders", "/metrics", "/nothing"):
                    for given in (None, "", "Bearer", "Bearer ", "Bearer x", "0123456789abcdef-token",
                                  "Basic 0123456789abcdef-token", "Bearer 0123456789abcdef-toke",
                                  "Bearer 0123456789abcdef-token0", "Bearer 0123456789abcdef-tokeN"):
                        headers = {} if given is None else {"Authorization": given}
                        status, body = server.call("GET", path, headers=headers)
                        self.assertEqual((status, body["code"]), (401, 186), given)
                        self.assertEqual(server.headers["WWW-Authenticate"], "Bearer")
                for scheme in ("Bearer", "bearer"):
                    good = {"Authorization": scheme + " 0123456789abcdef-token", "Host": "proxy.example"}
                    self.assertEqual(server.call("GET", "/api/orders", headers=good)[0], 200)
                # Without the token the body is not even waited for.
                answer = raw(server, post("x" * 1000)[:-900], wait=5)
                self.assertEqual(status_of(answer), 401)
                self.assertNotIn("0123456789abcdef", server.said())

    def refused(self, *options, **more):
        try:
            with Server(*options, **more):
                return "it started"
        except AssertionError as refusal:
            return str(refusal)

    def test_addresses(self):
        self.assertIn("--token-file, or --i-know", self.refused("--host", "0.0.0.0"))
        self.assertIn("--token-file, or --i-know", self.refused("--host", "::"))
        self.assertIn("option is not valid", self.refused("--host", "localhost"))
        with Server("--host", "0.0.0.0", "--i-know") as server:
            self.assertEqual(server.call("GET", "/healthz", headers={"Host": "any.example"})[0], 200)
            self.assertIn("Address already in use", self.refused(port=server.port))

    def test_bad_files(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            self.assertIn("file is unreadable", self.refused("--token-file", os.devnull))
            file.write("short\n")
            file.flush()
            self.assertIn("a token of 16 characters", self.refused("--token-file", file.name))
            self.assertIn("file is not JSON", self.refused("--import", file.name))
        self.assertIn("file is unreadable", self.refused("--token-file", "/nowhere"))
        self.assertIn("file is unreadable", self.refused("--import", "/nowhere"))

    def test_stops(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with Server() as server:
                self.assertIn("in memory only", server.said())
                idle = socket.create_connection((server.host, server.port), timeout=10)
                busy = socket.create_connection((server.host, server.port), timeout=10)
                sent = post(json.dumps({"orderRequests": [order("S")]}))
                busy.sendall(sent[:-5])
                time.sleep(0.2)
                server.process.send_signal(how)
                self.assertEqual(idle.recv(10), b"")  # closed at once
                time.sleep(0.1)
                busy.sendall(sent[-5:])  # a request that has begun is still answered
                answer = busy.recv(65536)
                self.assertTrue(answer.startswith(b"HTTP/1.1 201"))
                self.assertIn(b"Connection: close", answer)
                idle.close()
                busy.close()
                self.assertEqual(server.process.wait(timeout=20), 0)
                self.assertIn("allot: stopped", server.said())

    def test_access_log(self):
        def lines(count):  # a line is written after its answer was sent, so it may still be to come
            end = time.monotonic() + 20
            while True:
                found = [line for line in server.said().splitlines() if line.startswith("time=")]
                if len(found) >= count or time.monotonic() > end:
                    self.assertEqual(len(found), count)
                    return found
                time.sleep(0.01)

        with Server() as server:
            server.call("GET", "/api/orders?filter=" + "secret")
            self.assertRegex(lines(1)[0], r'^time=\S+ request=\S+ client=127.0.0.1 method=GET path="/api/orders" '
                                          r'operation="ListOrders" status=400 bytes=\d+ ms=\d+\.\d{3}$')
            server.call("GET", "/a%20b\"\x7f".replace("\x7f", "%7f"))
            self.assertIn("status=404", lines(2)[1])
            self.assertNotIn("secret", server.said())
        with Server("--quiet") as server:
            server.call("GET", "/api/orders")
            self.assertNotIn("time=", server.said())


if __name__ == "__main__":
    support.main()
