#!/usr/bin/env bash
# The life of an order, a fill or an allocation in words.
source "$(dirname "$0")/support.sh" "$@"

run run "$data/smallest.json" --as-at 2026-03-02T17:00:00Z --user ann --reason 'end of day' \
    --save book.json
expect_status 0
# first LIST: the id of the first entity in it.
first() {
    sed -n "/\"$1\":\\[/,/^\\]/p" book.json |
        sed -n 's/.*{"id":{"scope":"\([^"]*\)","code":"\([^"]*\)".*/\1\/\2/p' | head -n 1
}
fill=$(first executions)
order=$(first orders)

run history book.json "$order"
expect_status 0
expect_out "order $order"
expect_out '1  put'
expect_out 'side Buy'
expect_out "allocation ${fill}-${order#*/}"
expect_out '2026-03-02T17:00:00Z by ann, because: end of day'
expect_out 'of PR-FIFO'

# A correction of the fill is a second version of it and of what was allocated.
run correct book.json "$fill" --quantity 30 --reason 'broker, 14:02' --user bob --save fixed.json
expect_status 0
run history fixed.json "$fill"
expect_status 0
expect_out "execution $fill"
expect_out '2  correction '
expect_out 'by bob, because: broker, 14:02'
expect_out 'quantity from 40 to 30'
expect_out 'quantity from 12 to 9'
expect_out 'quantity from 28 to 21'

# Busted: the allocations are withdrawn, and their story stays.
run bust fixed.json "$fill" --reason 'never was' --save busted.json
expect_status 0
run history busted.json "${fill}-${order#*/}"
expect_status 0
expect_out 'state from New to Cancelled'
expect_out 'because: never was'
expect_out '3  bust '

# What is not there.
run history busted.json nobody/knows
expect_status 2
expect_err 'nobody/knows'
run history busted.json nonsense
expect_status 2
expect_err nonsense
run history nowhere.json "$order"
expect_status 2
expect_err nowhere.json
run history busted.json
expect_status 2
expect_err 'ID is required'

finish
