#!/usr/bin/env bash
# Builds and runs the consumer by find_package, by add_subdirectory, and by pkg-config with the
# plain compiler.
# Usage: run.sh SOURCE_DIR BUILD_DIR WORK_DIR, where BUILD_DIR holds the built library.
set -euo pipefail

source_dir=$1
build_dir=$2
work=$3
consumer=$source_dir/tests/package/consumer
: "${CMAKE:=cmake}" "${PKG_CONFIG:=pkg-config}" "${CXX:=c++}" "${CXXFLAGS:=}"
: "${BUILD_TYPE:=Release}" "${LAUNCHER:=}" "${GENERATOR:=Ninja}"

rm -rf "$work"
mkdir -p "$work"

# CXX and CXXFLAGS reach CMake by the environment.
export CXX CXXFLAGS
configure() { # configure BUILD_FOLDER OPTION...
    "$CMAKE" -S "$consumer" -B "$1" -G "$GENERATOR" "-DCMAKE_BUILD_TYPE=$BUILD_TYPE" \
        "-DCMAKE_CXX_COMPILER_LAUNCHER=$LAUNCHER" "${@:2}" >"$1.log" || { cat "$1.log"; exit 1; }
}
build() {
    "$CMAKE" --build "$1" >"$1.log" || { cat "$1.log"; exit 1; }
}

echo "install and find_package"
"$CMAKE" --install "$build_dir" --prefix "$work/prefix" >"$work/install.log"
configure "$work/found" "-DCMAKE_PREFIX_PATH=$work/prefix"
build "$work/found"
"$work/found/consumer"

echo "pkg-config and the plain compiler"
# Moved, the installed tree must still find itself.
mv "$work/prefix" "$work/moved"
pkg_config_dir=$(dirname "$(find "$work/moved" -name allot.pc)")
export PKG_CONFIG_PATH=$pkg_config_dir
# Unquoted: the flags are words.
# shellcheck disable=SC2046,SC2086
"$CXX" $CXXFLAGS $("$PKG_CONFIG" --cflags allot) "$consumer/main.cpp" \
    $("$PKG_CONFIG" --libs allot) -o "$work/consumer"
"$work/consumer"

echo "add_subdirectory"
# Without optimisation and in groups: the whole library is compiled once more.
BUILD_TYPE=Debug configure "$work/nested" "-DALLOT_SOURCE=$source_dir" -DCMAKE_UNITY_BUILD=ON
build "$work/nested"
"$work/nested/consumer"
for unwanted in allot_cli test_unit; do
    if find "$work/nested" -name "$unwanted" | grep -q .; then
        echo "add_subdirectory built $unwanted unasked" >&2
        exit 1
    fi
done
