#!/usr/bin/env bash
# Runs the whole test suite: release, then with address and undefined-behaviour sanitizers.
# Installs what is missing first (apt-get, as root or with sudo).
# --all adds clang, the thread sanitizer on what has threads, clang-tidy, clang-format and
# short fuzz runs. Stops at the first failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/packages.sh

all=no
case "${1-}" in
    '') ;;
    --all) all=yes ;;
    *)
        echo "usage: scripts/test.sh [--all]" >&2
        exit 2
        ;;
esac

seconds_per_fuzzer=20
step="setting up"
closing_lines=()
tell_end() {
    local status=$?
    if [ $status -ne 0 ]; then
        echo "scripts/test.sh: stopped at: $step (status $status)" >&2
    fi
}
trap tell_end EXIT

begin() {
    step="$1"
    printf '\n== %s  (%d min %02d s so far)\n' "$step" $((SECONDS / 60)) $((SECONDS % 60))
}

build() {
    begin "$1: build"
    quietly "configure-$1" cmake --preset "$1"
    quietly "build-$1" cmake --build --preset "$1"
}

# build_and_test PRESET [NAME=VALUE...]: with these in the environment of the tests.
build_and_test() {
    build "$1"
    begin "$1: tests"
    env "${@:2}" ctest --test-dir "build/$1" --output-on-failure --no-tests=error -j "$(nproc)" |
        tee "build/ctest-$1.log"
    closing_lines+=("$1: $(grep 'tests passed' "build/ctest-$1.log")")
}

sources() {
    find engine algorithms apps bench include tests -name '*.cpp' -o -name '*.hpp' | sort
}

check_format() {
    begin "clang-format"
    sources | xargs clang-format-14 --dry-run -Werror
    closing_lines+=("clang-format: $(sources | wc -l) files as it wants them")
}

# The library, the rules and the program; tests and benchmarks are full of the macros of their
# frameworks, which the checks would judge. Each source is read by itself, without what the builds
# precompile or read before it, so one that does not include what it uses is found here.
# The analyzer follows fewer paths through a function than it would by itself: it is most of the
# time, and with its own limit the longest files took four times as long.
check_tidy() {
    begin "clang-tidy"
    quietly "configure-tidy" cmake --preset tidy
    local files limit=(--extra-arg=-Xclang --extra-arg=-analyzer-config
        --extra-arg=-Xclang --extra-arg=max-nodes=20000)
    files=$(find engine algorithms apps -name '*.cpp' | sort)
    echo "$files" |
        xargs -P "$(nproc)" -n 1 clang-tidy-14 --quiet "${limit[@]}" -p build/tidy \
            2>build/tidy.log || {
        tail -n 50 build/tidy.log >&2
        return 1
    }
    closing_lines+=("clang-tidy: $(echo "$files" | wc -l) files without a finding")
}

# The thread sanitizer makes everything several times slower, and only some tests have threads: the
# room of that name, and the program on the same book with 1, 2, 3 and 8 of them.
check_threads() {
    begin "tsan: build"
    quietly "configure-tsan" cmake --preset tsan
    quietly "build-tsan" cmake --build --preset tsan --target test_threads allot_cli
    begin "tsan: tests"
    ctest --test-dir build/tsan --output-on-failure --no-tests=error -R '^(threads|cli_threads)$' |
        tee build/ctest-tsan.log
    closing_lines+=("tsan: $(grep 'tests passed' build/ctest-tsan.log)")
}

# Each fuzzer starts from its kept corpus and works in a copy, so that the tree stays as it is.
fuzz() {
    build fuzz
    local fuzzer name count=0
    for fuzzer in build/fuzz/bin/fuzz_*; do
        name=$(basename "$fuzzer")
        name=${name#fuzz_}
        begin "fuzz $name for $seconds_per_fuzzer s"
        mkdir -p "build/fuzz/corpus/$name"
        quietly "fuzz-$name" "$fuzzer" -max_total_time=$seconds_per_fuzzer -timeout=10 \
            -artifact_prefix=build/fuzz/ "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
        tail -n 1 "build/fuzz-$name.log"
        count=$((count + 1))
    done
    closing_lines+=("fuzz: $count targets clean for $seconds_per_fuzzer s each")
}

install_missing "${build_packages[@]}" "${test_packages[@]}"
if [ $all = yes ]; then
    install_missing "${check_packages[@]}"
    check_format
fi
build_and_test release
build_and_test asan
if [ $all = yes ]; then
    build_and_test clang ALLOT_CASES=10 # the same code, from another compiler
    check_tidy
    check_threads
    fuzz
fi

step="closing"
printf '\n== all done in %d min %02d s\n' $((SECONDS / 60)) $((SECONDS % 60))
printf '%s\n' "${closing_lines[@]}"
