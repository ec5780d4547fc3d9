#!/usr/bin/env bash
# Measures `allot serve` under load and prints what docs/service.md states of it, beside its goals.
#
#   scripts/service_bench.sh [PART...]
#
# Parts, all when none is named:
#   memory   allocate calls of ten orders on one core, in memory: as many as go, and half the goal
#   data     the same, and single orders, with --data: one client and sixteen
#   lists    a million orders uploaded, and pages of a thousand of them with filters
#
# The service runs on the last core and allot_load on the others, so two cores are wanted, and
# nothing else on the machine: the load before each part is printed. With --data the file is in the
# build folder, and what it costs is what that disk costs.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

build=build/release
folder=
service=
port=
all_parts=(memory data lists)
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=("${all_parts[@]}")
for part in "${parts[@]}"; do
    case "$part" in
        memory | data | lists) ;;
        *)
            sed -n '4,13s/^# \{0,1\}//p' "$0" >&2
            exit 2
            ;;
    esac
done

core=$(($(nproc) - 1))
others=0-$((core > 0 ? core - 1 : 0))

stop() {
    if [ -n "$service" ]; then
        kill "$service" && wait "$service" || true
    fi
    service=
    rm -rf "$folder"
}
trap stop EXIT

# start CORES OPTION...: the service on a free port; FOLDER in an option is one that stop() removes.
start() {
    local cores=$1 tries
    shift
    folder=$(mktemp -d "$build/service_bench.XXXXXX")
    : >"$folder/said" # looked at before the service has begun
    taskset -c "$cores" "$build/bin/allot" serve --port 0 --quiet "${@/FOLDER/$folder}" \
        2>"$folder/said" &
    service=$!
    for ((tries = 0; tries < 100; tries++)); do
        port=$(sed -n 's/.*serving on http:.*:\([0-9]*\),.*/\1/p' "$folder/said")
        [ -z "$port" ] || return 0
        sleep 0.1
    done
    cat "$folder/said" >&2
    exit 1
}

# load WHAT OPTION...: one line of allot_load, under the name of what it measures.
load() {
    local what=$1
    shift
    printf '%-44s' "$what"
    taskset -c "$others" "$build/bin/allot_load" --port "$port" --pid "$service" "$@" |
        sed 's/^work=[a-z]* //'
}

run_memory() {
    echo "goal: 5,000 allocate calls a second on one core; at half of that p99 below 5 ms"
    start "$core" --threads 1
    load 'upload 80,000 placements of ten orders' --batch 200 --calls 1600 day
    load 'allocate, 8 connections' --connections 8 --calls 40000 allocate
    load 'allocate, 2,500 a second' --connections 8 --first 40000 --rate 2500 --calls 25000 \
        allocate
    load 'again, nothing left to do, 8 connections' --connections 8 --calls 20000 again
    load 'the least call, 8 connections' --connections 8 --calls 40000 --path /healthz get
    stop
}

run_data() {
    local way options
    echo "goal: 1,000 writes a second with 16 clients and full sync"
    for way in '' --unsynchronous; do
        options=(--threads 16)
        [ -z "$way" ] || options+=("$way")
        start "0-$core" --data FOLDER/desk.sqlite "${options[@]}"
        echo "--data ${way:-with full sync}"
        load 'one order a call, 1 client' --seconds 5 orders
        load 'one order a call, 16 clients' --connections 16 --first 100000 --seconds 10 orders
        load 'upload 10,000 placements' --batch 200 --calls 200 --first 1000 day
        load 'allocate, 1 client' --calls 500 --first 50000 allocate
        load 'allocate, 16 clients' --connections 16 --calls 9000 --first 51000 allocate
        stop
    done
}

run_lists() {
    local query path='/api/orders?limit=1000&filter='
    echo "goal: 1,000 of 1,000,000 orders by an indexed field in less than 50 ms"
    start "$core" --threads 1
    load 'upload 1,000,000 orders, 5,000 a call' --batch 5000 --calls 200 orders
    printf '%-44s%s MB\n' 'memory of the service' \
        "$(($(awk '/VmRSS/ { print $2 }' "/proc/$service/status") / 1024))"
    for query in "side eq 'Sell'" "state eq 'New'" "portfolioId.code eq 'F000000007'" \
        "date gte 2026-02-05 and date lt 2026-02-06" "id.code in ('O000000001','O000999999')" \
        "portfolioId.code eq 'F000000007' and quantity gt 900" "state eq 'None'" \
        "quantity eq 100" "quantity gt 5000"; do
        load "${query:0:43}" --calls 50 --path "$path${query// /%20}" get
    done
    echo "(quantity has no index: the last finds nothing, and looks at everything)"
    stop
}

mkdir -p build
quietly service_bench-build cmake --preset release
quietly service_bench-build cmake --build "$build" --target allot_cli allot_load -j 2
printf 'commit %s, %s cores\n' "$(git rev-parse --short HEAD)" "$(nproc)"
for part in "${parts[@]}"; do
    printf '\n== %s, load before it %s\n' "$part" "$(cut -d ' ' -f 1 /proc/loadavg)"
    "run_$part"
done
