#!/usr/bin/env bash
# The number of threads changes no byte of what `allot run` writes.
source "$(dirname "$0")/support.sh" "$@"

"$allot" generate --output day --blocks 12 --orders 150 --executions 2500 --seed 5 >/dev/null
for format in json csv table; do
    run run day --format $format --save one.saved --threads 1
    cp out.txt one.$format
    expect test -s one.$format
    for threads in 2 3 8; do
        run run day --format $format --save more.saved --threads $threads
        expect_status 0
        expect_same one.$format out.txt
        expect_same one.saved more.saved
        # Nor does it matter that nobody keeps the book; only a table says whether it was saved.
        if [ $format != table ]; then
            run run day --format $format --threads $threads
            expect_same one.$format out.txt
        fi
    done
    run run day --format $format --save more.saved
    expect_same one.$format out.txt
done

for bad in 0 -1 1025 two 1.5 ""; do
    run run day --threads "$bad"
    expect_status 2
    expect_err "--threads"
    expect_exactly ""
done
finish
