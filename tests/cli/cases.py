"""Plays the golden cases of the life of a book and of prices with the program, file by file.

Each section of a case is one command, and each goes on from the book that the one before saved. A
`change` is made as a user would make it by hand: the saved book is edited, and the new version says
an entry of the journal that comes after the last. After each section the book must verify.

Usage: cases.py PROGRAM SOURCE_FOLDER WORK_FOLDER
"""

import json
import pathlib
import re
import subprocess
import sys

PROGRAM, SOURCE, WORK = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
FOLDERS = ("lifecycle", "pricing")
LISTS = {"order": "orders", "block": "blocks", "placement": "placements",
         "execution": "executions", "allocation": "allocations"}
# What the file of a book cannot be asked: whether Book::put would have refused it; and an amendment
# to another state than Cancelled, for which the program has no option.
skipped = {"refused changes": 0, "states": 0}
commands = 0


class Trouble(Exception):
    pass


def sections_of(path):
    found = []
    for line in path.read_text().splitlines():
        if line.startswith("==== "):
            found.append((line[5:].split(), []))
        elif found:
            found[-1][1].append(line)
    return found


def options_of(words):
    options, at = [], 0
    while at < len(words):
        value = None
        if at + 1 < len(words) and not words[at + 1].startswith("--"):
            value = words[at + 1]
        options.append((words[at], value))
        at += 1 if value is None else 2
    return options


def as_words(options):
    return [word for option in options for word in option if word is not None]


def id_of(text):
    scope, code = text.split("/", 1)
    return {"scope": scope, "code": code}


def text_of(identity):
    return identity["scope"] + "/" + identity["code"]


def allot(*words):
    global commands
    commands += 1
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL)


# Decimals stay the text that they are.
def read(text):
    return json.loads(text, parse_float=str, parse_int=str)


def price_text(money):
    return money["amount"] if money else "-"


def rows_of(result):
    """The tables of a result, as a golden case has them."""
    rows = []
    for a in result["allocations"]:
        rows.append([text_of(a["id"]), text_of(a["allocatedOrderId"]),
                     text_of(a["portfolioId"]) if "portfolioId" in a else "-",
                     "|".join(map(text_of, a.get("executionIds", []))) or "-",
                     "|".join(map(text_of, a.get("placementIds", []))) or "-",
                     a["quantity"], price_text(a.get("price"))])
    for p in result["placements"]:
        rows.append([text_of(p["id"]), p["executed"], p["allocated"], p["unallocated"],
                     p.get("deviationLots", "-")])
    for p in result["placements"]:
        for residual in p.get("residual", []):
            account = ["to", text_of(residual["account"])] if "account" in residual else []
            rows.append([text_of(p["id"]), residual["amount"], residual["currency"] or "-"] +
                        account)
    for failure in result["failed"].values():
        scope, code = re.fullmatch(r"Scope:(.*) Code:(.*)", failure["id"]).groups()
        rows.append([scope + "/" + code, failure["type"]])
    for warning in result["warnings"]:
        rows.append([text_of(warning["id"]), warning["type"]])
    for move in result.get("moves", []):
        before, after = move.get("priceBefore"), move.get("priceAfter")
        price = after or before or "-"
        if before and after and before != after:
            price = before + "->" + after
        rows.append([text_of(move["id"]), text_of(move["allocatedOrderId"]), move["before"],
                     move["after"], price])
    for reversal in result.get("reversals", []):
        rows.append([text_of(reversal["placementId"]), text_of(reversal["orderId"]),
                     reversal["units"], price_text(reversal.get("cash"))])
    return rows


HEADS = ("allocation ", "placement ", "residual ", "failed ", "warning ", "moved ", "reverse ")


def wanted_rows(body):
    return [line.split() for line in body
            if line.strip() and not line.startswith(HEADS) and line != "nothing"]


FIELDS = {"fxRate": "settlementCurrencyFxRate"}


def value_of(field, text):
    if field.endswith("Ids"):
        return [id_of(part) for part in text.split("|")]
    if field.endswith("Id"):
        return id_of(text)
    if field == "price":
        amount, _, currency = text.partition(":")
        return {"amount": amount, "currency": currency}
    return text


class Book:
    def __init__(self, path):
        self.path = path

    def change(self, line):
        words = line.split()
        if words[0] == "refused":
            skipped["refused changes"] += 1
            return
        book = read(self.path.read_text())
        name = LISTS[words[0]]
        rows = book.setdefault(name, [])
        found = [row for row in rows if row["id"] == id_of(words[1])]
        new = dict(found[0]) if found else {"id": id_of(words[1])}
        version = {}
        for word in words[2:]:
            field, _, text = word.partition("=")
            if field == "asAt":
                version["asAtDate"] = text
            else:
                new[FIELDS.get(field, field)] = value_of(field, text)
        if "journal" in book:
            version["journalEntry"] = str(len(book["journal"]) + 1)
        new["version"] = version
        if found:
            past = book.setdefault("history", {}).setdefault(name, [])
            rows.remove(found[0])
            past.append({**found[0], "version": found[0].get("version", {})})
        rows.append(new)
        self.path.write_text(json.dumps(book))

    def verify(self):
        done = allot("verify", self.path)
        if done.returncode != 0:
            raise Trouble("does not verify: " + done.stdout + done.stderr)


def command_of(action, options, book):
    """The words of the program, or None where it has none."""
    given = dict(options)
    rest = [option for option in options
            if option[0] not in ("--execution", "--order", "--block", "--entry")]
    if action in ("run", "preview"):
        return ["run", book, *as_words(options)] + (["--preview"] if action == "preview" else [])
    if action == "reallocate":
        return ["reallocate", book, *as_words(options)]
    if action in ("correct", "bust"):
        return [action, book, given["--execution"], *as_words(rest)]
    if action == "correct-all":
        file = book.parent / "corrections.csv"
        lines = ["id,quantity,price,bust,reason"]
        for name, value in options:
            if name == "--entry":
                cells = value.split(",")
                cells = [cells[0], "", "", "true"] if cells[1] == "bust" else cells[:3] + [""]
                lines.append(",".join(cells + [""]))
        file.write_text("\n".join(lines) + "\n")
        return ["correct", book, "--file", file, *as_words(rest)]
    if action == "amend":
        states = [option for option in rest if option[0] == "--state"]
        if states and states[0][1] != "Cancelled":
            return None
        rest = [option for option in rest if option[0] != "--state"]
        return ["amend", book, given["--order"], *as_words(rest)] + (["--cancel"] if states else [])
    entity = next(name[2:] for name, _ in options if name != "--reason")
    rest = [option for option in options if option[0] == "--reason"]
    return ["remove", book, given["--" + entity], "--entity", entity, *as_words(rest)]


def play(path):
    book = None
    for words, body in sections_of(path):
        action, options = words[0], options_of(words[1:])
        if action == "book":
            book = Book(WORK / (path.stem + ".json"))
            book.path.write_text("\n".join(body))
            continue
        if action == "change":
            for line in body:
                if line.strip():
                    book.change(line)
            continue
        if action == "reread":
            continue  # every command reads what the one before saved
        command = command_of(action, options, book.path)
        if command is None:
            skipped["states"] += 1
            return
        save = [] if action == "preview" else ["--save", book.path]
        done = allot(*command, "--format", "json", "--numbers", "text", *save)
        wanted = [line for line in body if line.strip()]
        if wanted and wanted[0].startswith("refused "):
            if done.returncode != 2 or not done.stderr.strip():
                raise Trouble(f"{words}: not refused, but {done.returncode} {done.stdout}")
            continue
        if done.returncode not in (0, 1):
            raise Trouble(f"{words}: {done.stderr}")
        result = read(done.stdout)
        got = rows_of(result)
        if got != wanted_rows(body):
            raise Trouble(f"{words}:\n got    {got}\n wanted {wanted_rows(body)}")
        if (done.returncode == 1) != bool(result["failed"]):
            raise Trouble(f"{words}: status {done.returncode}")
        book.verify()


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    failures = 0
    paths = [path for folder in FOLDERS
             for path in sorted((SOURCE / "tests" / "golden" / folder).glob("*.case"))]
    for path in paths:
        try:
            play(path)
        except Trouble as trouble:
            failures += 1
            print(f"FAILED: {path.stem}: {trouble}")
    print(f"{len(paths)} cases, {commands} commands, {failures} failed; skipped: {skipped}")
    return 1 if failures or not paths else 0


sys.exit(main())
