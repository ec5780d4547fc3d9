#!/usr/bin/env bash
# `allot backtest` over time: it goes on where it was stopped, takes orders as they were, and marks.
source "$(dirname "$0")/support.sh" "$@"

# Stopped at a bad third day and gone on with: the same bytes as in one go.
for day in 1 2 3 4; do
    "$allot" generate --output days/2026-03-0$day --date 2026-03-0$day --seed $day --blocks 5 \
        --orders 40 --executions 200 --portfolios 6 >/dev/null
done
rules=(--algorithms PR-FIFO,QUOTA --draws 200)
run backtest days "${rules[@]}" --output whole
expect_status 0
cp -r days/2026-03-03 good
echo 'no,such,columns' >days/2026-03-03/orders.csv
run backtest days "${rules[@]}" --output parts --strict
expect_status 2
expect test -f parts/checkpoint
rm -r days/2026-03-03
mv good days/2026-03-03
run backtest days "${rules[@]}" --output parts
expect_status 2
expect_err --resume
run backtest days --algorithms PR-FIFO,FIFO --draws 200 --output parts --resume
expect_status 2
expect_err "other options"
run backtest days "${rules[@]}" --output parts --resume --threads 2
expect_status 0
for file in summary.json accounts.csv blocks.csv report.html; do
    expect_same whole/$file parts/$file
done
expect test ! -e parts/checkpoint
cp -r parts damaged
printf '0\nallot-backtest-state 1\nnothing' >damaged/checkpoint
run backtest days "${rules[@]}" --output damaged --resume
expect_status 2
expect_err --resume
run backtest days --resume
expect_status 2
expect_err --output

# Orders are at each fill what they were then.
id() { printf '{"scope":"d","code":"%s"}' "$1"; }
order() { # CODE QUANTITY MORE
    printf '{"id":%s,"side":"Buy","quantity":%s,"portfolioId":{"scope":"f","code":"%s"}%s}' \
        "$(id "$1")" "$2" "$1" "${3-}"
}
fill() { # CODE QUANTITY TIME
    printf '{"id":%s,"placementId":%s,"quantity":%s,"createdDate":"2026-03-02T%s:00Z",' \
        "$(id "$1")" "$(id P)" "$2" "$3"
    printf '"price":{"amount":10,"currency":"USD"}}'
}
version() { # NUMBER TIME
    printf ',"version":{"asAtVersionNumber":%s,"asAtDate":"2026-03-02T%s:00Z"}' "$1" "$2"
}
block() { # MORE ORDER...
    local more=$1 orders=""
    shift
    for code in "$@"; do orders+="${orders:+,}$(id "$code")"; done
    printf '{"id":%s,"orderIds":[%s]%s}' "$(id B1)" "$orders" "$more"
}
# check NAME ORDERS BLOCK FILLS HISTORY A B: what A and B have under every rule.
check() {
    printf '{"orders":[%s],"blocks":[%s],"placements":[{"id":%s,"blockIds":[%s]}],' \
        "$2" "$3" "$(id P)" "$(id B1)" >"$1.json"
    printf '"executions":[%s],"history":%s}' "$4" "$5" >>"$1.json"
    run backtest "$1.json" --algorithms PR-FIFO,QUOTA --draws 10 --output "$1"
    expect_status 0
    expect test "$(cut -d, -f1,2,6 "$1/accounts.csv" | tail -n 4 | tr '\n' ' ')" = \
        "PR-FIFO,f/A,$6 PR-FIFO,f/B,$7 QUOTA,f/A,$6 QUOTA,f/B,$7 "
}
both=$(block "" A B)
check cancelled "$(order A 50 ",\"state\":\"Cancelled\"$(version 2 12:00)"),$(order B 50)" "$both" \
    "$(fill E1 40 10:00)" "{\"orders\":[$(order A 50 "$(version 1 09:00)")]}" 20 20
check amended "$(order A 300 "$(version 2 12:00)"),$(order B 100)" "$both" \
    "$(fill E1 100 10:00)" "{\"orders\":[$(order A 100 "$(version 1 09:00)")]}" 50 50
joined=$(block "$(version 2 14:00)" A B)
alone="{\"blocks\":[$(block "$(version 1 09:00)" A)]}"
check joined "$(order A 100),$(order B 100)" "$joined" "$(fill E1 50 10:00)" "$alone" 50 0
check shared "$(order A 100),$(order B 100)" "$joined" \
    "$(fill E1 50 10:00),$(fill E2 50 15:00)" "$alone" 67 33

# Marks in place of last prices, and what is wrong with a file of them.
printf 'instrument_identifiers,currency,price\nTicker=X,USD,11\n' >marks.csv
printf 'instrument_identifiers,price\nTicker=X,11\n' >few.csv
printf 'instrument_identifiers,currency,price\nTicker=X,USD,much\n' >bad.csv
printf 'instrument_identifiers,currency,price\nT=X,USD,1\nT=X,USD,2\n' >two.csv
for case in few:currency bad:bad.csv:2 two:two.csv:3 none:none.csv; do
    run backtest joined.json --marks "${case%%:*}.csv"
    expect_status 2
    expect_err "${case#*:}"
done
sed 's/"blockIds"/"instrumentIdentifiers":{"Ticker":"X"},"blockIds"/' amended.json >named.json
sed 's/"quantity":100,"createdDate"/"quantity":33,"createdDate"/' named.json >marked.json
run backtest marked.json --algorithms PR-FIFO --draws 10 --output unmarked
run backtest marked.json --algorithms PR-FIFO --draws 10 --output marked --marks marks.csv
expect_status 0
expect test "$(cut -d, -f9 unmarked/accounts.csv | tail -n 2 | tr '\n' ' ')" = "0 0 "
expect test "$(cut -d, -f9 marked/accounts.csv | tail -n 2 | tr '\n' ' ')" = "0.5 -0.5 "
finish
