#!/usr/bin/env bash
# Shows the main job on the example books: installs what is missing (apt-get, as root or with
# sudo), builds the program into build/release/bin/allot, and runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/packages.sh

install_missing "${build_packages[@]}"
echo "Building build/release/bin/allot: some minutes, the first time; see build/build-release.log"
quietly configure-release cmake --preset release
quietly build-release cmake --build --preset release --target allot_cli
exec scripts/show.sh "$PWD/build/release/bin"
