#!/usr/bin/env bash
# What happens to allocations after their run, through the program: booked, split again, pinned.
source "$(dirname "$0")/support.sh" "$@"

run run "$data/smallest.json" --save book.json
expect_status 0

# Refused before the book is read: no reason, no order, no quantity.
run reallocate nowhere.json
expect_status 2
expect_err --reason
run reallocate nowhere.json --reason test --pin desk/O1
expect_status 2
expect_err 'SCOPE/CODE=QUANTITY'
run reallocate nowhere.json --reason test --pin desk/O1=1 --pin desk/O1=2
expect_status 2
expect_err 'each order once'
run reallocate nowhere.json --reason test --pin desk/O1=-1
expect_status 2

# 12/28 stays 12/28, and the book the same bytes.
run reallocate book.json --reason check --save same.json
expect_status 0
expect_out '0 new allocations'
expect_same book.json same.json

# The oldest first: 30/10. A preview says so too, and no book is touched.
run reallocate book.json --reason 'oldest first' --algorithm FIFO --preview --format json
expect_status 0
preview=$out
run reallocate book.json --reason 'oldest first' --algorithm FIFO --format json --save moved.json
expect_status 0
expect_exactly "$preview"
expect_out '"before":12,"after":30'
expect_out '"before":28,"after":10'
expect grep -q '"state":"Cancelled"' moved.json
expect grep -q '"reason":"oldest first"' moved.json

# What is booked stays.
sed '/"allocations":\[/,/^\]/s/"state":"New"/"state":"Booked"/' moved.json >booked.json
expect test "$(grep -c '"state":"Booked"' booked.json)" -ge 2
run reallocate booked.json --reason test
expect_status 0
expect_out '0 new allocations'

# A pin, and one that does not fit.
run reallocate book.json --reason agreed --pin desk/O1=20
expect_status 0
expect_out Moved
expect_out 'desk/E1-O1   desk/O1       12      20   26.35'
run reallocate book.json --reason agreed --pin desk/O1=31
expect_status 2
expect_err 'pin does not fit'
run reallocate book.json --reason agreed --pin desk/Nobody=1
expect_status 2

# Corrections and busts: refused before the book is read, then done.
run correct nowhere.json desk/E1 --quantity 30
expect_status 2
expect_err --reason
run correct nowhere.json desk/E1 --reason test
expect_status 2
expect_err neither
run correct nowhere.json E1 --quantity 30 --reason test
expect_status 2
expect_err EXECUTION
run bust nowhere.json desk/E1
expect_status 2
expect_err 'reason is missing, --reason'
run correct book.json desk/E1 --quantity 30 --price 26.5 --reason broker --save right.json
expect_status 0
expect_out 'desk/E1-O1   desk/O1       12       9   26.35 -> 26.5'
run correct right.json desk/E1 --quantity 30 --price 26.5 --reason broker --save again.json
expect_status 0
expect_same right.json again.json
expect_out 'nothing changed: no run is recorded, the book is saved as it is'
run run right.json
expect_out 'PR-FIFO, nothing changed: no run is recorded'
# A rule that stays near pro rata is not advised where it ran: what was done before it stands.
run amend book.json desk/O1 --quantity 5 --reason client --save reduced.json
run run reduced.json --algorithm QUOTA
expect_err 'desk/O1 of placement desk/P1, by 2.333333 lots. The rule avoids this as far as it can'
run run reduced.json --algorithm PR-LF
expect_err 'Rules that avoid this: QUOTA, TIJDEMAN'
# Rows are what there is now: what was taken back is not among them, and that is said.
run bust book.json desk/E1 --reason venue --format csv
expect_status 0
expect_err 'note: 2 allocations moved or taken back: --format table or json'
run run book.json --format csv
expect test -z "$err"
run correct book.json desk/E9 --quantity 30 --reason broker
expect_status 2
expect_err 'reference is missing'
run bust booked.json desk/E1 --reason venue --format json --save busted.json
expect_status 1
expect_out '"CorrectedAfterBooking"'
expect_out '"units":30,"cash":{"amount":790.5,"currency":"GBP"}'
expect grep -q '"state":"Busted"' busted.json
run bust booked.json desk/E1 --reason venue --preview
expect_status 1
expect_out 'To reverse, because it is booked'
expect_out 'preview: the book stays as it is'

# Several corrections, all or none.
cat >corrections.csv <<'ROWS'
id,quantity,price,bust,reason
desk/E1,30,26.5,,"broker, 14:02"
ROWS
run correct book.json --file corrections.csv --format json --save many.json
expect_status 0
expect_out '"before":12,"after":9'
expect_out '"reason":"broker, 14:02"'
run correct book.json --file corrections.csv --reason other --save many2.json
expect_same many.json many2.json
printf 'id,price,bust\ndesk/E1,,true\ndesk/E9,5,\ndesk/E1,5,\n' >corrections.csv
run correct book.json --file corrections.csv --reason venue --save none.json
expect_status 2
expect_err 'corrections.csv:3'
expect_err 'reference is missing, execution desk/E9'
expect_err 'corrections.csv:4'
expect_err 'a second correction'
expect test ! -e none.json
run correct book.json --file corrections.csv
expect_status 2
expect_err --reason
run correct book.json --file nowhere.csv --reason venue
expect_status 2
expect_err 'nowhere.csv'
run correct book.json desk/E1 --file corrections.csv --reason venue
expect_status 2
expect_err both
run correct book.json --file corrections.csv --price 5 --reason venue
expect_status 2
expect_err '--price, found with --file, expected a column of this name in the file'
run correct book.json --reason venue
expect_status 2
expect_err neither
printf 'id,quantity\n' >corrections.csv
run correct book.json --file corrections.csv --reason venue
expect_status 2
expect_err 'file is empty'
printf 'id,quantity,bust,colour\n' >corrections.csv
run correct book.json --file corrections.csv --reason venue
expect_status 2
expect_err colour
printf 'id,quantity,bust\n,5,\ndesk/E1,x,\ndesk/E2,,\ndesk/E3,5,true\ndesk/E4,5\n' >corrections.csv
run correct book.json --file corrections.csv --reason venue
expect_status 2
expect_err 'corrections.csv:2:1: field is missing'
expect_err 'corrections.csv:3:9'
expect_err 'corrections.csv:4:1: option is not valid'
expect_err 'corrections.csv:5:1: option is not valid'
expect_err 'corrections.csv:6:1'

# Amendments and removals: refused before the book is read, then done.
run amend nowhere.json desk/O1 --quantity 20
expect_status 2
expect_err --reason
run amend nowhere.json desk/O1 --reason test
expect_status 2
expect_err neither
run amend nowhere.json O1 --cancel --reason test
expect_status 2
expect_err ORDER
run remove nowhere.json desk/O1
expect_status 2
expect_err --reason
run remove nowhere.json desk/O1 --reason test --entity allocation
expect_status 2
expect_err --entity
run amend book.json desk/O1 --quantity 5 --reason client --format json --save less.json
expect_status 0
expect_out '"before":12,"after":5'
expect_out '"allocated":33,"unallocated":7'
expect_out '"amend":"desk/O1"'
expect grep -q '"reason":"client"' less.json
run amend less.json desk/O1 --quantity 5 --reason client --save again.json
expect_status 0
expect_same less.json again.json
run amend less.json desk/O1 --cancel --reason client --save cancelled.json
expect_status 0
expect grep -q '"state":"Cancelled"' cancelled.json
run run cancelled.json --format json
expect_status 0
expect_out '"allocated":40,"unallocated":0'
run amend booked.json desk/O1 --quantity 5 --reason client
expect_status 2
expect_err 'found 5, expected 30 or more, which are booked or closed'
expect_err 'for less, reverse first 25 units and 658.75 of cash in GBP of allocation desk/E1-O1'
run amend book.json desk/O9 --quantity 5 --reason client
expect_status 2
expect_err 'reference is missing'
run remove book.json desk/O1 --reason mistaken --save gone.json
expect_status 0
expect_out 'desk/E1-O1   desk/O1       12       0   26.35'
expect_out '1 allocation moved over 1 placement, 0 failed'
# Who changes something chose no rule: none is named, and no other is recommended.
expect_silence_on_err
expect test "$(grep -c PR-FIFO out.txt)" -eq 0
run history gone.json desk/O1
expect_status 0
expect_out 'taken out of the book'
expect_out 'state from New to Cancelled'
run run gone.json --format json
expect_status 0
expect_out '"allocated":40,"unallocated":0'
run remove booked.json desk/E1 --reason mistaken
expect_status 2
expect_err 'a removal while 40 are booked or closed'
run remove book.json desk/E1 --reason mistaken --save gone.json
expect_status 0
run remove gone.json desk/E1 --reason mistaken
expect_status 2
expect_err 'reference is missing'

# What several have as their id.
cat >same.json <<'BOOK'
{"orders":[{"id":{"scope":"desk","code":"X"},"side":"Buy","quantity":30}],
 "blocks":[{"id":{"scope":"desk","code":"X"},"orderIds":[{"scope":"desk","code":"X"}]}]}
BOOK
run remove same.json desk/X --reason test
expect_status 2
expect_err 'order and block have the id desk/X'
run remove same.json desk/X --entity block --reason test --preview
expect_status 0
run remove same.json desk/X --entity execution --reason test
expect_status 2
expect_err 'expected an execution in the book'

# A block that cannot be written, since its placement lacks one that was left out, keeps its orders.
cat >bad.json <<'BOOK'
{"orders":[{"id":{"scope":"desk","code":"A"},"side":"Buy","quantity":30}],
 "blocks":[{"id":{"scope":"desk","code":"B"},"orderIds":[{"scope":"desk","code":"A"}]},
           {"id":{"scope":"desk","code":"C"},"orderIds":[],"quantity":-1}],
 "placements":[{"id":{"scope":"desk","code":"P"},
                "blockIds":[{"scope":"desk","code":"B"},{"scope":"desk","code":"C"}]}]}
BOOK
run remove bad.json desk/A --quarantine --reason test
expect_status 2
expect_err 'reference is missing, placement desk/P blockIds, found desk/C'
run amend bad.json desk/A --quarantine --quantity 5 --reason test
expect_status 0

# A limit price: 26.35 is beyond 26.
run run book.json --preview --beyond-limit sideways
expect_status 2
expect_err sideways
cat >limit.json <<'BOOK'
{"orders":[{"id":{"scope":"desk","code":"A"},"side":"Buy","quantity":30,
            "portfolioId":{"scope":"f","code":"A"},
            "limitPrice":{"amount":26,"currency":"GBP"}}],
 "blocks":[{"id":{"scope":"desk","code":"B"},"orderIds":[{"scope":"desk","code":"A"}]}],
 "placements":[{"id":{"scope":"desk","code":"P"},"blockIds":[{"scope":"desk","code":"B"}]}],
 "executions":[{"id":{"scope":"desk","code":"E"},"placementId":{"scope":"desk","code":"P"},
                "quantity":10,"createdDate":"2026-03-02",
                "price":{"amount":26.35,"currency":"GBP"}}]}
BOOK
run run limit.json
expect_status 1
expect_out LimitBreach
expect_out 'beyond the limit 26 of order desk/A'
run run limit.json --beyond-limit no-claim --format json
expect_status 0
expect_out '"allocated":0,"unallocated":10'
expect_out '"beyondLimit":"no-claim"'
run run limit.json --beyond-limit ignore --format json
expect_status 0
expect_out '"allocated":10,"unallocated":0'

finish
