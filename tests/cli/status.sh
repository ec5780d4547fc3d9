#!/usr/bin/env bash
# The exit status of every command in every situation, and what is said along with it.
source "$(dirname "$0")/support.sh" "$@"

# 0: done
run split --quantity 40 --claims 30,70 --format json
expect_status 0
expect_exactly '{"shares":["12","28"],"unallocated":"0"}'
run split --quantity 15 --claims 25,25,25 --lot 10 --format json
expect_exactly '{"shares":["10","5","0"],"unallocated":"0"}'
long=123456789012345678.123456789
run split --quantity $long --claims $long --format json
expect_exactly '{"shares":["'$long'"],"unallocated":"0"}'
run split --quantity 100 --claims 30,40 --algorithm fifo --format json
expect_exactly '{"shares":["30","40"],"unallocated":"30"}'
run run "$data/smallest.json"
expect_status 0
expect_silence_on_err
run run "$data/smallest.json" --format json
expect_status 0
expect_out '"quantity":12'
expect_out '"quantity":28'
run algorithms
expect_status 0
run algorithms pr-fifo --format json
expect_status 0
expect_out '"code":"PR-FIFO"'
run algorithms OLDEST --format json
expect_status 0
expect_out '"PR-OLDEST"'
run split --quantity 50 --claims 5,9,57,4,28,300 --algorithm PR-OLDEST:minimum=2 --format json
expect_status 0
expect_exactly '{"shares":["3","0","7","0","3","37"],"unallocated":"0"}'
run split --quantity 10 --weights 1/3,2/3 --caps 3,3 --format json
expect_exactly '{"shares":["3","3"],"unallocated":"4"}'
expect_silence_on_err
run split --quantity 60 --claims 40,40,40 --algorithm TIER --tiers 2,1,1 --houses 0,0,1 \
    --format json
expect_exactly '{"shares":["20","40","0"],"unallocated":"0"}'
run split --quantity 40 --claims 30,10,100 --algorithm PCT --weights 1,1,1 --portfolios A,A,B \
    --format json
expect_exactly '{"shares":["15","5","20"],"unallocated":"0"}'
run split --quantity 35 --claims 25,25,25 --lot 10 --strict-lot --format json
expect_exactly '{"shares":["10","10","10"],"unallocated":"5"}'
run split --quantity 4 --claims 10,10,10 --algorithm PR-RND --key E2 --format json
expect_exactly '{"shares":["1","2","1"],"unallocated":"0"}'
run generate --output day --blocks 3 --orders 9 --executions 20
expect_status 0
run run day
expect_status 0

# 1: the run finished with failures; the allocations of the others are there
run run "$data/desk" --format json
expect_status 1
for failure in OverExecutedPlacement EmptyPortfolioIdFailure NoOrders PriceMissing; do
    expect_out "\"$failure\""
done
expect_out '"Empty PortfolioId on Order"'
expect_out '"ExecutedAbovePlacement"'
run run "$data/smallest.json" --placement desk/Nobody
expect_status 1
expect_out PlacementNotFound

# 2: bad usage
refused() {
    run "$@"
    expect_status 2
    expect_exactly ""
    expect test -n "$err"
}
refused
refused sell
expect_err sell
refused run
expect_err BOOK
refused run "$data/smallest.json" --sideways
expect_err --sideways
refused run "$data/smallest.json" another.json
refused run "$data/smallest.json" --format xml
expect_err xml
refused run "$data/smallest.json" --format json --format csv
refused run "$data/smallest.json" --algorithm PR-FIFA
expect_err 'PR-FIFA'
expect_err 'PR-FIFO'
expect_err 'FIFO'
refused run "$data/smallest.json" --algorithm 'no spaces'
refused run "$data/smallest.json" --lot 0
expect_err --lot
refused run "$data/smallest.json" --lot -1
refused run "$data/smallest.json" --lot ten
expect_err ten
refused run "$data/smallest.json" --placement P1
expect_err --placement
refused run "$data/smallest.json" --as-at yesterday
expect_err yesterday
refused run "$data/smallest.json" --preview --save saved.json
expect_err --preview
expect test ! -e saved.json
refused run "$data/smallest.json" --output both.json --save ./both.json
expect test ! -e both.json
refused run nowhere.json
expect_err nowhere.json
refused split --quantity 40
refused split --quantity forty --claims 1,2
refused split --quantity 40 --claims 1,,2
refused split --quantity 40 --claims 1,-2
refused split --quantity -40 --claims 1,2
refused split --quantity 40 --claims 1,2 --lot 0
refused split --quantity 40 --claims 1,2 --format csv
refused algorithms LIFA
expect_err 'found LIFA'
expect_err 'nearest is LIFO'
refused algorithms PR-LF:minimum
expect_err 'character'
refused algorithms PR-LF PR-SF
refused generate
expect_err --output
refused generate --output other --blocks 0
expect_err --blocks
refused generate --output other --blocks 10 --orders 9
expect_err --orders
refused generate --output other --date 2026-02-30
expect_err 2026-02-30
expect test ! -e other
refused generate --output day
expect_err --force
run generate --output day --blocks 3 --orders 9 --executions 20 --force
expect_status 0

# The book may not be overwritten by its result.
cp "$data/smallest.json" book.json
refused run book.json --output book.json
expect_same book.json "$data/smallest.json"

# Standard input is -, but a result has no such name, and an empty one is a variable never set.
for option in --output --save; do
    refused run book.json $option -
    expect_err "$option, found -"
    refused run book.json $option ''
    expect_err "$option: the name is empty"
done
expect test ! -e ./-
# One file of a folder is no book.
refused run day/orders.csv
expect_err 'or the folder that the CSV file is in'
run run book.json --lot 7 --strict-lot
expect_out 'order desk/O1 wants 16 more, but what is left is less than a lot of 7'

# 3: writing failed
full() {
    what="allot $* >/dev/full"
    status=0 out=""
    "$allot" "$@" >/dev/full 2>err.txt || status=$?
    err=$(cat err.txt)
    expect_status 3
    expect_err 'standard output'
}
if [ -c /dev/full ]; then
    full run "$data/smallest.json"
    full run "$data/smallest.json" --format json
    full run day --format csv
    full split --quantity 40 --claims 30,70
    full algorithms
    full --help
    full run --help
    full --version
    full generate --output day --blocks 3 --orders 9 --executions 20 --force
    # A result that could not be told is not kept either.
    full run "$data/smallest.json" --save saved.json
    expect test ! -e saved.json
else
    echo "no /dev/full here: full disks not tried"
fi
# A closed pipe: the reader is gone before anything is written.
what="allot run | (closed)"
"$allot" run "$data/smallest.json" 2>err.txt | exec true
pipe_status=${PIPESTATUS[0]}
# The reader may leave before or after the write; dying by SIGPIPE (141) is always wrong.
checks=$((checks + 1))
[ "$pipe_status" -eq 0 ] || [ "$pipe_status" -eq 3 ] || fail "status $pipe_status on a closed pipe"
what="allot run >(reader that left)"
mkfifo pipe
(exec 3<pipe; exec 3<&-) &
exec 4>pipe
wait
status=0
"$allot" run "$data/smallest.json" >&4 2>err.txt || status=$?
exec 4>&-
err=$(cat err.txt)
expect_status 3
run run "$data/smallest.json" --output missing-folder/result.json
expect_status 3
expect_err missing-folder
run run "$data/smallest.json" --save missing-folder/saved.json --output result.json
expect_status 3
expect test ! -e missing-folder
mkdir occupied
run run "$data/smallest.json" --output occupied
expect_status 3
run run "$data/smallest.json" --output kept.json --save occupied
expect_status 3
expect test -z "$(ls -A occupied)"
run generate --output "$data/smallest.json/day" --blocks 3 --orders 9 --executions 20
expect_status 3
# Memory that runs out is a refusal too. Sanitizers need more than any limit leaves them.
if (ulimit -v 60000 && "$allot" --version) >/dev/null 2>&1; then
    "$allot" generate --output long-day --executions 120000 >/dev/null
    (ulimit -v 60000 && "$allot" run long-day --threads 1 --format csv) >out.txt 2>err.txt
    status=$?
    err=$(cat err.txt)
    expect_status 2
    expect_err "not enough memory"
fi

# Nothing temporary stays behind.
expect test -z "$(find . -name '*tmp*')"

# Numbers are decimal, whatever they begin with.
for option in "serve --port 010" "serve --max-body 0x1000" "generate --output d --blocks 010" \
    "run $data/smallest.json --price-scale 02" "run $data/smallest.json --threads 08"; do
    # shellcheck disable=SC2086
    run $option
    expect_status 2
    expect_err "found 0"
    expect_err "expected a whole number without leading zeros"
    expect test ! -e d
done
finish
