#!/usr/bin/env python3
"""Prints goals G1 to G7 with what was measured beside each.

    python3 bench/goals.py build/bench          # what scripts/bench.sh left there

Each time is the smallest of the repetitions, in nanoseconds of processor time a claim; a ratio
compares two of the same run. Goals are judged on the fastest form that the processor has.
"""
import json
import pathlib
import sys

FORMS = ("avx512", "avx2", "scalar")


def fastest(report):
    """Nanoseconds an item by name, the smallest of all repetitions."""
    times = {}
    for entry in report["benchmarks"]:
        if entry.get("run_type") == "aggregate" or "items_per_second" not in entry:
            continue
        name = entry["name"].replace("/real_time", "")
        per_item = 1e9 / entry["items_per_second"]
        times[name] = min(per_item, times.get(name, per_item))
    return times


def read_json(folder, name):
    """Entries of one report by name, without the marks of how time is taken; none, no entries."""
    path = pathlib.Path(folder) / f"{name}.json"
    if not path.exists():
        return {"benchmarks": []}
    return json.loads(path.read_text(encoding="utf-8"))


def read_table(folder, name):
    """Rows of a file of cells between tabs."""
    path = pathlib.Path(folder) / f"{name}.tsv"
    if not path.exists():
        return []
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def read_entries(folder, name):
    return {entry["name"].removesuffix("/manual_time").split("/iterations:")[0]: entry
            for entry in read_json(folder, name)["benchmarks"]}


PROGRAM_COLUMNS = ("name", "format", "threads", "orders", "rows", "allocations", "input_bytes",
                   "processor", "wall", "kilobytes")


def read_program(folder):
    """Runs of `allot run` by (name, format, threads)."""
    runs = {}
    for cells in read_table(folder, "program"):
        run = dict(zip(PROGRAM_COLUMNS, cells))
        numbers = {key: float(value) for key, value in run.items() if key not in ("name", "format")}
        runs[run["name"], run["format"], int(run["threads"])] = {**run, **numbers}
    return runs


def bytes_an_order(run):
    """Peak memory beside the input, which JSON keeps as a whole and CSV reads in stretches."""
    kept = run["input_bytes"] if run["format"] == "json" else 0
    return (run["kilobytes"] * 1024 - kept) / run["orders"]


class Goals:
    """Rows (goal, what, measured or None, wanted, verdict)."""

    def __init__(self, folder):
        self.rows = []
        self.times = {**fastest(read_json(folder, "goals")),
                      **fastest(read_json(folder, "goals_threads"))}
        self.peers = {name: float(time) for name, time in read_table(folder, "peers")}
        self.entries = {**read_entries(folder, "library"), **read_entries(folder, "threads")}
        self.runs = read_program(folder)
        for add in (self.kernel, self.beyond_the_cache, self.small, self.wide, self.in_memory,
                    self.program, self.interface):
            add()

    def add(self, goal, what, measured, wanted, at_least=True):
        if measured is None:
            verdict = "not measured"
        elif measured >= wanted if at_least else measured <= wanted:
            verdict = "reached"
        else:
            verdict = "missed"
        bound = f"{'at least' if at_least else 'at most'} {wanted:g}"
        self.rows.append((goal, what, measured, bound, verdict))

    def ratio(self, slow, fast):
        times = self.times
        return times[slow] / times[fast] if slow in times and fast in times else None

    def best(self, prefix):
        return next((form for form in FORMS if prefix + form in self.times), "scalar")

    def kernel(self):
        for bits in (32, 47, 51, 62):
            prefix = f"goal/G1/{bits}bit/"
            form = self.best(prefix)
            for rival, wanted in (("cpp_dec_float_50", 1000), ("cpp_int", 65), ("uint128", 5)):
                self.add("G1", f"{bits} bits: {rival} / {form}",
                         self.ratio(prefix + rival, prefix + form), wanted)
            for form, wanted in (("avx2", 600), ("scalar", 400)):
                self.add("G1", f"{bits} bits: cpp_dec_float_50 / {form}",
                         self.ratio(prefix + "cpp_dec_float_50", prefix + form), wanted)
        form = self.best("goal/G1/47bit/")
        libmpdec = self.peers.get("Python decimal (libmpdec)")
        time = self.times.get(f"goal/G1/47bit/{form}")
        self.add("G1", f"47 bits: libmpdec through Python / {form}",
                 libmpdec / time if libmpdec and time else None, 150)

    def beyond_the_cache(self):
        for place in ("L3", "memory"):
            for threads in (1, 2):
                name = f"goal/G2/{place}/{{}}/threads:{threads}"
                self.add("G2", f"{place}, {threads} thread{'s' * (threads - 1)}: kernel / memcpy",
                         self.ratio(name.format("kernel"), name.format("memcpy")), 1.15,
                         at_least=False)

    def small(self):
        batch = "goal/G3/batch/" + self.best("goal/G3/batch/")
        self.add("G3", "2 to 10 claims: ns a claim", self.times.get(batch), 1.0, at_least=False)
        self.add("G3", "2 to 10 claims: division / batch", self.ratio("goal/G3/division", batch), 4)

    def wide(self):
        for bits, wanted in ((90, 40), (126, 40), (190, 10), (254, 10)):
            prefix = f"goal/G4/{bits}bit/"
            self.add("G4", f"{bits} bits: cpp_int / kernel",
                     self.ratio(prefix + "cpp_int", prefix + "kernel"), wanted)

    def in_memory(self):
        names = (("contiguous/10", "10 claims", 250), ("contiguous/100", "100 claims", 600),
                 ("gathered/10", "10 claims gathered", 60))
        for name, what, wanted in names:
            time = self.times.get(f"goal/G5/{name}/threads:1")
            self.add("G5", f"{what}: million allocations/s", 1e3 / time if time else None, wanted)
        for name, what, _ in names:
            ratio = self.ratio(f"goal/G5/{name}/threads:1", f"goal/G5/{name}/threads:2")
            self.add("G5", f"{what}: 2 threads / 1 thread", 2 * ratio if ratio else None, 1.9)

    def program(self):
        book = "huge" if ("huge", "csv", 1) in self.runs else "wide"
        alone = self.runs.get((book, "csv", 1))
        together = self.runs.get((book, "csv", 2))
        size = f"{alone['orders'] / 1e6:g} M orders" if alone else "10 M orders"
        self.add("G6", f"CSV, {size}: million allocations/s of processor time",
                 alone and alone["allocations"] / alone["processor"] / 1e6, 4.5)
        self.add("G6", f"CSV, {size}: bytes of memory an order", alone and bytes_an_order(alone),
                 150, at_least=False)
        self.add("G6", f"CSV, {size}: 2 threads / 1 thread",
                 alone and together and alone["wall"] / together["wall"], 1.8)
        read = self.runs.get(("wide", "json", 1))
        self.add("G6", "JSON, 1 M orders: million allocations/s of processor time",
                 read and read["allocations"] / read["processor"] / 1e6, 2.4)

    def interface(self):
        both = self.entries.get("day/engine_and_naive")
        self.add("G7", "Engine::run: million allocations/s",
                 both and both["items_per_second"] / 1e6, 20)
        self.add("G7", "Engine::run: times the naive twin", both and both["ratio"], 30)


def shown(measured):
    if measured is None:
        return "-"
    return f"{measured:.0f}" if measured >= 100 else f"{measured:.2f}"


def main():
    for goal, what, measured, wanted, verdict in Goals(sys.argv[1]).rows:
        print(f"{goal}  {what:<58} {shown(measured):>8}  {wanted:<14} {verdict}")


if __name__ == "__main__":
    main()
