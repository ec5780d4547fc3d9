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
cmake --build build/release --target allot_bench allot_pieces allot_cli >/dev/null

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
bench/peers/run.sh

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
# several runs from CSV text to CSV text. `allot run` is pinned to one core, so when that core is
# free the two times are nearly the same.
measure() {
    local name=$1
    shift
    build/release/bin/allot generate --output "$folder/$name" "$@" >/dev/null
    time_runs "$name" "$folder/$name" "$(rows "$folder/$name")" csv
}

# measure_json NAME: the book generated under that name, from JSON text to JSON text.
measure_json() {
    python3 scripts/json_book.py "$folder/$1" >"$folder/$1.json"
    time_runs "$1_json" "$folder/$1.json" "$(rows "$folder/$1")" json
}

# time_runs NAME BOOK ROWS FORMAT
time_runs() {
    local name=$1 book=$2 entities=$3 format=$4 allocations processor wall kilobytes
    for ((i = 0; i < repetitions; i++)); do
        pinned /usr/bin/time --quiet -f '%U %S %e %M' -a -o "$folder/$name.times" \
            build/release/bin/allot run "$book" --format "$format" \
            --output "$folder/$name.result" 2>/dev/null || [ $? -eq 1 ]
    done
    if [ "$format" = csv ]; then
        allocations=$(($(wc -l <"$folder/$name.result") - 1))
    else
        allocations=$(grep -c '"allocatedOrderId"' "$folder/$name.result")
    fi
    rm "$folder/$name.result"
    entities=$((entities + allocations))
    processor=$(awk '{ print $1 + $2 }' "$folder/$name.times" | median)
    wall=$(awk '{ print $3 }' "$folder/$name.times" | median)
    kilobytes=$(awk '{ print $4 }' "$folder/$name.times" | sort -n | tail -n 1)
    awk -v name="$name" -v a="$allocations" -v e="$entities" -v p="$processor" -v w="$wall" \
        -v k="$kilobytes" \
        'BEGIN { printf "%-14s %10d %12d %11.2f %8.2f %14.0f %8.0f %13.0f\n",
                 name, e, a, p, w, a / p, k / 1024, k * 1024 / e }'
}

echo
echo "allot run from text to text of the same kind, medians of $repetitions;"
echo "entities include the allocations made:"
printf '%-14s %10s %12s %11s %8s %14s %8s %13s\n' day entities allocations processor_s wall_s \
    allocations/s peak_MB bytes/entity
measure canonical
measure_json canonical
measure tenfold --blocks 3000 --orders 30000 --executions 400000
# As many allocations as orders, about: ten orders a block, one fill a block and a few more.
measure wide --blocks 100000 --orders 1000000 --executions 130000
measure_json wide
# The book of goal G6. It takes 4 GB of disk and as many of memory: only when asked for.
if [ -n "${ALLOT_BENCH_HUGE:-}" ]; then
    repetitions=1
    measure huge --blocks 1000000 --orders 10000000 --executions 1300000
fi
