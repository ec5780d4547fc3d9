#!/usr/bin/env bash
# A published Python SDK of the original service, against ours: installs it, at the version below,
# into a virtual environment of its own, and runs sdk.py there. Skipped (77) where it cannot be
# installed. Arguments: Python, the folder to work in, and lusid-sdk or finbourne-sdk.
set -uo pipefail

python=$1
export ALLOT_SDK=$3
venv=$2/$ALLOT_SDK-venv
log=$2/$ALLOT_SDK-install.log
case "$ALLOT_SDK" in
    lusid-sdk) version=2.3.313 module=lusid ;;
    finbourne-sdk) version=0.1.153 module=finbourne.sdk ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

if ! "$venv/bin/python" -c "import $module" >/dev/null 2>&1; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >"$log" 2>&1 ||
        ! timeout 300 "$venv/bin/pip" install --disable-pip-version-check -q \
            --no-compile "$ALLOT_SDK==$version" >>"$log" 2>&1; then
        echo "SKIPPED: $ALLOT_SDK $version could not be installed:"
        tail -n 3 "$log"
        rm -rf "$venv"
        exit 77
    fi
fi
# Few of the SDK's thousands of modules are used; these are compiled once, outside the sources.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$2/pycache
exec "$venv/bin/python" sdk.py
