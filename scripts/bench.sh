#!/usr/bin/env bash
# Measures what docs/performance.md states, and prints goals G1 to G7 with what was measured beside
# each. Results are kept in build/bench, one file a part, with the commit they belong to.
#
#   scripts/bench.sh [--write] [--long] [--install] [PART...] [--benchmark_OPTION...]
#
# Parts, all when none is named:
#   library       the pieces of the library, one pinned core
#   goals         the split kernel and batches beside their rivals: G1 to G5
#   chart         ns a claim against the claims of a split
#   instructions  instructions a claim and an allocation, by callgrind
#   peers         the same splits in the decimal types of other languages, where they are at hand
#   program       `allot run` from text to text: G6
# --write      puts the tables into docs/performance.md, and the chart into docs/pictures
# --long       adds the book of goal G6 to `program`: 10 million orders, 5 GB of disk and of memory
# --install    first installs by apt-get what the parts and the peers want
# Other options are handed to the benchmark program in the part `library`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

build=build/release
results=build/bench
core=$(($(nproc) - 1))
repetitions=5
all_parts=(library goals chart instructions peers program)
parts=()
library_options=()
write=no
long=no
for word in "$@"; do
    case "$word" in
        --write) write=yes ;;
        --long) long=yes ;;
        --install) install_missing "${build_packages[@]}" "${bench_packages[@]}" ;;
        --benchmark_*) library_options+=("$word") ;;
        library | goals | chart | instructions | peers | program) parts+=("$word") ;;
        *)
            sed -n '5,19s/^# \{0,1\}//p' "$0" >&2
            exit 2
            ;;
    esac
done
[ ${#parts[@]} -gt 0 ] || parts=("${all_parts[@]}")

pinned() { taskset -c "$core" "$@"; }

if ! [ -x /usr/bin/time ] || ! command -v taskset >/dev/null; then
    echo "bench.sh: needs GNU time and taskset (Debian: apt-get install time util-linux)" >&2
    exit 2
fi

# The commit, and whether what is measured differs from it.
commit() {
    local name
    name=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
    if [ -n "$(git status --porcelain -- algorithms apps bench engine include 2>/dev/null)" ]; then
        name="$name with changes"
    fi
    echo "$name"
}

# benchmark FILE OPTIONS...: runs allot_bench; its report in results/FILE.json.
benchmark() {
    local file=$1
    shift
    "${runner[@]}" "$build/bin/allot_bench" --benchmark_out="$results/$file.json" \
        --benchmark_out_format=json "$@"
}

run_library() {
    runner=(pinned)
    benchmark library --benchmark_counters_tabular=true --benchmark_min_time=0.05 \
        --benchmark_filter='^(decimal|split|cumulative|day|files|lopsided)/' \
        "${library_options[@]}"
    runner=()
    benchmark threads --benchmark_filter='^day/run_on_threads' --benchmark_min_time=2
}

# What runs on two threads has both cores; each thread's own time counts.
run_goals() {
    local options=(--benchmark_repetitions=$repetitions --benchmark_min_time=0.1)
    runner=(pinned)
    quietly bench-goals benchmark goals "${options[@]}" \
        --benchmark_filter='^goal/(G[134]/|.*threads:1)'
    runner=()
    quietly bench-goals-threads benchmark goals_threads "${options[@]}" \
        --benchmark_filter='^goal/.*threads:2'
}

run_chart() {
    runner=(pinned)
    quietly bench-chart benchmark chart --benchmark_repetitions=3 --benchmark_min_time=0.05 \
        --benchmark_filter='^chart/'
    python3 bench/chart.py "$results/chart.json" >"$results/kernel.svg"
    echo "drawn: $results/kernel.svg"
}

run_instructions() {
    if ! command -v valgrind >/dev/null; then
        echo "skipped: no valgrind (Debian: valgrind; scripts/bench.sh --install)"
        return
    fi
    bench/instructions.sh "$build" | tee "$results/instructions.tsv.new"
    mv "$results/instructions.tsv.new" "$results/instructions.tsv"
}

run_peers() {
    pinned bench/peers/run.sh "$build" | tee "$results/peers.tsv.new"
    mv "$results/peers.tsv.new" "$results/peers.tsv"
}

rows() { # data rows in all CSV files of a folder
    local lines files
    lines=$(cat "$1"/*.csv | wc -l)
    files=$(find "$1" -name '*.csv' | wc -l)
    echo $((lines - files))
}

median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# measure NAME GENERATE-OPTIONS...: makes a book and measures runs on it from CSV text to CSV text.
measure() {
    local name=$1
    shift
    "$build/bin/allot" generate --output "$folder/$name" "$@" >/dev/null
    time_runs "$name" "$folder/$name" csv 1
}

# measure_json NAME: the book generated under that name, from JSON text to JSON text.
measure_json() {
    python3 scripts/json_book.py "$folder/$1" >"$folder/$1.json"
    time_runs "$1" "$folder/$1.json" json 1
    rm "$folder/$1.json"
}

# time_runs NAME BOOK FORMAT THREADS: the median processor and wall times and the largest memory of
# several runs. One thread is pinned to one core; when that is free, the two times are nearly the
# same. Adds a line to program.tsv: name, format, threads, orders, rows, allocations, bytes of the
# input, processor and wall seconds, kilobytes.
time_runs() {
    local name=$1 book=$2 format=$3 threads=$4 allocations orders run times=$folder/times
    local on=(taskset -c "$core")
    [ "$threads" -eq 1 ] || on=()
    rm -f "$times"
    for ((run = 0; run < repetitions; run++)); do
        "${on[@]}" /usr/bin/time --quiet -f '%U %S %e %M' -a -o "$times" "$build/bin/allot" \
            run "$book" --threads "$threads" --format "$format" --output "$folder/result" \
            2>/dev/null || [ $? -eq 1 ]
    done
    if [ "$format" = csv ]; then
        allocations=$(($(wc -l <"$folder/result") - 1))
    else
        allocations=$(grep -c '"allocatedOrderId"' "$folder/result")
    fi
    rm "$folder/result"
    orders=$(($(wc -l <"$folder/$name/orders.csv") - 1))
    printf '%s\t%s\t%d\t%d\t%d\t%d\t%d\t%.2f\t%.2f\t%d\n' "$name" "$format" "$threads" \
        "$orders" "$(rows "$folder/$name")" "$allocations" "$(du -sbL "$book" | cut -f 1)" \
        "$(awk '{ print $1 + $2 }' "$times" | median)" "$(awk '{ print $3 }' "$times" | median)" \
        "$(awk '{ print $4 }' "$times" | sort -n | tail -n 1)" | tee -a "$results/program.tsv"
}

run_program() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    : >"$results/program.tsv"
    measure canonical
    measure_json canonical
    measure tenfold --blocks 3000 --orders 30000 --executions 400000
    # As many allocations as orders, about: ten orders a block, one fill a block and a few more.
    measure wide --blocks 100000 --orders 1000000 --executions 130000
    time_runs wide "$folder/wide" csv 2
    repetitions=3 measure_json wide
    if [ $long = yes ]; then
        repetitions=1 measure huge --blocks 1000000 --orders 10000000 --executions 1300000
        repetitions=1 time_runs huge "$folder/huge" csv 2
    fi
    rm -rf "$folder"
}

cmake --preset release >/dev/null
cmake --build "$build" --target allot_bench allot_pieces allot_cli >/dev/null
mkdir -p "$results"

for part in "${parts[@]}"; do
    printf '\n== %s  (%d min %02d s so far)\n' "$part" $((SECONDS / 60)) $((SECONDS % 60))
    printf '%s\t%s\n' "$(commit)" "$(cut -d ' ' -f 1 /proc/loadavg)" >"$results/$part.where"
    "run_$part"
done

printf '\n== goals  (%d min %02d s so far)\n' $((SECONDS / 60)) $((SECONDS % 60))
python3 bench/goals.py "$results"
if [ $write = yes ]; then
    python3 bench/report.py "$results" docs/performance.md
    mkdir -p docs/pictures
    cp "$results/kernel.svg" docs/pictures/kernel.svg
fi
