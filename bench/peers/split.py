"""The pro-rata floors of 100 claims in Python's decimal (libmpdec), 50 digits: ns a claim.

    python3 bench/peers/decimal_split.py

The interpreter's own cost per operation is in it; it bounds libmpdec from above.
"""
import time
from decimal import ROUND_FLOOR, Context, Decimal, setcontext

CLAIMS = 100
REPETITIONS = 9
SPLITS = 200


def main():
    setcontext(Context(prec=50, rounding=ROUND_FLOOR))
    weights = [Decimal(1 + (i * 7919) % 100_000) for i in range(CLAIMS)]
    total = sum(weights)
    quantity = Decimal(int(total) // 3)
    best = float("inf")
    for _ in range(REPETITIONS):
        start = time.process_time()
        for _ in range(SPLITS):
            shares = [quantity * weight // total for weight in weights]
        best = min(best, (time.process_time() - start) / (SPLITS * CLAIMS))
    print(f"decimal: {best * 1e9:.0f} ns a claim, sum of shares {sum(shares)}")


if __name__ == "__main__":
    main()
