#!/usr/bin/env bash
# Instructions a claim of the split kernel and an allocation of the engine, counted by callgrind: a
# busy machine does not change them. valgrind has no AVX-512, so the other two forms are counted.
# Prints a line for each piece: name, unit, how many, instructions, instructions a unit; separated
# by tabs.
#
#   bench/instructions.sh [build folder]
set -euo pipefail
cd "$(dirname "$0")/.."
pieces=${1:-build/release}/bin/allot_pieces

# count UNIT PIECE WORDS...: the instructions inside of allot_measured.
count() {
    local unit=$1 name units log instructions
    shift
    name=$(tr ' ' '/' <<<"$*")
    log=$(mktemp)
    if ! units=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --toggle-collect='allot_measured*' "$pieces" "$@" 2>"$log"); then
        echo "instructions.sh: $* failed under valgrind:" >&2
        tail -n 20 "$log" >&2
        rm "$log"
        return 1
    fi
    instructions=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$log")
    rm "$log"
    awk -v name="$name" -v unit="$unit" -v n="$units" -v i="$instructions" \
        'BEGIN { printf "%s\t%s\t%d\t%d\t%.2f\n", name, unit, n, i, i / n }'
}

for form in scalar avx2; do
    for bits in 32 47 51 62; do
        count claim kernel $bits $form
    done
    count claim small $form
done
for bits in 90 126 190 254; do
    count claim wide $bits
done
count allocation engine
