# The Debian packages that building and testing need, and the way to install what is missing.
# Sourced by the other scripts.

# To build the library, the program, the tests and the benchmarks.
build_packages=(g++ cmake ninja-build pkg-config libboost-dev nlohmann-json3-dev libfmt-dev
    libcli11-dev libxxhash-dev libssl-dev libsqlite3-dev catch2 libbenchmark-dev)

# To run the tests: those of the service, of the report and of what the program prints are Python.
# CMake leaves them out where there is none.
test_packages=(python3)

# For the checks of `scripts/test.sh --all`; nginx stands before the service in a test of its own.
check_packages=(clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev nginx openssl)

# For `scripts/bench.sh --install`: its tools, and the languages of bench/peers. Building needs none
# of them.
bench_packages=(time util-linux valgrind python3 default-jdk-headless cargo)
# Node from elsewhere brings npm with it, beside which Debian's packages do not install.
command -v npm >/dev/null || bench_packages+=(nodejs npm)

# install_missing PACKAGE...: installs those that are not there; silent when all are. Asks nothing.
install_missing() {
    local package missing=() as_root=()
    if ! command -v apt-get >/dev/null; then
        echo "No apt-get here, so nothing is installed. Needed are what Debian calls: $*"
        return
    fi
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
        if ! sudo -n true 2>/dev/null; then
            echo "Missing packages. Install them as root: apt-get install ${missing[*]}" >&2
            return 1
        fi
    fi
    echo "Installing with apt-get: ${missing[*]}"
    quietly packages "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update
    quietly packages "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends "${missing[@]}"
}

# quietly NAME COMMAND...: runs the command, its output in build/NAME.log; shown when it fails.
quietly() {
    local log="build/$1.log"
    shift
    mkdir -p build
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 200 "$log" >&2
        echo "Failed: $* (whole output in $log)" >&2
        return 1
    fi
}
