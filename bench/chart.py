#!/usr/bin/env python3
"""Draws ns a claim against the claims of a split, for the kernel's forms and its rivals, as SVG.

    allot_bench --benchmark_filter=^chart/ --benchmark_format=json > chart.json
    python3 bench/chart.py chart.json > docs/pictures/kernel.svg

Both axes are logarithmic. A plain copy of the same bytes is the memory bound. The picture carries
its colours for a light and for a dark page.
"""
import json
import math
import sys

from goals import fastest

WIDTH, HEIGHT = 880, 540
LEFT, RIGHT, TOP, BOTTOM = 70, 176, 64, 58
LABEL_HEIGHT = 17

# Name in the benchmarks, label, colour on a light and on a dark page. One hue for the kernel.
SERIES = (
    ("cpp_dec_float_50", "cpp_dec_float_50", "#b3261e", "#f28b82"),
    ("cpp_int", "cpp_int", "#a14b00", "#f6ae6b"),
    ("checked_int256", "checked int256", "#7a3fa8", "#cda4f0"),
    ("uint128", "unsigned __int128 ÷", "#14723f", "#7fd6a3"),
    ("scalar", "kernel, scalar", "#4d8fd6", "#a9cdf5"),
    ("avx2", "kernel, AVX2", "#1f66b5", "#74aef0"),
    ("avx512", "kernel, AVX-512", "#0b3d7a", "#3f8ff0"),
    ("memcpy", "plain copy", "#6b6b6b", "#a8a8a8"),
)

STYLE = """
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif;
         fill: #24292f; }
  .title { font-size: 16px; font-weight: 600; }
  .quiet { fill: #57606a; }
  .page { fill: #ffffff; }
  .grid { stroke: #d8dee4; stroke-width: 1; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .bound { stroke-dasharray: 6 4; }
  .leader { fill: none; stroke-width: 1; opacity: 0.6; }
"""
DARK = """
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .page { fill: #0d1117; }
    .grid { stroke: #30363d; }
"""


def lines_of(times):
    """Points (claims, ns) by the name of a series."""
    lines = {}
    for name, nanoseconds in times.items():
        kind, *rest = name.split("/")
        if kind == "chart":
            claims, who = rest
            lines.setdefault(who, []).append((int(claims), nanoseconds))
    return {who: sorted(points) for who, points in lines.items()}


class Axes:
    """Where a number of claims and a time lie on the page."""

    def __init__(self, points):
        self.first = min(claims for claims, _ in points)
        self.last = max(claims for claims, _ in points)
        self.low = 10 ** math.floor(math.log10(min(time for _, time in points)))
        self.high = 10 ** math.ceil(math.log10(max(time for _, time in points)))

    def x(self, claims):
        part = math.log(claims / self.first) / math.log(self.last / self.first)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(self, time):
        part = math.log(time / self.low) / math.log(self.high / self.low)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)


def powers(low, high):
    exponents = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
    return [10.0 ** exponent for exponent in exponents]


def text(x, y, words, anchor="start", kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{words}</text>'


def grid(axes):
    left, right = axes.x(axes.first), axes.x(axes.last)
    top, bottom = axes.y(axes.high), axes.y(axes.low)
    for time in powers(axes.low, axes.high):
        y = axes.y(time)
        yield f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}" class="grid"/>'
        yield text(left - 10, y + 4, f"{time:g}", "end", "quiet")
    for claims in powers(axes.first, axes.last):
        x = axes.x(claims)
        yield f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" class="grid"/>'
        yield text(x, bottom + 20, f"{int(claims):,}", "middle", "quiet")
    yield text((left + right) / 2, bottom + 44, "claims of a split", "middle")


def spread(wanted):
    """Heights at which labels do not touch, in the order of what was wanted."""
    heights = []
    for height in wanted:
        heights.append(max(height, heights[-1] + LABEL_HEIGHT) if heights else height)
    beyond = max(0.0, heights[-1] - (HEIGHT - BOTTOM))
    for i in range(len(heights) - 1, -1, -1):
        limit = heights[i + 1] - LABEL_HEIGHT if i + 1 < len(heights) else heights[i] - beyond
        heights[i] = min(heights[i], limit)
    return heights


def labels(axes, ends):
    """Names at the ends of the lines; those that end at the same place share a column."""
    for column in sorted({claims for claims, *_ in ends}):
        group = sorted((axes.y(time), who, label) for claims, time, who, label in ends
                       if claims == column)
        x = axes.x(column)
        for (y, who, label), height in zip(group, spread([y for y, *_ in group])):
            yield (f'<path d="M{x + 4:.1f} {y:.1f} L{x + 20:.1f} {height:.1f}" '
                   f'class="leader {who}"/>')
            yield text(x + 25, height + 4, label)


def draw(lines):
    axes = Axes([point for points in lines.values() for point in points])
    series = [entry for entry in SERIES if entry[0] in lines]
    colours = "".join(f"  .{who} {{ stroke: {light}; }}\n" for who, _, light, _ in series)
    dark = "".join(f"    .{who} {{ stroke: {dark}; }}\n" for who, _, _, dark in series)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           f'width="{WIDTH}" height="{HEIGHT}" role="img">')
    yield "<title>Nanoseconds a claim against the claims of a split</title>"
    yield f"<style>{STYLE}{colours}  @media (prefers-color-scheme: dark) {{{DARK}{dark}  }}"
    yield "</style>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" class="page"/>'
    yield text(LEFT, 28, "One share: nanoseconds a claim", kind="title")
    yield text(LEFT, 48, "totals of 47 bits, one core; dashed: a plain copy of the same bytes, the "
               "memory bound", kind="quiet")
    yield from grid(axes)
    ends = []
    for who, label, _, _ in series:
        points = lines[who]
        path = " ".join(f"{axes.x(claims):.1f},{axes.y(time):.1f}" for claims, time in points)
        bound = " bound" if who == "memcpy" else ""
        yield f'<polyline points="{path}" class="line {who}{bound}"/>'
        ends.append((*points[-1], who, label))
    yield from labels(axes, ends)
    yield "</svg>"


def main():
    with open(sys.argv[1], encoding="utf-8") as report:
        lines = lines_of(fastest(json.load(report)))
    if not lines:
        sys.exit("chart.py: no benchmark named chart/... in " + sys.argv[1])
    print("\n".join(draw(lines)))


if __name__ == "__main__":
    main()
