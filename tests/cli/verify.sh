#!/usr/bin/env bash
# A saved book proves that nothing in it was changed, and that its runs give what they gave.
source "$(dirname "$0")/support.sh" "$@"

run verify "$data/smallest.json"
expect_status 0
expect_exactly 'nothing to verify: no run has written to the book yet'

run run "$data/smallest.json" --as-at 2026-03-02T17:00:00Z --user ann --save book.json
expect_status 0
run verify book.json
expect_status 0
expect_silence_on_err
expect_out 'holds: 2 entries of the journal, 1 run, 2 versions of allocations that came out as '
seal=$(sed -n 's/^seal //p' out.txt)
checks=$((checks + 1))
[ ${#seal} -eq 64 ] || fail 'expected a seal of 64 digits'

# What comes after it goes on from there.
run correct book.json desk/E1 --quantity 30 --reason 'broker, 14:02' --save later.json
expect_status 0
run bust later.json desk/E1 --reason 'never was' --save later.json
expect_status 0
run verify later.json --seal "$seal"
expect_status 0
expect_out '4 entries of the journal, 3 runs, 6 versions of allocations'

# Standard input, and numbers that are text: the seal is the same.
run run "$data/smallest.json" --as-at 2026-03-02T17:00:00Z --user ann --numbers text \
    --save text.json
run verify text.json
expect_status 0
expect_out "seal $seal"

# One byte, and the place is named.
sed 's/"quantity":12/"quantity":13/' book.json >changed.json
run verify changed.json
expect_status 1
expect_out 'does not hold: VersionDiffers'
expect_out 'allocation desk/E1-O1, version 1'
expect_out 'entry 2 of the journal'
expect_out 'it is not what was sealed'
sed 's/"quantity":30,"portfolioId"/"quantity":31,"portfolioId"/' book.json >changed.json
run verify changed.json
expect_status 1
expect_out 'order desk/O1, version 1'

# Without seals the runs still have to give what is written.
sed -e '/^"journal":\[/,/^\],\?$/d' -e 's/"quantity":12/"quantity":13/' book.json |
    sed -z 's/\],\n}/]\n}/' >bare.json
run verify bare.json
expect_status 1
expect_out 'does not hold: NotSealed'

# Somebody who makes another book and seals it is found by the seal that was kept.
sed 's/"quantity": *40/"quantity":50/' "$data/smallest.json" >other.json
run run other.json --as-at 2026-03-02T17:00:00Z --user ann --save other.json
run verify other.json
expect_status 0
run verify other.json --seal "$seal"
expect_status 1
expect_out 'does not hold: SealIsUnknown'

# A byte that makes the file unreadable is one of reading, with its line.
sed 's/"allocations":\[/"allocations":[[/' book.json >broken.json
run verify broken.json
expect_status 2
expect_err 'broken.json:'

run verify book.json --seal 123
expect_status 2
expect_err '64 digits'
run verify nowhere.json
expect_status 2
expect_err nowhere.json
run verify
expect_status 2
expect_err 'BOOK is required'
run verify --help
expect_status 0
expect_out 'Exit status'

finish
