#!/usr/bin/env bash
# The show of scripts/demo.sh: runs the program that lies in the given folder on the example books.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$1:$PATH"

# show WORD... : prints the command, runs it; failed placements (status 1) are part of the show.
show() {
    local status=0
    printf '\n> %s\n\n' "$*"
    "$@" || status=$?
    if [ "$status" -gt 1 ]; then
        echo "scripts/show.sh: '$*' ended with status $status" >&2
        exit "$status"
    fi
}

printf '\n1. The smallest book: orders of 30 and 70, one execution of 40.\n'
show allot run data/smallest.json

printf '\n2. One block hit by fifty small fills. PR-FIFO works fill by fill: see what that does.\n'
show allot run data/many-small-fills.json

printf '\n3. A desk: several brokers, a parent with children, and four placements with trouble.\n'
show allot run data/desk

printf '\n4. A made-up trading day: 300 blocks, 3,000 orders, 40,000 executions, as CSV.\n'
rm -rf build/data/day
mkdir -p build/data
show allot generate --output build/data/day
started=${EPOCHREALTIME/[.,]/}
show allot run build/data/day --format csv --output build/data/day-allocations.csv
took=$((${EPOCHREALTIME/[.,]/} - started))
rows=$(($(wc -l <build/data/day-allocations.csv) - 1))
printf '%d allocations in build/data/day-allocations.csv after %d ms,\n' "$rows" $((took / 1000))
printf 'that is %d a second from CSV to CSV\n' $((rows * 1000000 / took))
printf '\n> allot run build/data/day | tail -n 12\n\n'
allot run build/data/day 2>/dev/null | tail -n 12
