#!/usr/bin/env bash
# `allot backtest`: the table, the files, what is refused and with which status.
source "$(dirname "$0")/support.sh" "$@"

mkdir calendar
for day in 1 2 3; do
    "$allot" generate --output "calendar/2026-03-0$day" --blocks 6 --orders 40 --executions 300 \
        --seed $day >/dev/null
done
rules=PR-FIFO,PR-LR,QUOTA

# The table: a line for each rule, and the periods are counted.
run backtest calendar --algorithms $rules --draws 100
expect_status 0
for rule in PR-FIFO PR-LR QUOTA; do
    checks=$((checks + 1))
    grep -q "$rule" out.txt || fail "no line for $rule"
done
checks=$((checks + 1))
! grep -q ACTUAL out.txt || fail "there are no allocations"
checks=$((checks + 1))
[ "$(wc -L <out.txt)" -le 130 ] || fail "a line of the table is longer than 130 characters"
expect test ! -e summary.json

# The files, and the same bytes for any number of threads, and when the books are named one by one.
run backtest calendar --algorithms $rules --draws 100 --output results --threads 1
expect_status 0
for file in summary.json accounts.csv blocks.csv; do
    expect test -s results/$file
done
expect grep -q '"schema": *"allot/backtest-1"' results/summary.json
for name in engineVersion seed draws independent lot splits periods rules worst accounts failures \
    worstLots favouredPCorrected firstInSlope priceCounts priceEdgesPoints misplacedShare; do
    expect grep -q "\"$name\"" results/summary.json
done
expect grep -q '^period,algorithm,block,' results/blocks.csv
for day in 1 2 3; do
    for rule in ${rules//,/ }; do
        expect grep -q "^2026-03-0$day,$rule," results/blocks.csv
    done
done
expect test "$(head -n 1 results/accounts.csv | tr ',' '\n' | grep -c favoured_p)" -eq 2
for threads in 2 4; do
    run backtest calendar --algorithms $rules --draws 100 --output more$threads --threads $threads
    expect_status 0
    for file in summary.json accounts.csv blocks.csv; do
        expect_same results/$file more$threads/$file
    done
done
run backtest calendar/2026-03-03 calendar/2026-03-01 calendar/2026-03-02 --algorithms $rules \
    --draws 100 --output single
expect_status 0
expect_same results/summary.json single/summary.json
expect_same results/blocks.csv single/blocks.csv

# The rows of a CSV file may stand in any order.
cp -r calendar shuffled
for file in shuffled/*/*.csv; do
    { head -n 1 "$file"; tail -n +2 "$file" | sort -r; } >sorted.csv
    mv sorted.csv "$file"
done
run backtest shuffled --algorithms $rules --draws 100 --output reordered
expect_status 0
for file in summary.json accounts.csv blocks.csv; do
    expect_same results/$file reordered/$file
done

# Another seed changes the tests alone; more draws and --independent are told in the summary.
run backtest calendar --algorithms $rules --draws 100 --seed 9 --output seed
expect_status 0
expect_same results/blocks.csv seed/blocks.csv
checks=$((checks + 1))
! cmp -s results/summary.json seed/summary.json || fail "expected other tests"
expect grep -q '"seed": *9' seed/summary.json
run backtest calendar --independent --algorithms FIFO --draws 7 --output alone
expect_status 0
expect grep -q '"independent": *true' alone/summary.json
expect grep -q '"draws": *7' alone/summary.json

# What is stored is a rule of its own.
run run "$data/smallest.json" --save allocated.json
run backtest allocated.json --algorithms FIFO --draws 10 --output actual
expect_status 0
expect_out ACTUAL
expect grep -q '^allocated,ACTUAL,' actual/blocks.csv

# A folder with something in it is left alone unless told otherwise.
mkdir full
echo mine >full/notes.txt
run backtest calendar --algorithms FIFO --draws 10 --output full
expect_status 2
expect_err full
expect_exactly ""
expect test "$(ls full)" = notes.txt
run backtest calendar --algorithms FIFO --draws 10 --output full --force
expect_status 0
expect test -s full/summary.json
expect test "$(cat full/notes.txt)" = mine

# What cannot be written.
: >file
run backtest calendar --algorithms FIFO --draws 10 --output file/results
expect_status 3
expect_err file/results
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod 500 locked
    run backtest calendar --algorithms FIFO --draws 10 --output locked/results
    expect_status 3
fi

# A bad book is left out and told, or stops everything.
mkdir broken
cp -r calendar/2026-03-01 broken/2026-03-01
cp -r calendar/2026-03-03 broken/2026-03-03
echo '{"orders": [' >broken/2026-03-02.json
run backtest broken --algorithms FIFO --draws 10 --output partly
expect_status 1
expect_err 2026-03-02.json
expect grep -q '^2026-03-03,FIFO,' partly/blocks.csv
checks=$((checks + 1))
! grep -q '^2026-03-02' partly/blocks.csv || fail "a bad period was measured"
run backtest broken --algorithms FIFO --draws 10 --strict
expect_status 2
expect_err 2026-03-02.json

# A placement that a rule cannot split is named.
run backtest "$data/desk" --algorithms FIFO --draws 10
expect_status 1
expect_out desk/P8
run backtest "$data/desk" --algorithms PCT,FIFO --draws 10 --output unmeasured
expect_status 1
expect_out WeightMissing
# What was not measured is not the best of anything, and what was measured on less is said so.
expect grep -q '>PCT-FIFO</th><td>0</td><td>-</td>' unmeasured/report.html
expect grep -q '>FIFO</th><td>[1-9].*class="best"' unmeasured/report.html
# Names of lines that end at the top stand inside of the picture, and long ones are cut.
run backtest "$data/many-small-fills.json" --draws 10 --output top
grep -o '<text class="tc[^>]* y="[^"]*"' top/report.html >name_places.txt
expect test "$(wc -l <name_places.txt)" = 6
checks=$((checks + 1))
awk -F'y="' '{ if ($2 + 0 < 12) exit 1 }' name_places.txt || fail "a name lies above the chart"
run backtest "$data/many-small-fills.json" --draws 10 --output names \
    --algorithms PR-LF:cap=5000:minimum=2
expect grep -q '<title>PR-LF:cap=5000:minimum=2</title>PR-LF:cap=5000:m…<' names/report.html
mkdir mixed
weighed='"portfolios": [{"id": {"scope": "funds", "code": "Growth"}, "weight": 1},
    {"id": {"scope": "funds", "code": "Income"}, "weight": 2}],'
sed "/\"schema\"/a $(tr '\n' ' ' <<<"$weighed")" "$data/smallest.json" >mixed/weighed.json
cp "$data/smallest.json" mixed/without.json
run backtest mixed --algorithms PCT,FIFO --draws 10
expect_status 1
expect_out 'PCT-FIFO was measured on 1 of 2 fills'
[[ $out != *"FIFO was measured on 2"* ]] || fail "what is whole needs no remark"

# refused TEXT WORD...: status 2, a message, nothing on standard output.
refused() {
    local text=$1
    shift
    run backtest "$@"
    expect_status 2
    expect_err "$text"
    expect_exactly ""
}
refused NOSUCH calendar --algorithms FIFO,NOSUCH
refused PR-KEEP calendar --algorithms PR-KEEP
refused 'minimum=x' calendar --algorithms PR:minimum=x
refused 'every rule once' calendar --algorithms FIFO,PR,FIFO
refused --algorithms calendar --algorithms ''
refused --draws calendar --draws 0
refused --draws calendar --draws 10000001
refused --seed calendar --seed x
refused --lot calendar --lot 0
refused --threads calendar --threads 0
# No octal or hexadecimal numbers: whoever pads a seed means the seed.
refused 'found 010, expected a whole number' calendar --seed 010
refused 'found 0x2, expected a whole number' calendar --threads 0x2
refused 'found 0x2, expected a whole number' calendar --draws 0x2
refused nowhere nowhere
mkdir empty
refused empty empty
mkdir idle
printf '%s\n' 'id,side,quantity' 'd/O,Buy,5' >idle/orders.csv
run backtest idle
expect_status 0
expect_out "No fill was replayed"
[[ $out != *"Who gained"* ]] || fail "there is nothing to tell of nobody"
mkdir -p twice/a twice/b
cp "$data/smallest.json" twice/a/day.json
cp "$data/smallest.json" twice/b/day.json
refused day twice/a/day.json twice/b/day.json
run backtest
expect_status 2

run backtest --help
expect_status 0
for option in BOOK --algorithms --output --lot --seed --draws --threads --independent \
    --strict-lot --allow-unpriced --strict --lenient --force 'Exit status' ACTUAL; do
    expect_out "$option"
done
finish
