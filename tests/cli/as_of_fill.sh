#!/usr/bin/env bash
# Orders claim from an execution with what they were when it was made, through the program.
source "$(dirname "$0")/support.sh" "$@"

id() { printf '{"scope":"d","code":"%s"}' "$1"; }
version() { # NUMBER TIME
    printf ',"version":{"asAtVersionNumber":%s,"asAtDate":"2026-03-02T%s:00Z"}' "$1" "$2"
}
order() { # CODE QUANTITY MORE
    printf '{"id":%s,"side":"Buy","quantity":%s,"portfolioId":%s%s}' \
        "$(id "$1")" "$2" "$(id "$1")" "${3-}"
}
fill() { # CODE QUANTITY TIME
    printf '{"id":%s,"placementId":%s,"quantity":%s,"createdDate":"2026-03-02T%s:00Z",' \
        "$(id "$1")" "$(id P)" "$2" "$3"
    printf '"price":{"amount":10,"currency":"USD"}}'
}
block() { # MORE ORDER...
    local more=$1 orders=""
    shift
    for code in "$@"; do orders+="${orders:+,}$(id "$code")"; done
    printf '{"id":%s,"orderIds":[%s]%s}' "$(id B1)" "$orders" "$more"
}
book() { # NAME ORDERS BLOCK FILLS HISTORY
    printf '{"orders":[%s],"blocks":[%s],"placements":[{"id":%s,"blockIds":[%s]}],' \
        "$2" "$3" "$(id P)" "$(id B1)" >"$1.json"
    printf '"executions":[%s],"history":%s}' "$4" "$5" >>"$1.json"
}
# has NAME OPTIONS ORDER=QUANTITY...: what a preview gives, in the order of the rows.
has() {
    local name=$1 options=$2
    shift 2
    # shellcheck disable=SC2086
    run run "$name.json" --preview $options --format csv
    expect_status 0
    expect test "$(tail -n +2 out.txt | cut -d, -f2,3 | sed 's|^d/||;s|,|=|' | tr '\n' ' ')" = \
        "$* "
}

both=$(block "" A B)
# A and B of 50 each, 40 filled, A cancelled afterwards.
book cancelled "$(order A 50 ",\"state\":\"Cancelled\"$(version 2 12:00)"),$(order B 50)" \
    "$both" "$(fill E1 40 10:00)" "{\"orders\":[$(order A 50 "$(version 1 09:00)")]}"
has cancelled "" B=40
has cancelled --as-of-fill A=20 B=20
# A amended from 100 to 300 after 100 were filled beside B 100.
book amended "$(order A 300 "$(version 2 12:00)"),$(order B 100)" "$both" \
    "$(fill E1 100 10:00)" "{\"orders\":[$(order A 100 "$(version 1 09:00)")]}"
has amended "" A=75 B=25
has amended --as-of-fill A=50 B=50
# B joined at 14:00, after a fill of 50, and before another.
joined=$(block "$(version 2 14:00)" A B)
alone="{\"blocks\":[$(block "$(version 1 09:00)" A)]}"
book joined "$(order A 100),$(order B 100)" "$joined" "$(fill E1 50 10:00)" "$alone"
has joined "" A=25 B=25
has joined --as-of-fill A=50
book shared "$(order A 100),$(order B 100)" "$joined" \
    "$(fill E1 50 10:00),$(fill E2 50 15:00)" "$alone"
has shared --as-of-fill A=50 A=17 B=33

# When A was amended is not said.
book unknown "$(order A 300 ',"version":{"asAtVersionNumber":2}'),$(order B 100)" "$both" \
    "$(fill E1 100 10:00)" "{\"orders\":[$(order A 100)]}"
run run unknown.json --as-of-fill
expect_status 1
expect_out OrderChangedAfterExecution
expect_out 'Order d/A has changed, and its versions do not say when'
run run unknown.json
expect_status 0

# The record says so, and a saved book goes on from there.
run run shared.json --as-of-fill --save saved.json --format json
expect_status 0
expect_out '"asOfFill":"true"'
run run saved.json --as-of-fill --save again.json
expect_status 0
expect_out '0 new allocations'
expect_same saved.json again.json
# Split again, as of the fill too, nothing moves; with the block as it is now it does.
run reallocate saved.json --as-of-fill --reason check --preview --format json
expect_status 0
expect_out '"allocations":[],'
run reallocate saved.json --reason check --preview --format json
expect_status 0
expect_out '"before":50,"after":25'

finish
