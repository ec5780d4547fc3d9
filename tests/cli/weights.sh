#!/usr/bin/env bash
# `allot run --weights`: what was traded without orders goes to portfolios by weight.
source "$(dirname "$0")/support.sh" "$@"

weights=funds/Portfolio1=0.6,funds/Portfolio2=2/5
run run "$data/unsolicited.json" --algorithm PR-LF --weights $weights --save saved.json
expect_status 0
expect_out "desk/U1-funds-Portfolio1   funds/Portfolio1        600   26.35 GBP"
expect_out "desk/U1-funds-Portfolio2   funds/Portfolio2        400   26.35 GBP"
expect_silence_on_err

# The saved book knows the orders, and a further run finds nothing to do.
run run saved.json --algorithm PR-LF --weights $weights
expect_status 0
expect_out "nothing new to allocate"

run run "$data/unsolicited.json"
expect_status 1
expect_out "NoOrders"

for bad in funds/A funds=1 funds/A=x funds/A=-1 funds/A=1/0 funds/A=1,funds/A=2 "=1"; do
    run run "$data/unsolicited.json" --weights "$bad"
    expect_status 2
    expect_err "--weights"
    expect_exactly ""
done
run run "$data/unsolicited.json" --weights funds/A=1 --algorithm FIFO
expect_status 1
expect_out "AlgorithmRefused"

# Weights that decide nothing are not passed over in silence.
run run "$data/unsolicited.json" --algorithm PR-LF --weights $weights --preview
expect_silence_on_err
printf '%s\n' 'id,side,quantity,portfolio_id' 'd/O1,Buy,100,f/A' 'd/O2,Buy,100,f/B' >orders.csv
printf '%s\n' 'id,order_ids,side' 'd/B,d/O1|d/O2,Buy' >blocks.csv
printf '%s\n' 'id,block_ids' 'd/P,d/B' >placements.csv
printf '%s\n' 'id,placement_id,quantity,created_date,price,price_currency' \
    'd/E,d/P,150,2026-03-02T14:00:00Z,10,USD' >executions.csv
run run . --weights f/A=1,f/B=1
expect_status 0
expect_err "note: --weights was not used: PR-FIFO does not split by weights"
run run . --weights f/A=1,f/B=1 --algorithm PCT
expect_status 0
expect_silence_on_err
run run .
expect_silence_on_err

# A slip in a name takes the weight from one portfolio and gives it to none.
run run . --weights f/A=1,f/b=1,f/C=2 --algorithm PCT
expect_status 0
expect_err "note: --weights names f/C, f/b, of which this run has no order; f/B is not in"
run run . --weights f/A=1 --algorithm PCT
expect_err "note: f/B is not in --weights, so that the weight of its orders is 0"
run run . --weights f/A=1,f/B=0 --algorithm PCT
[[ $err != *--weights* ]] || fail "a weight of 0 that is given is no slip"
finish
