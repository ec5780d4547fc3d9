#!/usr/bin/env bash
# Bad books: each is refused with a message that names the place and the trouble, with status 2,
# and nothing is written: what --output and --save name keeps its old content.
source "$(dirname "$0")/support.sh" "$@"

echo old >kept.json
echo older >saved.json
: >out.txt
: >err.txt

# refused BOOK TEXT...: the book is refused, with each text in the message.
refused() {
    local book=$1 text before
    shift
    before=$(ls -A | sort)
    run run "$book" --format json --output kept.json --save saved.json
    expect_status 2
    expect_exactly ""
    expect_err "allot: $book"
    for text in "$@"; do
        expect_err "$text"
    done
    expect test "$(cat kept.json)" = old
    expect test "$(cat saved.json)" = older
    expect test "$(ls -A | sort)" = "$before"
}

# changed NAME SED-SCRIPT: the smallest book with one change.
changed() {
    sed -e "$2" "$data/smallest.json" >"$1.json"
    checks=$((checks + 1))
    ! cmp -s "$1.json" "$data/smallest.json" || fail "the change $2 changes nothing"
}

changed wrong_date 's/2026-03-02T08:05:00Z/2026-02-30T08:05:00Z/'
refused wrong_date.json 'wrong_date.json:18:' 'order' 'desk/O2' 'date' '2026-02-30T08:05:00Z'
changed negative 's/"quantity": 70/"quantity": -70/'
refused negative.json 'negative.json:15:' 'order' 'desk/O2' 'quantity' '-70'
changed zero 's/"quantity": 70/"quantity": 0/'
refused zero.json 'desk/O2' 'quantity'
changed unknown_placement '/"placementId"/s/P1/P9/'
refused unknown_placement.json 'unknown_placement.json:4' 'execution' 'desk/E1' 'desk/P9'
changed two_contents '/"id"/s/O2/O1/'
refused two_contents.json 'desk/O1' 'two'
changed nan 's/"quantity": 70/"quantity": NaN/'
refused nan.json 'nan.json:15:'
changed nan_text 's/"quantity": 70/"quantity": "NaN"/'
refused nan_text.json 'nan_text.json:15:' 'quantity' 'NaN'
changed huge 's/"quantity": 70/"quantity": 1e400/'
refused huge.json 'huge.json:15:' 'quantity' '1e400'
changed fine 's/"quantity": 70/"quantity": 1e-400/'
refused fine.json 'fine.json:15:' 'quantity' '1e-400'
changed unknown_member 's/"quantity": 70/"quantity": 70, "colour": "red"/'
refused unknown_member.json 'unknown_member.json:15:' 'order' 'colour'
changed slip 's/"quantity": 70/"qunatity": 70/'
refused slip.json 'order' 'qunatity' 'such as quantity'
changed wrong_type 's/"quantity": 70/"quantity": [70]/'
refused wrong_type.json 'wrong_type.json:15:' 'quantity'
changed wrong_side '0,/"side": "Buy"/s//"side": "Sell"/'
refused wrong_side.json 'side' 'Sell' 'Buy'
changed wrong_schema 's/allot\/1/allot\/9/'
refused wrong_schema.json 'wrong_schema.json:2:' 'allot/9' 'allot/1'
changed utf8 's/Growth/Gr\xFFwth/'
refused utf8.json 'utf8.json:8:' 'UTF-8'
size=$(wc -c <"$data/smallest.json")
head -c $((size / 2)) "$data/smallest.json" >truncated.json
refused truncated.json 'truncated.json:'
: >empty.json
refused empty.json 'empty'
printf '\0\0\0\0' >zeros.json
refused zeros.json
echo '[1, 2]' >list.json
refused list.json
printf '[%.0s' $(seq 1 20000) >deep.json
refused deep.json
refused no_such_book.json

# Every problem is told, not only the first; from the 21st on they are counted.
{
    echo '{"orders": ['
    for i in $(seq 1 30); do
        echo "{\"id\": {\"scope\": \"s\", \"code\": \"$i\"}, \"side\": \"Buy\", \"quantity\": -$i},"
    done
    echo '{"id": {"scope": "s", "code": "31"}, "side": "Buy", "quantity": 1}]}'
} >thirty.json
refused thirty.json 'thirty.json:2:' 'thirty.json:21:' '... and 10 more'
checks=$((checks + 1))
[ "$(wc -l <err.txt)" -eq 21 ] || fail "expected 21 lines"
run run thirty.json --quarantine --format json --save new.json
expect_status 2
expect_err 'left out'
expect test ! -e new.json

# The same through CSV.
mkdir good
cat >good/orders.csv <<'CSV'
id,side,quantity,portfolio_id,date
desk/O1,Buy,30,funds/Growth,2026-03-02T08:00:00Z
desk/O2,Buy,70,funds/Income,2026-03-02T08:05:00Z
CSV
printf 'id,order_ids\ndesk/B1,desk/O1|desk/O2\n' >good/blocks.csv
printf 'id,block_ids\ndesk/P1,desk/B1\n' >good/placements.csv
cat >good/executions.csv <<'CSV'
id,placement_id,quantity,created_date
desk/E1,desk/P1,40,2026-03-02T09:31:07Z
CSV
run run good --allow-unpriced --format csv
expect_status 0

# folder NAME FILE SED-SCRIPT
folder() {
    cp -r good "$1"
    sed -i -e "$3" "$1/$2"
}
folder csv_column executions.csv 's/,quantity//; s/,40//'
refused csv_column 'executions.csv:1' 'quantity'
folder csv_negative orders.csv 's/,70,/,-70,/'
refused csv_negative 'orders.csv:3' 'desk/O2' 'quantity' '-70'
folder csv_date executions.csv 's/2026-03-02/2026-13-02/'
refused csv_date 'executions.csv:2' 'desk/E1' '2026-13-02'
folder csv_reference executions.csv 's/P1/P9/'
refused csv_reference 'executions.csv:2' 'desk/E1' 'desk/P9'
folder csv_twice orders.csv 's/O2/O1/'
refused csv_twice 'orders.csv:3' 'desk/O1'
folder csv_number orders.csv 's/,70,/,1e400,/'
refused csv_number 'orders.csv:3' 'quantity' '1e400'
folder csv_nan orders.csv 's/,70,/,NaN,/'
refused csv_nan 'orders.csv:3' 'quantity' 'NaN'
folder csv_quote orders.csv 's/,70,/,"70,/'
refused csv_quote 'orders.csv:3'
folder csv_short orders.csv 's/,funds\/Income.*//'
refused csv_short 'orders.csv:3'
folder csv_utf8 orders.csv 's/Income/\xC3\x28/'
refused csv_utf8 'orders.csv:3' 'UTF-8'
folder csv_unknown orders.csv 's/^id,/colour,id,/; s/^desk/red,desk/'
refused csv_unknown 'orders.csv:1' 'colour'
folder csv_slip orders.csv '1s/side/sied/'
refused csv_slip 'orders.csv:1' 'sied' 'such as side'
folder csv_empty executions.csv 'd'
refused csv_empty 'executions.csv' 'empty'
mkdir nothing
refused nothing

# Explanations have no place in rows.
run run good --allow-unpriced --format csv --explain
expect_status 2
expect_exactly ""
expect_err "--explain"
expect_err "--format table or json"

# What a rule refuses is said once.
run split --quantity 200000000 --claims 150000001,150000003 --algorithm QUOTA
expect_status 2
expect_err "algorithm refused"
checks=$((checks + 1))
[[ ${err#*algorithm refused} != *"algorithm refused"* ]] || fail "expected the refusal once"

# Bare numbers: each bad option is refused by its name, with what was found and what was expected.
# refused_split OPTION FOUND EXPECTED WORD...
refused_split() {
    local option=$1 found=$2 expected=$3
    shift 3
    run split "$@"
    expect_status 2
    expect_exactly ""
    expect_err "$option"
    expect_err "found $found"
    expect_err "expected $expected"
    checks=$((checks + 1))
    [ "$(wc -l <err.txt)" -eq 1 ] || fail "expected one line"
}
some=(--quantity 100 --claims 50,50)
refused_split --claims nothing 'what each claim may still receive' --quantity 100
refused_split --claims 'empty text' 'a number' --quantity 100 --claims 50,
refused_split --claims -50 'zero or more' --quantity 100 --claims 50,-50
refused_split --quantity 1e999 'at most' --quantity 1e999 --claims 50
refused_split --lot 0 'more than zero' "${some[@]}" --lot 0
refused_split --weights 1/0 'a divisor above zero' "${some[@]}" --weights 1,1/0
refused_split --weights -1/2 'zero or more' --quantity 100 --weights -1/2,1
refused_split --weights 'half' 'a number' --quantity 100 --weights half,1
refused_split --weights '3 entries' '2, one a claim' "${some[@]}" --weights 1,2,3
refused_split --weights '1 entry' '2, one a claim' "${some[@]}" --weights 1
refused_split --weights none 'one a claim: PCT-FIFO splits by them' "${some[@]}" --algorithm PCT
refused_split --weights 'weights alone' 'claims or caps' \
    --quantity 100 --weights 1,2 --algorithm LIFO
refused_split --caps -1 'zero or more' "${some[@]}" --caps -1,5
refused_split --caps '3 entries' '2, one a claim' "${some[@]}" --caps 1,2,3
refused_split --tiers 0 'whole numbers from 1 on' "${some[@]}" --tiers 0,1
refused_split --tiers 1.5 'whole numbers from 1 on' "${some[@]}" --tiers 1.5,1
refused_split --tiers 4294967296 'whole numbers from 1 on' "${some[@]}" --tiers 1,4294967296
refused_split --tiers nothing 'whole numbers from 1 on' "${some[@]}" --tiers 1,
refused_split --tiers '3 entries' '2, one a claim' "${some[@]}" --tiers 1,2,3
refused_split --houses yes '0 for a client or 1 for the house' "${some[@]}" --houses yes,0
refused_split --houses '3 entries' '2, one a claim' "${some[@]}" --houses 1,0,0
refused_split --portfolios nothing 'a name for each claim' "${some[@]}" --portfolios A,
refused_split --portfolios '3 entries' '2, one a claim' "${some[@]}" --portfolios A,B,C
refused_split '--algorithm, ' PR-FIFA 'one of ADAMS, ' "${some[@]}" --algorithm PR-FIFA
refused_split '--algorithm, ' 'PR LF' '1 to 64 letters' "${some[@]}" --algorithm 'PR LF'
refused_split '--algorithm, ' 'PR-LF:' 'key=value at character 7' "${some[@]}" --algorithm PR-LF:
refused_split '--algorithm, ' 'PR:cap=1:cap=2' 'each key once' \
    "${some[@]}" --algorithm PR:cap=1:cap=2
refused_split '--algorithm PR-LF' minimum=0 'a number of units above zero' \
    "${some[@]}" --algorithm PR-LF:minimum=0
refused_split '--algorithm PR-LF' minimun=2 'one of minimum, cap' \
    "${some[@]}" --algorithm PR-LF:minimun=2
refused_split '--algorithm TW-FIFO' k=65 'a whole number from 1 to 64' \
    "${some[@]}" --algorithm TW:k=65
refused_split '--algorithm PR-TO' to=B 'a portfolio, SCOPE/CODE' "${some[@]}" --algorithm PR-TO:to=B
refused_split '--algorithm TIER-FIFO' inner=PR-FIFA 'one of ADAMS, ' \
    "${some[@]}" --algorithm TIER:inner=PR-FIFA
# Several at once are all told.
run split --quantity -1 --claims x --tiers 0
expect_status 2
for option in --quantity --claims --tiers; do
    expect_err "$option, found"
done

# A line of 100 MB: no crash, no hang.
{
    printf '{"orders": [{"id": {"scope": "s", "code": "'
    head -c 100000000 /dev/zero | tr '\0' x
    printf '"}, "side": "Buy", "quantity": 1}]}'
} >long.json
refused long.json 'long.json:1:'
checks=$((checks + 1))
[ "$(wc -c <err.txt)" -lt 10000 ] || fail "a message should be short"
cp -r good csv_long
head -c 100000000 /dev/zero | tr '\0' 7 >>csv_long/orders.csv
refused csv_long 'orders.csv:4'
rm -rf long.json csv_long

finish
