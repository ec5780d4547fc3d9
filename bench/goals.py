"""Prints the goals of the split kernel and of batches with what was measured.

    allot_bench --benchmark_filter=^goal/ --benchmark_format=json | python3 bench/goals.py

Each figure is the smallest processor time of the repetitions, in nanoseconds a claim; a ratio
compares two of the same run. Goals are judged on the fastest form that the processor has.
"""
import json
import sys


def fastest(report):
    """Nanoseconds a claim by name, the smallest of all repetitions."""
    times = {}
    for entry in report["benchmarks"]:
        if entry.get("run_type") == "aggregate" or "items_per_second" not in entry:
            continue
        name = entry["name"].replace("/real_time", "")
        per_claim = 1e9 / entry["items_per_second"]
        times[name] = min(per_claim, times.get(name, per_claim))
    return times


def main():
    times = fastest(json.load(sys.stdin))
    forms = ["avx512", "avx2", "scalar"]
    rows = []

    def row(goal, what, measured, wanted, at_least=True):
        if measured is not None:
            reached = measured >= wanted if at_least else measured <= wanted
            rows.append((goal, what, measured, wanted, "reached" if reached else "missed"))

    def ratio(slow, fast):
        return times[slow] / times[fast] if slow in times and fast in times else None

    def best(prefix):
        return next((prefix + form for form in forms if prefix + form in times), None)

    wanted_of = {"cpp_dec_float_50": 1000, "cpp_int": 65, "uint128": 5}
    for bits in (32, 47, 51, 62):
        prefix = f"goal/G1/{bits}bit/"
        for rival, wanted in wanted_of.items():
            row("G1", f"{bits} bits, {rival} over {best(prefix)}", ratio(prefix + rival, best(prefix)),
                wanted)
        for form, wanted in (("avx2", 600), ("scalar", 400)):
            row("G1", f"{bits} bits, cpp_dec_float_50 over {form}",
                ratio(prefix + "cpp_dec_float_50", prefix + form), wanted)
    for place in ("L3", "memory"):
        for threads in (1, 2):
            name = f"goal/G2/{place}/{{}}/threads:{threads}"
            row("G2", f"{place}, {threads} threads, kernel over memcpy",
                ratio(name.format("kernel"), name.format("memcpy")), 1.15, at_least=False)
    batch = best("goal/G3/batch/")
    row("G3", "2 to 10 claims, ns a claim", times.get(batch), 1.0, at_least=False)
    row("G3", "division over the batch", ratio("goal/G3/division", batch), 4)
    for bits, wanted in ((90, 40), (126, 40), (190, 10), (254, 10)):
        prefix = f"goal/G4/{bits}bit/"
        row("G4", f"{bits} bits, cpp_int over kernel", ratio(prefix + "cpp_int", prefix + "kernel"),
            wanted)
    for name, wanted in (("contiguous/10", 250), ("contiguous/100", 600), ("gathered/10", 60)):
        time = times.get(f"goal/G5/{name}/threads:1")
        row("G5", f"{name}, million allocations/s", 1e3 / time if time else None, wanted)

    for goal, what, measured, wanted, verdict in rows:
        print(f"{goal}  {what:<55} {measured:10.2f}  goal {wanted:7}  {verdict}")


if __name__ == "__main__":
    main()
