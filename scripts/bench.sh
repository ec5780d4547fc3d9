#!/usr/bin/env bash
# Runs all benchmarks on one pinned core and prints what docs/performance.md states: Google
# Benchmark's table, then `allot run` from CSV text to CSV text on the generated day and on one ten
# times as large. Options are handed to the benchmark program, e.g. --benchmark_filter=day.
set -euo pipefail
cd "$(dirname "$0")/.."

core=$(($(nproc) - 1))
repetitions=5
pinned() { taskset -c "$core" "$@"; }

if ! [ -x /usr/bin/time ] || ! command -v taskset >/dev/null; then
    echo "bench.sh: needs GNU time and taskset (Debian: apt-get install time util-linux)" >&2
    exit 2
fi

cmake --preset release >/dev/null
cmake --build build/release --target allot_bench allot_cli >/dev/null

processor=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2- | xargs)
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
echo "machine: $processor, $(nproc) cores, pinned to core $core"
echo "compiler: $(c++ --version | head -n 1); commit: $commit"
echo
pinned build/release/bin/allot_bench --benchmark_counters_tabular=true "$@"

echo
echo "goals of the split kernel and of batches, smallest of $repetitions:"
pinned build/release/bin/allot_bench --benchmark_filter='^goal/' --benchmark_format=json \
    --benchmark_repetitions=$repetitions 2>/dev/null | python3 bench/goals.py
python3 bench/peers/decimal_split.py

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

median() { sort -n | sed -n "$(((repetitions + 1) / 2))p"; }

rows() { # data rows in all CSV files of a folder
    local lines files
    lines=$(cat "$1"/*.csv | wc -l)
    files=$(find "$1" -name '*.csv' | wc -l)
    echo $((lines - files))
}

# measure NAME GENERATE-OPTIONS...: the median processor and wall times and the largest memory of
# several runs. `allot run` has one thread, so on a free core the two times are nearly the same.
measure() {
    local name=$1
    shift
    build/release/bin/allot generate --output "$folder/$name" "$@" >/dev/null
    for ((i = 0; i < repetitions; i++)); do
        pinned /usr/bin/time --quiet -f '%U %S %e %M' -a -o "$folder/$name.times" \
            build/release/bin/allot run "$folder/$name" --format csv \
            --output "$folder/$name.result.csv" 2>/dev/null || [ $? -eq 1 ]
    done
    local entities allocations processor wall kilobytes
    allocations=$(($(wc -l <"$folder/$name.result.csv") - 1))
    entities=$(($(rows "$folder/$name") + allocations))
    processor=$(awk '{ print $1 + $2 }' "$folder/$name.times" | median)
    wall=$(awk '{ print $3 }' "$folder/$name.times" | median)
    kilobytes=$(awk '{ print $4 }' "$folder/$name.times" | sort -n | tail -n 1)
    awk -v name="$name" -v a="$allocations" -v e="$entities" -v p="$processor" -v w="$wall" \
        -v k="$kilobytes" \
        'BEGIN { printf "%-10s %10d %12d %11.2f %8.2f %14.0f %8.0f %13.0f\n",
                 name, e, a, p, w, a / p, k / 1024, k * 1024 / e }'
}

echo
echo "allot run, CSV text to CSV text, medians of $repetitions;"
echo "entities include the allocations made:"
printf '%-10s %10s %12s %11s %8s %14s %8s %13s\n' day entities allocations processor_s wall_s \
    allocations/s peak_MB bytes/entity
measure canonical
measure tenfold --blocks 3000 --orders 30000 --executions 400000
