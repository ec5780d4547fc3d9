#!/usr/bin/env bash
# The same input gives the same bytes, whatever the order of its lists, the time zone, the locale
# or the way it is read; and a second run on a saved book changes nothing.
source "$(dirname "$0")/support.sh" "$@"

"$allot" generate --output day --blocks 12 --orders 90 --executions 700 --seed 5 >/dev/null
"$allot" generate --output again --blocks 12 --orders 90 --executions 700 --seed 5 >/dev/null
what="the same seed"
for file in day/*.csv; do
    expect_same "$file" "again/$(basename "$file")"
done
"$allot" generate --output other --blocks 12 --orders 90 --executions 700 --seed 6 >/dev/null
what="another seed"
checks=$((checks + 1))
! cmp -s day/executions.csv other/executions.csv || fail "expected another day"

# to_file NAME WORD...
to_file() {
    local name=$1
    shift
    run run "$@"
    cp out.txt "$name"
}
for format in json csv table; do
    to_file first.$format day --format $format
    expect_status 0
    expect test -s first.$format
    to_file second.$format day --format $format
    expect_same first.$format second.$format
    what="$format with another time zone and locale"
    TZ=Pacific/Auckland LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 "$allot" run day --format $format \
        >zone.$format 2>/dev/null
    expect_same first.$format zone.$format
    what="$format with rows in another order"
    mkdir -p shuffled
    for file in day/*.csv; do
        { head -n 1 "$file"; tail -n +2 "$file" | sort -r; } >"shuffled/$(basename "$file")"
    done
    to_file shuffled.$format shuffled --format $format
    expect_same first.$format shuffled.$format
done
to_file fifo.csv day --format csv --algorithm FIFO
checks=$((checks + 1))
! cmp -s first.csv fifo.csv || fail "FIFO should differ from PR-FIFO"

# By file, by standard input, to a file: the same.
to_file file.json "$data/smallest.json" --format json
"$allot" run - --format json <"$data/smallest.json" >stdin.json
what="standard input"
expect_same file.json stdin.json
run run "$data/smallest.json" --format json --output written.json
expect_exactly ""
expect_same file.json written.json
to_file preview.json "$data/smallest.json" --format json --preview
expect_same file.json preview.json

# Saving, and going on from what was saved.
for book in "$data/smallest.json" "$data/many-small-fills.json" "$data/desk" day; do
    name=$(basename "$book" .json)
    run run "$book" --save "$name.saved" --format json
    cp "$name.saved" "$name.before"
    run run "$name.saved" --save "$name.saved" --format json
    expect_out '"allocations":[]'
    expect_same "$name.before" "$name.saved"
done
# A new execution is allocated on top; what was there stays.
run run "$data/smallest.json" --save base.json --format csv
expect_out desk/E1-O1
second='{"id":{"scope":"desk","code":"E2"},"placementId":{"scope":"desk","code":"P1"},'
second+='"quantity":10,"price":{"amount":1},"createdDate":"2026-03-02T10:00:00Z"}'
sed -e "s/\"executions\": *\[/&$second,/" base.json >grown.json
run run grown.json --format csv
expect_out desk/E2-O1
checks=$((checks + 1))
[[ $out != *desk/E1-O1* ]] || fail "an old allocation is told as new"
# The caller's words end in the run record.
run run "$data/smallest.json" --format json \
    --as-at 2026-03-02T18:00:00Z --user anna --reason 'end of day'
for word in 2026-03-02T18:00:00Z anna 'end of day'; do
    expect_out "\"$word\""
done
# Decimals as text.
run run "$data/smallest.json" --numbers text --format json
expect_out '"quantity":"12"'

finish
