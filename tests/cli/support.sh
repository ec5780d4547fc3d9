# What the tests of the program share. Sourced with the arguments: program, source folder, folder
# to work in. Each test counts its checks and fails at the end when one failed.
set -uo pipefail

allot=$1
data=$2/data
work=$3/$(basename "$0" .sh)
rm -rf "$work"
mkdir -p "$work"
cd "$work"
unset NO_COLOR
export LC_ALL=C TZ=UTC

checks=0
failures=0
out="" err="" status=0 what=""

# run WORD...: runs the program; its status, standard output and standard error are kept.
run() {
    what="allot $*"
    status=0
    "$allot" "$@" >out.txt 2>err.txt </dev/null || status=$?
    out=$(cat out.txt)
    err=$(cat err.txt)
}

fail() {
    failures=$((failures + 1))
    printf 'FAILED: %s\n  %s\n  status %s\n  stdout: %.600s\n  stderr: %.1200s\n' \
        "$what" "$1" "$status" "$out" "$err"
}

expect_status() {
    checks=$((checks + 1))
    [ "$status" -eq "$1" ] || fail "expected status $1"
}

# expect_out TEXT, expect_err TEXT: the text occurs.
expect_out() {
    checks=$((checks + 1))
    [[ $out == *"$1"* ]] || fail "expected on standard output: $1"
}
expect_err() {
    checks=$((checks + 1))
    [[ $err == *"$1"* ]] || fail "expected on standard error: $1"
}
expect_exactly() {
    checks=$((checks + 1))
    [ "$out" = "$1" ] || fail "expected exactly: $1"
}
expect_silence_on_err() {
    checks=$((checks + 1))
    [ -z "$err" ] || fail "expected nothing on standard error"
}

# expect_same FILE FILE
expect_same() {
    checks=$((checks + 1))
    cmp "$1" "$2" >/dev/null 2>&1 || fail "expected the same bytes in $1 and $2"
}

# expect SHELL-WORD...: the command succeeds.
expect() {
    checks=$((checks + 1))
    "$@" || fail "expected: $*"
}

finish() {
    echo "$((checks - failures)) of $checks checks passed"
    [ $failures -eq 0 ] && [ $checks -gt 0 ]
    exit
}
