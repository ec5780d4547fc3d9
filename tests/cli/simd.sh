#!/usr/bin/env bash
# ALLOT_SIMD chooses the form of the split kernel; what a processor lacks is refused, and every form
# writes the same bytes.
source "$(dirname "$0")/support.sh" "$@"
unset ALLOT_SIMD

run generate --output day --blocks 20 --orders 200 --executions 900
expect_status 0
run run day --format csv --output best.csv
expect_status 0
for form in scalar avx2 avx512; do
    export ALLOT_SIMD=$form
    run run day --format csv --output "$form.csv"
    if [ "$status" -eq 2 ]; then
        expect_err "ALLOT_SIMD"
        expect_err "$form"
        expect_err "a form that this processor has: scalar"
        expect test "$form" != scalar
        echo "skipped: this CPU has no $form"
    else
        expect_status 0
        expect_same best.csv "$form.csv"
    fi
done

for bad in sse AVX2 ''; do
    export ALLOT_SIMD=$bad
    run split --quantity 40 --claims 30,70
    expect_status 2
    expect_exactly ""
    expect_err "ALLOT_SIMD"
    expect_err "scalar, avx2 or avx512"
done

finish
