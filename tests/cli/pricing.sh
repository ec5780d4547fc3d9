#!/usr/bin/env bash
# Grain and price through the program: one allocation for each order, averages, and what is left.
source "$(dirname "$0")/support.sh" "$@"

id() { printf '{"scope":"%s","code":"%s"}' "$1" "$2"; }
order() {
    printf '{"id":%s,"side":"Buy","quantity":%s,"portfolioId":%s,"date":"2026-03-0%s"}' \
        "$(id desk "$1")" "$2" "$(id funds "P$1")" "$3"
}
execution() {
    printf '{"id":%s,"placementId":%s,"quantity":%s,"createdDate":"2026-03-02T1%s:00:00Z",' \
        "$(id desk "$1")" "$(id desk P1)" "$2" "$3"
    printf '"price":{"amount":%s,"currency":"GBP"}}' "$4"
}
cat >book.json <<JSON
{"schema":"allot/1",
 "orders":[$(order A 30 1),$(order B 70 2)],
 "blocks":[{"id":$(id desk B1),"orderIds":[$(id desk A),$(id desk B)]}],
 "placements":[{"id":$(id desk P1),"blockIds":[$(id desk B1)]}],
 "executions":[$(execution E1 40 0 10),$(execution E2 10 1 11.1)]}
JSON

# 12 x 10 + 3 x 11.1 = 153.3 are 15 x 10.22, and 28 x 10 + 7 x 11.1 = 357.7 are 35 x 10.22. At one
# place both are 10.2, and (15 + 35) x 0.02 = 1 is left over.
run run book.json --grain order --price-scale 1 --format json --save saved.json
expect_status 0
expect_out '"quantity":15,'
expect_out '"quantity":35,'
expect_out '"price":{"amount":10.2,"currency":"GBP"}'
expect_out '"residual":[{"amount":1,"currency":"GBP"}]'
expect_out '"labelValue":"12|3"'
expect_out '"grain":"order"'
expect_out '"priceScale":"1"'
expect grep -q '"labelValue":"28|7"' saved.json

# The saved book goes on, and nothing is left to do.
run run saved.json --grain order --price-scale 1 --save again.json
expect_status 0
expect_out '0 new allocations'
expect_out 'residual 1 GBP'
expect_same saved.json again.json
run run saved.json --save again.json
expect_out '0 new allocations'
expect_same saved.json again.json

# One price for all, up to a tick: 511 / 50 = 10.22, for buyers 10.25, and 511 - 512.5 is left.
run run book.json --price average --tick 0.25 --format json
expect_out '"price":{"amount":10.25,"currency":"GBP"}'
expect_out '"residual":[{"amount":-1.5,"currency":"GBP"}]'
expect_out '"price":"average"'
run run book.json --price average --average-over block --format json
expect_out '"averageOver":"block"'
expect_out '"amount":10.22,'

# As one quantity of 50: 15 and 35. The order that ranks first has the lowest or the highest price.
run run book.json --pool
expect_out '2 new allocations'
expect_out '10.22 GBP'
expect_out 'desk/E1 +1'
run run book.json --price high-low
expect_out 'desk/E2     desk/A   funds/PA          10   11.1 GBP'
run run book.json --price low-high
expect_out 'desk/E1     desk/A   funds/PA          15     10 GBP'

# To whom the cash goes that is left over.
run run book.json --price average --tick 0.25 --residual-account funds/HOUSE --format json \
    --save booked.json
expect_status 0
expect_out '"residual":[{"amount":-1.5,"currency":"GBP",'
expect_out '"account":{"scope":"funds","code":"HOUSE"}}]'
expect_out '"residualAccount":"funds/HOUSE"'
expect_out '"residuals":"desk/P1=-1.5 GBP"'
expect grep -q '"residuals":"desk/P1=-1.5 GBP"' booked.json
run run booked.json --price average --tick 0.25 --residual-account funds/HOUSE
expect_status 0
expect_out 'residual -1.5 GBP to funds/HOUSE'
run run book.json --residual-account funds/HOUSE
expect_status 2
expect_err residualAccount
run run book.json --price average --residual-account HOUSE
expect_status 2
expect_err --residual-account

# What cannot be.
run run book.json --tick 0
expect_status 2
expect_err --tick
run run book.json --price-scale 29
expect_status 2
run run book.json --tick 0.25
expect_status 2
expect_err '--tick, found 0.25, expected --price average, --pool or --grain order beside it'
run run book.json --price fifo --price-scale 2
expect_status 2
expect_err '--price-scale, found 2'
run run book.json --grain order --price-scale 2 --tick 0.25
expect_status 0
run run book.json --average-over block
expect_status 2
expect_err averageOver
run run book.json --pool --price fifo
expect_status 2
run correct saved.json desk/E1 --quantity 30 --reason venue
expect_status 2
expect_err 'which is not of one execution alone'

finish
