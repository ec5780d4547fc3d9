"""Checks responses against an OpenAPI description: as much of JSON Schema as the descriptions use."""
import re
from decimal import Decimal

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$")
KINDS = {"object": dict, "array": list, "string": str, "boolean": bool}


class Description:
    """`only_known`: a member that the description does not have is a fault too."""

    def __init__(self, document, only_known=True):
        self.document = document
        self.only_known = only_known
        self.paths = [(re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", re.sub(r"([.$])", r"\\\1", path)) + "$"), item)
                      for path, item in document["paths"].items()]

    def faults(self, method, target, status, body):
        """What is wrong with a response; None when the description has no such operation."""
        path = re.sub("^/api/api/", "/api/", target.split("?")[0])
        for pattern, item in self.paths:
            operation = item.get(method.lower())
            if operation and pattern.match(path):
                answers = operation["responses"]
                answer = answers.get(str(status))
                if answer is None and 200 <= status < 300:
                    return ["status %d is not described" % status]
                content = (answer or answers["default"])["content"]
                found = content.get("application/json")
                return self.check(found["schema"], body, "$") if found else []
        return None

    def check(self, schema, value, at):
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        if value is None:
            return [] if schema.get("nullable") else [at + " is null"]
        kind = schema.get("type")
        if kind in ("number", "integer"):
            is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
            if not is_number or (kind == "integer" and value != int(value)):
                return ["%s is no %s: %r" % (at, kind, value)]
        elif kind and not isinstance(value, KINDS[kind]):
            return ["%s is no %s: %r" % (at, kind, value)]
        if kind == "string":
            if len(value) < schema.get("minLength", 0) or len(value) > schema.get("maxLength", len(value)):
                return ["%s has a length that is not allowed: %r" % (at, value)]
            if schema.get("format") == "date-time" and not TIME.match(value):
                return ["%s is no time: %r" % (at, value)]
        if kind == "array":
            return [fault for i, item in enumerate(value)
                    for fault in self.check(schema["items"], item, "%s[%d]" % (at, i))]
        return self.check_members(schema, value, at) if kind == "object" else []

    def check_members(self, schema, value, at):
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        faults = ["%s lacks %s" % (at, name) for name in schema.get("required", []) if name not in value]
        for name, member in value.items():
            if name in known:
                faults += self.check(known[name], member, at + "." + name)
            elif isinstance(rest, dict):
                faults += self.check(rest, member, at + "." + name)
            elif self.only_known and known:
                faults.append("%s.%s is not described" % (at, name))
        return faults
