#!/usr/bin/env bash
# Executes the README: runs the commands of its console blocks and compares what they print.
#   check.sh SOURCE_FOLDER PROGRAM_FOLDER WORK_FOLDER [--bless]
# A line "..." in the README stands for any lines. A text block is what the C++ example prints.
# `./scripts/demo.sh` is replaced by the part of it that comes after building. --bless writes what
# the commands print into the README, where it has no "...".
set -uo pipefail

source=$1
programs=$2
work=$3/work
bless=${4-}
rm -rf "$work"
mkdir -p "$work/build"
cd "$work"
ln -s "$source/data" data
ln -s "$source/scripts" scripts
ln -s "$source/tests" tests
export PATH="$programs:$PATH" LC_ALL=C
unset NO_COLOR

blocks=0
failures=0

# occurs EXPECTED ACTUAL: equal, a line "..." standing for any lines.
occurs() {
    local pattern="" line first=yes
    while IFS= read -r line; do
        [ $first = yes ] || pattern+=$'\n'
        first=no
        if [ "$line" = "..." ]; then
            pattern+="*"
        else
            pattern+=$(printf '%s' "$line" | sed 's/[][\\*?]/\\&/g')
        fi
    done <<<"$1"
    # "..." between two line ends may also stand for no line at all.
    pattern=${pattern//$'\n*\n'/$'\n*'}
    # shellcheck disable=SC2053
    [[ $2 == $pattern ]]
}

run_command() {
    case $1 in
        ./scripts/demo.sh) scripts/show.sh "$programs" ;;
        *) bash -c "$1" ;;
    esac 2>&1 </dev/null
}

check_command() {
    local actual
    blocks=$((blocks + 1))
    actual=$(run_command "$1")
    if ! occurs "$2" "$actual"; then
        failures=$((failures + 1))
        printf 'FAILED: README.md shows for: %s\n%s\nbut it prints:\n%s\n' "$1" "$2" "$actual"
    fi
}

# Prints the README with fresh outputs.
blessed() {
    local line in_block=no command="" shown=""
    while IFS= read -r line; do
        if [ $in_block = yes ] && [ -n "$command" ] && [[ $line == '$ '* || $line == '```' ]]; then
            if grep -qx '\.\.\.' <<<"$shown"; then
                printf '%s\n' "$shown"
            else
                run_command "$command"
            fi
            command="" shown=""
        fi
        case $line in
            '```console') in_block=yes ;;
            '```text')
                in_block=yes command=readme_example
                printf '%s\n' "$line"
                continue
                ;;
            '```') in_block=no ;;
        esac
        if [ $in_block = yes ] && [[ $line == '$ '* ]]; then
            command=${line#'$ '}
            printf '%s\n' "$line"
        elif [ $in_block = yes ] && [ -n "$command" ]; then
            shown+=${shown:+$'\n'}$line
        else
            printf '%s\n' "$line"
        fi
    done <"$source/README.md"
}

if [ "$bless" = --bless ]; then
    blessed >new.md
    cp new.md "$source/README.md"
    exit
fi

in_block=no command="" expected=""
while IFS= read -r line; do
    case $line in
        '```console') in_block=yes; continue ;;
        '```text') in_block=yes command=readme_example expected=""; continue ;;
    esac
    [ $in_block = yes ] || continue
    if [[ $line == '$ '* || $line == '```' ]]; then
        [ -z "$command" ] || check_command "$command" "$expected"
        command=${line#'$ '}
        expected=""
        if [ "$line" = '```' ]; then
            in_block=no
            command=""
        fi
    else
        expected+=${expected:+$'\n'}$line
    fi
done <"$source/README.md"

echo "$((blocks - failures)) of $blocks commands print what the README shows"
[ $failures -eq 0 ] && [ $blocks -gt 0 ]
