"""The canonical splits in Python's decimal (libmpdec), 50 digits: ns a claim and the checksum.

    build/release/bin/allot_pieces splits 47 > splits.txt && python3 bench/peers/split.py splits.txt

The interpreter's own cost per operation is in it; it bounds libmpdec from above.
"""
import sys
import time
from decimal import ROUND_FLOOR, Context, Decimal, setcontext

PRIME = 1_000_000_007
SECONDS = 1
FEWEST_PASSES = 20


def read(path):
    """Splits as (quantity, weights, total); the first line of the file is for run.sh."""
    with open(path, encoding="ascii") as lines:
        next(lines)
        for line in lines:
            quantity, *weights = map(Decimal, line.split())
            yield quantity, weights, sum(weights)


def main():
    setcontext(Context(prec=50, rounding=ROUND_FLOOR))
    splits = list(read(sys.argv[1]))
    fastest = float("inf")
    end = time.perf_counter() + SECONDS
    passes = 0
    while passes < FEWEST_PASSES or time.perf_counter() < end:
        passes += 1
        start = time.perf_counter()
        shares = [[quantity * weight // total for weight in weights]
                  for quantity, weights, total in splits]
        fastest = min(fastest, time.perf_counter() - start)
    claims = 0
    checksum = 0
    for share in (share for split in shares for share in split):
        claims += 1
        checksum = (checksum * 31 + int(share)) % PRIME
    print(f"{fastest * 1e9 / claims:.1f} {checksum}")


if __name__ == "__main__":
    main()
