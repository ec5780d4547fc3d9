"""What the tests of the service share: a server on a free port, calls, and entities to send."""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from decimal import Decimal

from schema import Description

ALLOT = os.environ.get("ALLOT", "")


class Server:
    """`allot serve` with these options; ended, and its end checked, when the block is left."""

    def __init__(self, *options, port=0, expect_status=0, **process):
        self.log = tempfile.TemporaryFile("w+")
        self.expect_status = expect_status
        self.process = subprocess.Popen(
            [ALLOT, "serve", "--port", str(port), *options], stdout=subprocess.DEVNULL, stderr=self.log,
            **process)
        self.host, self.port = self._wait_for_address()
        self.always_sent = {}  # headers of every call
        self.descriptions = []

    def _wait_for_address(self):
        for _ in range(1200):
            found = re.search(r"serving on http://(\S+):(\d+)", self.said())
            if found:
                return found.group(1).strip("[]"), int(found.group(2))
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        said = self.said()
        self.log.close()
        raise AssertionError("the server did not start:\n" + said)

    def said(self):
        """Everything on standard error so far."""
        return os.pread(self.log.fileno(), 1 << 24, 0).decode(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.log.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        if status != self.expect_status:
            raise AssertionError("status %s at the end:\n%s" % (status, self.said()[-4000:]))

    def describe(self, document, only_known=True):
        """From now on every answer is held against this description."""
        self.descriptions.append(Description(document, only_known))

    def call(self, method, path, body=None, headers=None):
        """Status and body; numbers as Decimal, so that a digit lost is seen."""
        status, answer = self._call(method, path, body, headers)
        for description in self.descriptions if method != "HEAD" else []:
            faults = description.faults(method, path, status, answer)
            if faults:
                raise AssertionError("%s %s: %s" % (method, path, faults))
        return status, answer

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=60)

    def _call(self, method, path, body, headers):
        connection = self.connect()
        sent = {**self.always_sent, **(headers or {})}
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body, cls=Encoder)
        if method == "POST":
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        text = response.read().decode()
        self.headers = dict(response.getheaders())
        connection.close()
        if text and "json" in self.headers.get("Content-Type", ""):
            return response.status, json.loads(text, parse_float=Decimal)
        return response.status, text

    def put(self, kind, *entities, expect=None):
        member = {"orders": "orderRequests", "allocations": "allocationRequests"}
        status, answer = self.call("POST", "/api/" + kind,
                                   {member.get(kind, "requests"): list(entities)})
        wanted = expect or (200 if kind == "allocations" else 201)
        if status != wanted:
            raise AssertionError("%s: %s %s" % (kind, status, answer))
        return answer

    def allocate(self, *codes, path="/api/ordermanagement/allocate"):
        status, answer = self.call("POST", path, [rid(code) for code in codes])
        if status != 200:
            raise AssertionError("%s %s" % (status, answer))
        return answer

    def list(self, kind, query=""):
        status, answer = self.call("GET", "/api/" + kind + query)
        if status != 200:
            raise AssertionError("%s %s" % (status, answer))
        return answer["values"]


class Encoder(json.JSONEncoder):
    """Writes Decimal with all its digits."""

    def iterencode(self, o, _one_shot=False):
        marks = {}

        def swap(value):
            if isinstance(value, Decimal):
                mark = "@%d@" % len(marks)
                marks['"%s"' % mark] = format(value, "f")
                return mark
            if isinstance(value, dict):
                return {key: swap(item) for key, item in value.items()}
            return [swap(item) for item in value] if isinstance(value, (list, tuple)) else value

        text = "".join(super().iterencode(swap(o)))
        for mark, digits in marks.items():
            text = text.replace(mark, digits)
        yield text


def rid(code, scope="desk"):
    return {"scope": scope, "code": code}


INSTRUMENT = {"Instrument/default/Figi": "BBG000B9XRY4"}
DAY = "2026-03-02T09:30:00.0000000+00:00"


def order(code, quantity=100, **more):
    return {"id": rid(code), "quantity": quantity, "side": "Buy", "portfolioId": rid("P-" + code, "funds"),
            "instrumentIdentifiers": INSTRUMENT, "type": "Market", "timeInForce": "GoodTilCancel",
            "state": "New", "properties": {}, **more}


def block(code, *orders, **more):
    return {"id": rid(code), "orderIds": [rid(o) for o in orders], "quantity": 100, "side": "Buy",
            "type": "Market", "timeInForce": "GoodTilCancel", "createdDate": DAY,
            "instrumentIdentifiers": INSTRUMENT, "properties": {}, **more}


def placement(code, *blocks, **more):
    return {"id": rid(code), "blockIds": [rid(b) for b in blocks], "quantity": 100, "side": "Buy",
            "type": "Market", "timeInForce": "GoodTilCancel", "createdDate": DAY, "state": "New",
            "instrumentIdentifiers": INSTRUMENT, "properties": {}, **more}


def execution(code, of, quantity=10, **more):
    return {"id": rid(code), "placementId": rid(of), "quantity": quantity, "side": "Buy", "state": "New",
            "type": "Market", "createdDate": DAY, "price": {"amount": 10.5, "currency": "USD"},
            "settlementCurrency": "USD", "settlementCurrencyFxRate": 1, "counterparty": "Broker",
            "instrumentIdentifiers": INSTRUMENT, "properties": {}, **more}


def allocation(code, of, quantity=5, **more):
    return {"id": rid(code), "allocatedOrderId": rid(of), "portfolioId": rid("P-" + of, "funds"),
            "quantity": quantity, "instrumentIdentifiers": INSTRUMENT, **more}


def described(server):
    """Holds the server to its own description, and to the one that ALLOT_OPENAPI names."""
    status, document = server.call("GET", "/openapi.json")
    if status != 200:
        raise AssertionError(document)
    server.describe(document)
    if os.environ.get("ALLOT_OPENAPI"):
        with open(os.environ["ALLOT_OPENAPI"]) as file:
            server.describe(json.load(file), only_known=False)
    return server


def put_day(server):
    """Two orders of 30 and 70, one placement P, one fill of 40: PR-FIFO gives 12 and 28."""
    server.put("orders", order("O1", 30, date="2026-03-02T08:00:00+00:00"),
               order("O2", 70, date="2026-03-02T08:05:00+00:00"))
    server.put("blocks", block("B", "O1", "O2"))
    server.put("placements", placement("P", "B"))
    server.put("executions", execution("E", "P", 40))


def main():
    unittest.main(argv=sys.argv[:1], verbosity=1)
