"""The nginx configuration of docs/service.md, as it stands there, in front of the service: a desk's
morning through https. Skipped (77) where nginx or openssl is not installed."""
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

import support
from support import Server, order, put_day, rid

TOKEN = "a-token-for-the-tests"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
# What a distribution's nginx.conf has around it, but for what it writes.
AROUND = """
daemon off;
master_process off;
pid %(folder)s/nginx.pid;
error_log stderr warn;
events {}
http {
    access_log off;
    client_body_temp_path %(folder)s/written/body;
    proxy_temp_path %(folder)s/written/proxy;
    fastcgi_temp_path %(folder)s/written/fastcgi;
    uwsgi_temp_path %(folder)s/written/uwsgi;
    scgi_temp_path %(folder)s/written/scgi;
%(documented)s
}
"""


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def documented():
    with open(os.path.join(os.environ["ALLOT_SOURCE"], "docs", "service.md")) as file:
        return re.search(r"```nginx\n(.*?)```", file.read(), re.S).group(1)


class Proxied(Server):
    """The service, called through nginx only."""

    def __init__(self, folder):
        self.folder = folder
        with open(folder + "/token", "w") as file:
            file.write(TOKEN)
        super().__init__("--token-file", folder + "/token")
        self.always_sent = {"Authorization": "Bearer " + TOKEN}
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost",
             "-keyout", folder + "/allot.key", "-out", folder + "/allot.crt"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.context = ssl.create_default_context(cafile=folder + "/allot.crt")
        self.secure_port = free_port()
        self.start_nginx()

    def start_nginx(self):
        text = documented()
        for old, new in (("127.0.0.1:8711", "127.0.0.1:%d" % self.port),
                         ("listen 8443 ", "listen 127.0.0.1:%d " % self.secure_port),
                         ("/etc/nginx/", self.folder + "/")):
            if old not in text:
                raise AssertionError("docs/service.md has no %r any more" % old)
            text = text.replace(old, new)
        os.mkdir(self.folder + "/written")
        with open(self.folder + "/nginx.conf", "w") as file:
            file.write(AROUND % {"folder": self.folder, "documented": text})
        self.nginx_log = open(self.folder + "/nginx.log", "w+")
        self.nginx = subprocess.Popen([NGINX, "-p", self.folder, "-c", self.folder + "/nginx.conf"],
                                      stdout=self.nginx_log, stderr=self.nginx_log)
        for _ in range(200):
            if self.nginx.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.secure_port), timeout=5).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.05)
        self.stop()
        raise AssertionError("nginx did not start:\n" + self.nginx_said())

    def nginx_said(self):
        return os.pread(self.nginx_log.fileno(), 1 << 20, 0).decode(errors="replace")

    def connect(self):
        return http.client.HTTPSConnection("localhost", self.secure_port, timeout=60,
                                           context=self.context)

    def stop(self):
        self.nginx.terminate()
        self.nginx.wait(timeout=20)
        super().stop()

    def __exit__(self, *rest):
        super().__exit__(*rest)
        self.nginx_log.close()


class Tls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.server = Proxied(folder.name)
        self.addCleanup(self.server.__exit__)

    def test_an_allocation(self):
        put_day(self.server)
        answer = self.server.allocate("P", "NONE")
        self.assertEqual(answer["values"], [rid("E-O1"), rid("E-O2")])
        self.assertEqual(answer["failed"]["Scope:desk Code:NONE"]["type"], "PlacementNotFound")
        made = self.server.list("allocations", "?sortBy=quantity%20DESC")
        self.assertEqual([(a["allocatedOrderId"]["code"], a["quantity"]) for a in made],
                         [("O2", 28), ("O1", 12)])
        status, problem = self.server.call("DELETE", "/api/orders/desk/O1")
        self.assertEqual((status, problem["code"]), (409, 922))

    def test_the_token_is_passed_on(self):
        for given in ("", "Bearer another-token-entirely"):
            headers = {"Authorization": given}
            status, problem = self.server.call("GET", "/api/orders", headers=headers)
            self.assertEqual((status, problem["code"]), (401, 186))
        self.assertEqual(self.server.call("GET", "/api/orders")[0], 200)

    def test_limits(self):
        # Four megabytes up, and back: more than nginx takes, or keeps in memory, by itself.
        orders = [order("O%05d" % i, 1 + i) for i in range(5000)]
        for one in orders:
            one["properties"]["Order/desk/Note"] = {
                "key": "Order/desk/Note", "value": {"labelValue": "x" * 500}}
        self.server.put("orders", *orders)
        self.assertEqual(len(self.server.list("orders", "?limit=5000")), 5000)
        wanted = "id.code in (%s)" % ",".join("'O%05d'" % i for i in range(1700))
        self.assertGreater(len(wanted), 15000)
        query = "?filter=" + wanted.replace(" ", "%20").replace("'", "%27").replace(",", "%2C")
        self.assertEqual(len(self.server.list("orders", query)), 1700)
        slow = self.server.connect()
        slow.request("GET", "/api/orders?limit=5000", headers=self.server.always_sent)
        time.sleep(0.5)
        self.assertEqual(len(json.loads(slow.getresponse().read())["values"]), 5000)
        slow.close()
        self.assertNotIn("temporary file", self.server.nginx_said())

    def test_no_file_is_served(self):
        for path in ("/", "/index.html", "/etc/passwd", "/nginx.conf", "/allot.key",
                     "/api/../allot.key"):
            status, problem = self.server.call("GET", path)
            self.assertEqual((status, problem["code"]), (404, 157), path)
        self.assertEqual(self.server.call("GET", "/..%2fallot.key")[0], 400)  # by nginx

    def test_plain_http_is_no_way_in(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.secure_port, timeout=20)
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().status, 400)
        connection.close()


if __name__ == "__main__":
    if NGINX is None or shutil.which("openssl") is None:
        print("SKIPPED: nginx or openssl is not installed")
        sys.exit(77)
    support.main()
