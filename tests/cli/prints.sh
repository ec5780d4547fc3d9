#!/usr/bin/env bash
# Books of real prints: one book or a calendar, from files, standard input and pipes; what is
# refused, and that nothing is written then.
source "$(dirname "$0")/support.sh" "$@"

# Forty prints of two instruments on two days, each day its own.
mkdir prints
for day in 20131007 20131008; do
    for ticker in aig bac; do
        echo ms,price,size
        for i in $(seq 1 40); do
            echo "$((34200000 + i * i * 37)),$((10 + i % 3)).$((10 + i * 3 % 7)),$((i * 50))"
        done
    done | split -l 41 - prints/part.
    mv prints/part.aa prints/aig-$day.csv
    mv prints/part.ab prints/bac-$day.csv
done
executed=$((40 * 41 / 2 * 50)) # of each file

# sum FILE COLUMN: of a CSV file.
sum() {
    awk -F, -v column="$2" 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == column) at = i; next }
        { total += $at } END { print total }' "$1"
}
# expect_sum NUMBER FILE COLUMN
expect_sum() {
    local found
    found=$(sum "$2" "$3")
    checks=$((checks + 1))
    [ "$found" = "$1" ] || fail "expected $1 for $3 of $2, found $found"
}

# A calendar: a folder for each day, a block for each file.
run generate --prints prints/*.csv --calendar --output calendar --seed 7
expect_status 0
expect_exactly "calendar/2013-10-07: 2 blocks, 20 orders, 80 executions, seed 7
calendar/2013-10-08: 2 blocks, 20 orders, 80 executions, seed 7"
expect test "$(ls calendar | tr '\n' ' ')" = "2013-10-07 2013-10-08 "
for day in 2013-10-07 2013-10-08; do
    expect_sum $((2 * executed)) calendar/$day/executions.csv quantity
    expect_sum $((2 * executed * 10 / 8)) calendar/$day/orders.csv quantity
    run run calendar/$day --format csv --output allocations.csv
    expect_status 0
    expect_sum $((2 * executed)) allocations.csv quantity
done
expect grep -q 'Block/allot/Prints=aig-20131007.csv' calendar/2013-10-07/blocks.csv
expect grep -q 'Block/allot/Seed=7' calendar/2013-10-07/blocks.csv

# One book of the same: the same rows, whatever the order of the files.
run generate --prints prints/bac*.csv prints/aig*.csv --output book --seed 7
expect_status 0
expect_exactly "book: 4 blocks, 40 orders, 160 executions, seed 7"
for file in orders blocks placements executions; do
    { cat calendar/2013-10-07/$file.csv; tail -n +2 calendar/2013-10-08/$file.csv; } >both.csv
    expect_same both.csv book/$file.csv
done
# Whatever the time zone and the locale; another seed is another book.
TZ=Pacific/Auckland LC_ALL=de_DE.UTF-8 "$allot" generate --prints prints/*.csv --output zone \
    --seed 7 >/dev/null
"$allot" generate --prints prints/*.csv --output other --seed 8 >/dev/null
for file in instruments orders blocks placements executions; do
    expect_same book/$file.csv zone/$file.csv
done
checks=$((checks + 1))
! cmp -s book/orders.csv other/orders.csv || fail "expected other orders"

# By standard input, and from a pipe that is read once though it is needed twice.
names=(--instrument AIG --date 2013-10-07)
run generate --prints prints/aig-20131007.csv --output file
what="standard input"
"$allot" generate --prints - "${names[@]}" --output stdin <prints/aig-20131007.csv >/dev/null
mkfifo pipe.csv
cat prints/aig-20131007.csv >pipe.csv &
what="a pipe"
"$allot" generate --prints pipe.csv "${names[@]}" --output pipe >/dev/null
wait
for file in orders executions; do
    expect_same file/$file.csv stdin/$file.csv
    expect_same file/$file.csv pipe/$file.csv
done

# Slices: other fills of the same sum, the same orders.
for slices in 1/5 3; do
    run generate --prints prints/aig-20131007.csv --slices $slices --output slices --force
    expect_status 0
    expect_sum $executed slices/executions.csv quantity
    expect_same file/orders.csv slices/orders.csv
    expect grep -q "Block/allot/Slices=$slices|\|Block/allot/Slices=$slices\"" slices/blocks.csv
    run run slices
    expect_status 0
done
expect_out 'executed 41,000   allocated 41,000   unallocated 0'
expect test "$(wc -l <slices/executions.csv)" -eq 121

# Participation, times of day, ratio: 0.3 of what is printed in the first second.
run generate --prints prints/aig-20131007.csv --participation 0.3 --from 09:30 --to 09:30:01 \
    --fill-ratio 0.5 --orders 3 --currency GBX --utc-offset -04:00 --output part
expect_status 0
expect_sum 225 part/executions.csv quantity # of 50 + 100 + ... + 250
expect_sum 450 part/orders.csv quantity
expect grep -q '2013-10-07T09:30:00.925-04:00,.*,GBX,' part/executions.csv

# The folder of a made-up day: its instruments do not stay.
"$allot" generate --output made-up --blocks 3 --orders 9 --executions 20 >/dev/null
run generate --prints prints/aig-20131007.csv --output made-up
expect_status 2
expect_err --force
run generate --prints prints/aig-20131007.csv --output made-up --force
expect_status 0
expect_same file/instruments.csv made-up/instruments.csv

# refused TEXT WORD...: with the text in the message, and nothing is written.
refused() {
    local text=$1
    shift
    run generate --output nothing "$@"
    expect_status 2
    expect_exactly ""
    expect_err "$text"
    expect test ! -e nothing
}
good=prints/aig-20131007.csv
refused 'nowhere-20131007.csv: file is unreadable' --prints $good nowhere-20131007.csv
printf 'ms,price,size\n34200000,10,5\n34199999,10,0\n' >bad-20131007.csv
refused 'bad-20131007.csv:3: time is out of place, print ms, found 34199999, expected no time' \
    --prints $good bad-20131007.csv --calendar
expect_err 'bad-20131007.csv:3: quantity is not positive, print size, found 0, expected a whole'
gzip -c $good >aig-20131007.csv.gz
refused 'file is not CSV, print, found compressed data, expected plain text' \
    --prints aig-20131007.csv.gz
: >empty-20131007.csv
refused 'empty-20131007.csv:1: file is empty' --prints empty-20131007.csv
cp $good aig.csv
refused 'aig.csv: option is not valid, --date, found none' --prints aig.csv
cp $good 20131007.csv
refused '20131007.csv: option is not valid, --instrument, found none' --prints 20131007.csv
refused '--prints, found AIG of 2013-10-07 again' --prints $good $good
refused '--prints, found - twice' --prints - -
refused '--participation, found 2, expected a number above 0' --prints $good --participation 2
refused '--participation, found half' --prints $good --participation half
refused '--fill-ratio, found 0' --prints $good --fill-ratio 0
refused '--slices, found 0' --prints $good --slices 1/0
refused '--slices, found 2/3' --prints $good --slices 2/3
refused '--slices, found -1' --prints $good --slices -1
refused '--from, found noon' --prints $good --from noon
refused '--to, found 09:00' --prints $good --from 09:30 --to 09:00
refused 'none executed' --prints $good --from 12:00
refused '--utc-offset, found EST' --prints $good --utc-offset EST
refused '--orders, found 60000' --prints $good --orders 60000
refused '--blocks' --prints $good --blocks 3
refused '--prints' --participation 0.5
run generate --prints $good --output "$good/book"
expect_status 3

finish
