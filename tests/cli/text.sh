#!/usr/bin/env bash
# What a person reads: help, tables, colours, notes.
source "$(dirname "$0")/support.sh" "$@"

run --version
expect_status 0
version=$(sed -n 's/^project(allot VERSION \([0-9.]*\).*/\1/p' "$data/../CMakeLists.txt")
expect_exactly "allot $version"

run --help
expect_status 0
for word in run split algorithms generate 'Exit status' 'Example'; do
    expect_out "$word"
done
for command in run split algorithms generate; do
    run $command --help
    expect_status 0
    expect_out Example
    expect_out 'Exit status'
    expect_out "allot $command"
    # A line of help fits an ordinary terminal.
    checks=$((checks + 1))
    [ "$(wc -L <out.txt)" -le 100 ] || fail "a line of help is longer than 100 characters"
done
run run --help
for option in BOOK --algorithm --placement --lot --quarantine --lenient --allow-unpriced \
    --dead-states --preview --as-at --user --reason --format --numbers --output --save \
    --threads; do
    expect_out "$option"
done

# Every command that the help shows as an example works.
"$allot" generate --output day --blocks 3 --orders 9 --executions 20 >/dev/null
for command in '' run split algorithms generate; do
    while read -r example; do
        rm -rf example
        mkdir example
        cp "$data/smallest.json" example/book.json
        [ "$command" = generate ] || cp -r day example
        for ticker in aig bac; do
            printf 'ms,price,size\n34200000,10.25,100\n' >example/$ticker-20131007.csv
        done
        what="the example: $example"
        checks=$((checks + 1))
        (cd example && PATH="$(dirname "$allot"):$PATH" bash -c "$example") >out.txt 2>err.txt || {
            status=$? out=$(cat out.txt) err=$(cat err.txt)
            fail "an example of the help does not work"
        }
    done < <("$allot" $command --help |
        sed -n 's/^  \(allot [a-z]* [^ ].*\)/\1/p' | sed 's/   .*//')
done

# Tables.
run run "$data/smallest.json"
expect_out 'desk/P1'
expect_out 'executed 40   allocated 40   unallocated 0'
expect_out '26.35 GBP'
expect_out '2 new allocations over 1 placement, 0 failed, 0 warnings'
run split --quantity 1000000 --claims 2500000
expect_out '2,500,000'
run split --quantity 1000000 --claims 2500000 --format json
expect_out '"1000000"'
run run "$data/many-small-fills.json"
expect_status 0
expect_out 'AVERAGE PRICE'
expect_err 'note:'
expect_err 'lots'
run run "$data/many-small-fills.json" --preview
expect_out 'preview'
run run "$data/desk"
expect_out 'OverExecutedPlacement'

# The rules: the parts and how they combine, then any of them.
run algorithms
for part in PR PRO EQ PCT TW FIFO LIFO SIZE TIER LF SF LR OLDEST RR RND KEEP TO QUOTA WEBSTER; do
    checks=$((checks + 1))
    grep -q "^  $part  " out.txt || fail "no line for $part"
done
for parameter in minimum cap denomination increment leave inner to k; do
    checks=$((checks + 1))
    grep -qE "^  ([^ ]+-?\*?[A-Z-]* +)?$parameter  " out.txt || fail "no line for $parameter"
done
checks=$((checks + 1))
[ "$(wc -l <out.txt)" -le 70 ] || fail "the list is longer than two screens"
checks=$((checks + 1))
[ "$(wc -L <out.txt)" -le 110 ] || fail "a line of the list is longer than 110 characters"
run algorithms pr-lf:minimum=2
expect_out 'PR-LF:minimum=2  pro rata to outstanding, leftover lots in turns from the largest'
expect_out 'also found as LF'
expect_out 'minimum=2: a base share below it becomes zero'
for property in 'exact sum' quota 'house monotone' 'population monotone' anonymous \
    'slice invariant' seeded cumulative; do
    checks=$((checks + 1))
    grep -qE "^  $property +(yes|no)  " out.txt || fail "no line for $property"
done
run algorithms PCT
expect_out 'Needs a weight'
expect_out 'PCT-OLDEST'
run algorithms OLDEST
expect_out 'A remainder'
expect_out 'PR-OLDEST'
run algorithms FIFO
expect_out 'strict time priority'
expect_out 'There is a remainder FIFO too'
run algorithms PR-KEEP
expect_out 'split` only'

# What is given to a rule that does not look at it is remarked on.
run split --quantity 10 --claims 5,5 --tiers 1,2
expect_status 0
expect_err 'note: PR-FIFO does not look at tiers'
run split --quantity 10 --claims 5,5 --key E1
expect_err 'does not look at a key'
run split --quantity 10 --claims 5,5 --weights 1,2
expect_err 'does not look at weights beside claims'
run split --quantity 10 --claims 5,5 --portfolios F/A,F/B
expect_err 'does not look at portfolios'
run split --quantity 10 --claims 5,5 --portfolios F/A,F/B --algorithm PR-TO:to=F/C
expect_err 'no claim is of the portfolio F/C'
run split --quantity 10 --claims 5,5 --portfolios F/A,F/B --algorithm PR-TO:to=F/B
expect_silence_on_err
run split --quantity 60 --claims 40,40 --caps 30,50 --tiers 1,2 --houses 0,1 --algorithm TIER
expect_silence_on_err
for heading in CLAIM CAP TIER HOUSE SHARE; do
    expect_out "$heading"
done
# Explained, step by step.
run split --quantity 50 --claims 5,9,57,4,28,300 --algorithm PR-OLDEST:minimum=2 --explain
for step in 'exact share 450/403' 'base share 1 is below the minimum: 0' \
    '+3 of the leftover, the oldest with room takes all it can'; do
    expect_out "$step"
done

# Columns line up when ids are not ASCII, and control characters stay harmless.
sed -e 's/Growth/Wäch\\u001b[31mter/' "$data/smallest.json" >odd.json
run run odd.json
expect_status 0
expect_out 'Wäch\u{1B}[31mter'
checks=$((checks + 1))
! grep -q $'\033' out.txt || fail "an escape character came through"
lengths=$(
    export LC_ALL=C.UTF-8
    grep desk/E1 out.txt | while IFS= read -r line; do echo "${#line}"; done | sort -u | wc -l
)
expect test "$lengths" -eq 1

# Colours: on a terminal only, and never with NO_COLOR or on a dumb one.
run run "$data/smallest.json"
checks=$((checks + 1))
! grep -q $'\033' out.txt || fail "colours in a file"
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    # on_terminal ASSIGNMENT...
    on_terminal() {
        what="on a terminal, $*"
        env "$@" script -qec "'$allot' run '$data/smallest.json'" /dev/null >out.txt </dev/null
    }
    on_terminal TERM=xterm
    checks=$((checks + 1))
    grep -q $'\033' out.txt || fail "no colours on a terminal"
    for assignment in NO_COLOR=1 TERM=dumb; do
        on_terminal TERM=xterm $assignment
        checks=$((checks + 1))
        ! grep -q $'\033' out.txt || fail "colours with $assignment"
    done
else
    echo "no script(1) or no pseudo-terminal here: colours on a terminal not tried"
fi

finish
