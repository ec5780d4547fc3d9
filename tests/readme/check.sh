#!/usr/bin/env bash
# Executes the README and the pages of the rules: runs the commands of their console blocks and
# compares what they print.
#   check.sh SOURCE_FOLDER PROGRAM_FOLDER WORK_FOLDER [--bless]
# A line "..." stands for any lines. A text block of the README is what its C++ example prints.
# `./scripts/demo.sh` is replaced by the part of it that comes after building. --bless writes what
# the commands print into the documents, where they have no "...".
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
document=""
documents=("$source"/README.md "$source"/docs/algorithms/*.md)

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
        printf 'FAILED: %s shows for: %s\n%s\nbut it prints:\n%s\n' \
            "${document#"$source"/}" "$1" "$2" "$actual"
    fi
}

# A text block of the README is what its example prints; elsewhere it is just text.
is_example() {
    [ "$1" = '```text' ] && [ "$document" = "$source/README.md" ]
}

# Prints the document with fresh outputs.
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
        if is_example "$line"; then
            in_block=yes command=readme_example
            printf '%s\n' "$line"
            continue
        fi
        case $line in
            '```console') in_block=yes ;;
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
    done <"$document"
}

check_document() {
    local in_block=no command="" expected="" line
    while IFS= read -r line; do
        if is_example "$line"; then
            in_block=yes command=readme_example expected=""
            continue
        elif [ "$line" = '```console' ]; then
            in_block=yes
            continue
        fi
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
    done <"$document"
}

for document in "${documents[@]}"; do
    if [ "$bless" = --bless ]; then
        blessed >new.md
        cmp -s new.md "$document" || cp new.md "$document"
    else
        check_document
    fi
done
[ "$bless" != --bless ] || exit 0

echo "$((blocks - failures)) of $blocks commands in ${#documents[@]} documents print what is shown"
[ $failures -eq 0 ] && [ $blocks -gt 20 ]
