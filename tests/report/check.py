"""Opens the report of a backtest in a browser and holds it against the summary.

  check.py ALLOT WORK_FOLDER             generates two days, replays them, checks the report
  check.py --picture PNG REPORT_HTML     only writes the picture of a report's first screen

Exit status 77 when no browser is at hand: the test is skipped then.
"""
import html.parser
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from decimal import ROUND_HALF_EVEN, Decimal

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browse(page, *options):
    browser = next((b for b in map(shutil.which, BROWSERS) if b), None)
    if browser is None:
        print("skipped: no browser is installed (Debian: apt-get install chromium)")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as profile:
        return subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--user-data-dir=" + profile,
             "--enable-logging=stderr", *options, pathlib.Path(page).resolve().as_uri()],
            capture_output=True, text=True, timeout=120, check=True)


def picture(page, png, width, height):
    browse(page, f"--screenshot={png}", f"--window-size={width},{height}")
    return png


def colours_of(png):
    """Width, height and the number of different pixels of an 8-bit PNG."""
    data = pathlib.Path(png).read_bytes()
    width, height, _, kind = struct.unpack(">IIBB", data[16:26])
    packed, at = b"", 8
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    channels = {2: 3, 6: 4}[kind]
    raw, stride = zlib.decompress(packed), width * channels
    above, colours = bytearray(stride), set()
    for y in range(height):
        how, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride):
            left = line[x - channels] if x >= channels else 0
            corner = above[x - channels] if x >= channels else 0
            up = above[x]
            if how == 4:
                guess = left + up - corner
                nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                              (abs(guess - corner), 2, corner))
                line[x] = line[x] + nearest[2] & 255
            else:
                line[x] = line[x] + (0, left, up, (left + up) // 2)[how] & 255
        above = line
        if y % 4 == 0:
            colours.update(bytes(line[x:x + 3]) for x in range(0, stride, channels * 3))
    return width, height, len(colours)


class Tables(html.parser.HTMLParser):
    """The text of all table rows, by the id of the section."""

    def __init__(self):
        super().__init__()
        self.sections, self.section, self.cell = {}, None, None

    def handle_starttag(self, tag, attributes):
        if tag == "section":
            self.section = dict(attributes)["id"]
            self.sections[self.section] = []
        elif tag == "tr" and self.section:
            self.sections[self.section].append([])
        elif tag in ("td", "th") and self.section:
            self.cell = ""

    def handle_data(self, text):
        if self.cell is not None:
            self.cell += text

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.sections[self.section][-1].append(self.cell)
            self.cell = None
        elif tag == "section":
            self.section = None


def shown(number, places):
    """A number of the summary as the report shows it."""
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    text = f"{rounded:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def require(holds, what):
    if not holds:
        print("report: " + what)
        sys.exit(1)


def check_numbers(page, summary):
    tables = Tables()
    tables.feed(page)
    rules = summary["rules"]
    ranking = tables.sections["ranking"][1:]
    require(len(ranking) == len(rules), "the ranking has other rules than the summary")
    for row, rule in zip(ranking, rules):
        expected = [rule["algorithm"], f"{rule['fills']:,}", shown(rule["worstLots"], 2),
                    shown(rule["meanShare"] * 100, 3) + " %",
                    shown(rule["timeWeightedShare"] * 100, 3) + " %", shown(rule["atEndLots"], 2),
                    shown(rule["cashMoved"], 2)]
        require(row[:7] == expected, f"the ranking shows {row[:7]}, the summary {expected}")
        require(row[12] == shown(rule["unfilled"], 4), f"unfilled of {rule['algorithm']}")
    accounts = [row for row in tables.sections["accounts"] if row[0] != "Account"]
    listed = [a for rule in rules for a in rule["accounts"]]
    require(len(accounts) == len(listed), f"{len(accounts)} accounts, not {len(listed)}")
    for row, account in zip(accounts, listed):
        expected = [account["portfolio"], account["currency"], shown(Decimal(account["orders"]), 0),
                    shown(account["allocated"], 4), shown(account["unfilled"], 4),
                    shown(account["cashDifference"], 2), shown(account["deviationProfit"], 2)]
        require(row[:7] == expected, f"an account shows {row[:7]}, the summary {expected}")
    prices = tables.sections["prices"][1:]
    for at, rule in enumerate(rules):
        counts = [row[1 + at] for row in prices]
        require(counts == [shown(Decimal(c), 0) for c in rule["priceCounts"]],
                f"the price differences of {rule['algorithm']}")
    misplaced = tables.sections["misplaced"][1:]
    for at, rule in enumerate(rules):
        for row, share, fills in zip(misplaced, rule["misplacedShare"], rule["misplacedFills"]):
            expected = f"{float(share) * 100:.4f} %" if fills else ""
            require(row[1 + at] == expected, f"misplaced: {row[1 + at]}, not {expected}")
    worst = [row for row in tables.sections["worst"] if row[0] in summary["periods"]]
    require([(row[0], row[1], row[3]) for row in worst] ==
            [(b["period"], b["block"], shown(b["worstLots"], 2)) for b in summary["worst"]],
            "the worst blocks")
    steps = [row for row in tables.sections["worst"] if re.fullmatch(r"[\d,]+", row[0])]
    order = summary["worst"][0]
    column = next(i for row in tables.sections["worst"] for i, cell in enumerate(row)
                  if row[0] == "Fill" and cell.startswith(order["worstOrder"] + "of"))
    row = next(r for r in steps if r[0] == shown(Decimal(order["worstFill"]), 0))
    off = Decimal(row[column].rsplit(" ", 1)[1].replace(",", ""))
    require(shown(abs(off), 2) == shown(order["worstLots"], 2),
            f"the step of the worst fill says {off}, the summary {order['worstLots']}")


def check(allot, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for day in ("2026-03-02", "2026-03-03"):
        subprocess.run([allot, "generate", "--output", f"{folder}/days/{day}", "--date", day,
                        "--seed", day[-1], "--blocks", "30", "--orders", "300", "--executions",
                        "1500", "--portfolios", "12"], check=True, capture_output=True)
    subprocess.run([allot, "backtest", f"{folder}/days", "--output", f"{folder}/results",
                    "--algorithms", "PR-FIFO,PR-LR,QUOTA", "--draws", "1000"],
                   check=True, capture_output=True)
    report = pathlib.Path(f"{folder}/results/report.html")
    page = report.read_text(encoding="utf-8")
    with open(f"{folder}/results/summary.json", encoding="utf-8") as file:
        summary = json.load(file, parse_float=Decimal, parse_int=Decimal)
    for banned in ("http://", "https://", "<script", "@import", "url("):
        require(banned not in page, f"{banned} in the page")
    require(page.count("<svg") == 2 * len(summary["rules"]) + 1, "a chart is missing")
    check_numbers(page, summary)
    # What the browser makes of it: as many charts, no complaint, no page wider than the screen.
    for width in (1280, 390):
        probe = report.with_name("probe.html")
        probe.write_text(page.replace("</body>", "<script>document.title = document."
                         "documentElement.scrollWidth + ' of ' + innerWidth</script></body>"),
                         encoding="utf-8")
        seen = browse(probe, "--dump-dom", f"--window-size={width},900")
        require("CONSOLE" not in seen.stderr, "the browser complains: " + seen.stderr)
        require(seen.stdout.count("<svg") == page.count("<svg"), "the browser lost a chart")
        wide, screen = map(int, re.search(r"<title>(\d+) of (\d+)</title>", seen.stdout).groups())
        require(wide <= screen, f"the page is {wide} wide on a screen of {screen}")
        png = picture(report, f"{folder}/{width}.png", width, 1000)
        size = colours_of(png)
        require(size[:2] == (width, 1000) and size[2] > 20, f"the picture is blank: {size}")


if __name__ == "__main__":
    if sys.argv[1] == "--picture":
        picture(sys.argv[3], os.path.abspath(sys.argv[2]), 1280, 1150)
    else:
        check(sys.argv[1], os.path.abspath(sys.argv[2]))
