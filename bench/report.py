#!/usr/bin/env python3
"""Writes the tables of docs/performance.md from what scripts/bench.sh left in a folder.

    python3 bench/report.py build/bench docs/performance.md

A table stands between the lines `<!-- bench:NAME -->` and `<!-- /bench -->`; one that was not
measured stays as it is.
"""
import pathlib
import re
import subprocess
import sys

from goals import (FORMS, Goals, bytes_an_order, fastest, read_entries, read_json, read_program,
                   read_table, shown)

PARTS = ("library", "goals", "chart", "instructions", "peers", "program")

BASES = ("PR", "PRO", "EQ", "PCT", "FIFO", "LIFO", "SIZE", "TW", "TIER")

WHAT = {
    "day/build_book": "a book of 44,132 entities from values, checked",
    "day/preview/PR-FIFO": "collect, rank, split, audit, outcomes",
    "day/run/PR-FIFO": "the same and commit",
    "day/preview/FIFO": "",
    "day/run/FIFO": "",
    "day/make_values": "every allocation as a value with its own text",
    "lopsided/orders": "a block of 100,000 orders, 5 fills",
    "lopsided/fills": "20 orders, a placement of 100,000 fills",
    "files/read_csv": "the day's book, text to a checked book",
    "files/read_json": "the same in JSON",
    "files/write_json": "the result of a run on the day",
    "files/write_csv": "the same in CSV",
}


def table(head, rows):
    lines = ["| " + " | ".join(row) + " |" for row in [head, *rows]]
    lines.insert(1, "|" + "---|" * len(head))
    return "\n".join(lines)


def command_output(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def cache_sizes():
    found = re.findall(r"^(L1d|L2|L3) cache: *(.*?)(?: \(.*)?$", command_output("lscpu"), re.M)
    return ", ".join(f"{name} {size}" for name, size in found)


def vector_forms():
    flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii").split()
    wanted = {"avx2": ("avx2", "fma", "bmi2"),
              "avx512": ("avx512f", "avx512dq", "avx512vl", "avx512ifma")}
    return ["scalar", *(form for form, needs in wanted.items() if set(needs) <= set(flags))]


def machine(folder):
    model = re.search(r"^Model name: *(.*)$", command_output("lscpu"), re.M)
    model = model.group(1) if model else "unknown"
    cores = command_output("nproc").strip()
    system = re.search(r'^PRETTY_NAME="(.*)"', pathlib.Path("/etc/os-release").read_text(
        encoding="utf-8"), re.M).group(1)
    compiler = command_output("c++", "--version").splitlines()[0]
    memory = int(re.search(r"MemTotal: *(\d+)", pathlib.Path("/proc/meminfo").read_text(
        encoding="ascii")).group(1)) / 2**20
    rows = [("machine", f"virtual, {cores} cores of an {model}, {memory:.0f} GB, {system}"),
            ("caches", cache_sizes()),
            ("forms of the kernel that it has", ", ".join(vector_forms())),
            ("compiler", f"{compiler}, preset `release` (`-O3 -DNDEBUG` as CMake has it, no "
                         "`-march`)")]
    for part in PARTS:
        path = pathlib.Path(folder) / f"{part}.where"
        if path.exists():
            commit, load = path.read_text(encoding="utf-8").rstrip("\n").split("\t")
            rows.append((f"`{part}`", f"commit `{commit}`, load before it {load}"))
    return table(("", ""), rows)


def goals(folder):
    rows = [(goal, what, shown(measured), wanted, verdict)
            for goal, what, measured, wanted, verdict in Goals(folder).rows]
    return table(("goal", "what", "measured", "wanted", "verdict"), rows)


def kernel(folder):
    times = fastest(read_json(folder, "goals"))
    if "goal/G1/62bit/cpp_dec_float_50" not in times:
        return None
    whos = [who for who in (*FORMS, "memcpy", "uint128", "checked_int256", "cpp_int",
                            "cpp_dec_float_50") if f"goal/G1/47bit/{who}" in times]
    rows = [(who, *(f"{times[f'goal/G1/{bits}bit/{who}']:.2f}" for bits in (32, 47, 51, 62)))
            for who in whos]
    return table(("100 claims, ns a claim", "32 bits", "47 bits", "51 bits", "62 bits"), rows)


def wide(folder):
    times = fastest(read_json(folder, "goals"))
    if "goal/G4/254bit/cpp_int" not in times:
        return None
    rows = [(f"{bits} bits", *(f"{times[f'goal/G4/{bits}bit/{who}']:.1f}"
                               for who in ("kernel", "plain_twin", "cpp_int")))
            for bits in (90, 126, 190, 254)]
    return table(("100 claims, ns a claim", "kernel", "plain twin", "`cpp_int`"), rows)


def instructions(folder):
    counts = {name: (unit, float(each)) for name, unit, _, _, each in
              read_table(folder, "instructions")}
    if not counts:
        return None
    rows = [(f"kernel, {bits} bits", *(f"{counts[f'kernel/{bits}/{form}'][1]:.1f}"
                                       for form in ("scalar", "avx2")))
            for bits in (32, 47, 51, 62)]
    rows.append(("batch, 2 to 10 claims", *(f"{counts[f'small/{form}'][1]:.1f}"
                                            for form in ("scalar", "avx2"))))
    rows += [(f"wide kernel, {bits} bits", f"{counts[f'wide/{bits}'][1]:.1f}", "")
             for bits in (90, 126, 190, 254)]
    rows.append(("`Engine::run`, an allocation", "", f"{counts['engine'][1]:.1f}"))
    return table(("instructions a claim", "scalar", "AVX2"), rows)


def peers(folder):
    times = read_table(folder, "peers")
    if not times:
        return None
    kernel_times = fastest(read_json(folder, "goals"))
    form = next((form for form in FORMS if f"goal/G1/47bit/{form}" in kernel_times), None)
    own = kernel_times.get(f"goal/G1/47bit/{form}")
    rows = [(name, f"{float(time):.0f}", f"{float(time) / own:.0f}" if own else "-")
            for name, time in times]
    if own:
        rows.insert(0, (f"the kernel, {form}", f"{own:.2f}", "1"))
    return table(("100 claims, totals of 47 bits", "ns a claim", "times the kernel"), rows)


def program(folder):
    rows = []
    for (name, kind, threads), run in read_program(folder).items():
        entities = run["rows"] + run["allocations"]
        rows.append((f"{name}, {kind.upper()}", str(threads), f"{run['orders']:,.0f}",
                     f"{run['allocations']:,.0f}", f"{run['processor']:.2f}", f"{run['wall']:.2f}",
                     f"{run['allocations'] / run['processor'] / 1e6:.2f}",
                     f"{run['kilobytes'] / 1024:,.0f}",
                     f"{run['kilobytes'] * 1024 / entities:.0f}",
                     f"{bytes_an_order(run):.0f}"))
    return rows and table(("book", "threads", "orders", "allocations", "processor s", "wall s",
                           "million allocations/s", "peak MB", "bytes an entity",
                           "bytes an order"), rows)


def amount(per_second):
    return f"{per_second / 1e6:.2f} million"


def library(folder):
    entries = read_entries(folder, "library")
    units = {"ns": 1e-6, "us": 1e-3, "ms": 1.0}
    rows = [(f"`{name}`", what, f"{entry['cpu_time'] * units[entry['time_unit']]:.1f}",
             amount(entry["items_per_second"]))
            for name, what in WHAT.items() if (entry := entries.get(name))]
    return rows and table(("benchmark", "what it does", "ms", "entities or allocations/s"), rows)


def twin(folder):
    both = read_entries(folder, "library").get("day/engine_and_naive")
    if not both:
        return None
    rows = [("engine (`Engine::run`)", amount(both["items_per_second"]) + " allocations/s"),
            ("twin", amount(both["naive_per_second"]) + " allocations/s"),
            ("ratio, median of 9", f"{both['ratio']:.1f} ({both['ratio_min']:.1f} to "
                                   f"{both['ratio_max']:.1f})")]
    return table(("", ""), rows)


def decimals(folder):
    times = fastest(read_json(folder, "library"))
    rows = [(name.split("/")[1], f"{time:.0f}") for name, time in times.items()
            if name.startswith("decimal/")]
    return rows and table(("`decimal/`", "ns each"), rows)


def split(folder):
    times = fastest(read_json(folder, "library"))
    columns = [(rule, kind) for rule in ("PR-FIFO", "FIFO") for kind in ("narrow", "wide")]
    rows = [(str(claims), *(f"{times[f'split/{rule}/{claims}/{kind}']:.2f}"
                            for rule, kind in columns))
            for claims in (2, 10, 100, 1000) if f"split/FIFO/{claims}/narrow" in times]
    return rows and table(("claims", *(f"{rule} {kind}" for rule, kind in columns)), rows)


def bases(folder):
    """Every rule at 100 claims, in times of PR-FIFO in its plain form; the extremes of a base."""
    times = fastest(read_json(folder, "library"))
    plain = times.get("split/plain/100/narrow")
    found = {}
    for name, time in times.items():
        kind, code, *rest = name.split("/")
        base = code.split("-")[0]
        if kind == "split" and rest == ["100", "narrow"] and base in BASES:
            found.setdefault(base, []).append((time / plain, code))
    rows = [(base, *(f"{ratio:.2f} ({code})" for ratio, code in (min(rules), max(rules))))
            for base in BASES if (rules := found.get(base))]
    return rows and table(("base", "least", "most"), rows)


TABLES = {"machine": machine, "goals": goals, "kernel": kernel, "wide": wide,
          "instructions": instructions, "peers": peers, "program": program, "library": library,
          "twin": twin, "decimal": decimals, "split": split,
          "bases": bases}


def main():
    folder, path = sys.argv[1], pathlib.Path(sys.argv[2])
    text = path.read_text(encoding="utf-8")
    for name, make in TABLES.items():
        made = make(folder)
        if not made:
            continue
        pattern = re.compile(f"(<!-- bench:{name} -->\n).*?(<!-- /bench -->)", re.S)
        text, count = pattern.subn(lambda found: f"{found[1]}\n{made}\n\n{found[2]}", text)
        if count != 1:
            sys.exit(f"report.py: {path} has {count} places for the table '{name}', not one")
    path.write_text(text, encoding="utf-8")
    print(f"written: {path}")


if __name__ == "__main__":
    main()
