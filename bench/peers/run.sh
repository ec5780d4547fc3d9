#!/usr/bin/env bash
# The canonical splits (100 splits of 100 claims, totals of 47 bits) in the decimal types of other
# languages, where their tools are at hand. Prints a line for each: name and ns a claim, separated
# by a tab. Every peer has to arrive at the kernel's shares, or this stops.
#
#   bench/peers/run.sh [build folder]
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
folder=build/peers
mkdir -p "$folder"
splits=$folder/splits.txt
"$build/bin/allot_pieces" splits 47 >"$splits"
expected=$(head -n 1 "$splits")

skip() { echo "skipped: $1, $2" >&2; }

has() { command -v "$1" >/dev/null; }

# peer NAME COMMAND...: runs the command on the splits and compares the checksum.
peer() {
    local name=$1 nanoseconds checksum
    shift
    read -r nanoseconds checksum < <("$@" "$splits")
    if [ "${checksum:-none}" != "$expected" ]; then
        echo "peers: $name computes other shares: checksum ${checksum:-none}, not $expected" >&2
        exit 1
    fi
    printf '%s\t%s\n' "$name" "$nanoseconds"
}

# prepared NAME COMMAND...: whether it worked; says so when not, as it does without a network.
prepared() {
    local name=$1
    shift
    "$@" >"$folder/$name.log" 2>&1 || { skip "$name" "'$*' failed, see $folder/$name.log"; false; }
}

if has python3; then
    peer 'Python decimal (libmpdec)' python3 bench/peers/split.py
else
    skip 'Python decimal' 'no python3'
fi

if ! has javac; then
    skip 'Java BigDecimal' 'no javac (Debian: default-jdk-headless)'
elif prepared java javac -d "$folder" bench/peers/Split.java; then
    peer 'Java BigDecimal' java -cp "$folder" Split
fi

if ! has node || ! has npm; then
    skip 'JavaScript decimal.js' 'no node or no npm (Debian: nodejs npm)'
elif [ -d "$folder/node_modules/decimal.js" ] || prepared decimal.js \
    npm install --prefix "$folder" --no-audit --no-fund decimal.js@10.6.0; then
    NODE_PATH=$folder/node_modules peer 'JavaScript decimal.js' node bench/peers/split.js
fi

# Built in a copy, so that the tree stays as it is.
if ! has cargo; then
    skip 'Rust rust_decimal' 'no cargo (Debian: cargo)'
else
    mkdir -p "$folder/rust_decimal"
    cp -r bench/peers/rust_decimal/. "$folder/rust_decimal/"
    if prepared rust cargo build --release --manifest-path "$folder/rust_decimal/Cargo.toml"; then
        peer 'Rust rust_decimal' "$folder/rust_decimal/target/release/split"
    fi
fi
