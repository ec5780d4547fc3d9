#!/usr/bin/env python3
"""Prints the CSV folder of a generated day as a JSON book, for scripts/bench.sh.

Knows the columns that `allot generate` fills: ids, lists of ids, identifiers, numbers and text.
"""
import csv
import json
import sys

LISTS = ("orders", "blocks", "placements", "executions", "instruments")
NUMBERS = ("quantity", "lot", "settlement_currency_fx_rate")
IDS = ("id", "portfolio_id", "placement_id", "parent_placement_id")
ID_LISTS = ("order_ids", "block_ids")


def member_of(column):
    first, *rest = column.split("_")
    return first + "".join(word.capitalize() for word in rest)


def id_of(cell):
    scope, code = cell.split("/", 1)
    return json.dumps({"scope": scope, "code": code}, separators=(",", ":"))


def value_of(column, cell):
    """The JSON text of a cell; numbers keep their digits."""
    if column in NUMBERS:
        return cell
    if column in IDS:
        return id_of(cell)
    if column in ID_LISTS:
        return "[" + ",".join(map(id_of, cell.split("|"))) + "]"
    if column == "instrument_identifiers":
        entries = (entry.split("=", 1) for entry in cell.split("|"))
        return json.dumps(dict(entries), separators=(",", ":"))
    return json.dumps(cell)


def row_text(row):
    members = []
    for column, cell in row.items():
        if cell == "" or column == "price_currency":
            continue
        if column == "price":
            value = '{"amount":%s,"currency":%s}' % (cell, json.dumps(row["price_currency"]))
        else:
            value = value_of(column, cell)
        members.append('"%s":%s' % (member_of(column), value))
    return "{" + ",".join(members) + "}"


def main():
    out = sys.stdout
    out.write('{"schema":"allot/1"')
    for name in LISTS:
        out.write(',\n"%s":[' % name)
        with open("%s/%s.csv" % (sys.argv[1], name), encoding="utf-8", newline="") as file:
            separator = "\n"
            for row in csv.DictReader(file):
                out.write(separator + row_text(row))
                separator = ",\n"
        out.write("\n]")
    out.write("\n}\n")


main()
