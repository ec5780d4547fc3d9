#!/usr/bin/env bash
# The published Python SDK of the original service, against ours: installs it, at the version below,
# into a virtual environment of its own, and runs sdk.py there. Skipped (77) where it cannot be
# installed. Arguments: Python, and the folder to work in.
set -uo pipefail

python=$1
venv=$2/sdk-venv
version=2.3.313
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

if ! "$venv/bin/python" -c "import lusid" >/dev/null 2>&1; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >"$2/sdk-install.log" 2>&1 ||
        ! timeout 300 "$venv/bin/pip" install --disable-pip-version-check -q \
            --no-compile "lusid-sdk==$version" >>"$2/sdk-install.log" 2>&1; then
        echo "SKIPPED: lusid-sdk $version could not be installed:"
        tail -n 3 "$2/sdk-install.log"
        rm -rf "$venv"
        exit 77
    fi
fi
# Few of the SDK's thousands of modules are used; these are compiled once, outside the sources.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$2/pycache
exec "$venv/bin/python" sdk.py
