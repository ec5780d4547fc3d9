#!/usr/bin/env bash
# Requests that schemathesis makes up from /openapi.json: none may be answered by a 5xx, and every
# answer has to be as described. Skipped (77) where it cannot be installed. Arguments: Python, and
# the folder to work in. ALLOT_SCHEMATHESIS: for how many seconds, 20 without it.
set -uo pipefail

python=$1
venv=$2/schemathesis-venv
version=4.32.5
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

if ! [ -x "$venv/bin/schemathesis" ]; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >"$2/schemathesis-install.log" 2>&1 ||
        ! timeout 300 "$venv/bin/pip" install --disable-pip-version-check -q \
            "schemathesis==$version" >>"$2/schemathesis-install.log" 2>&1; then
        echo "SKIPPED: schemathesis $version could not be installed:"
        tail -n 3 "$2/schemathesis-install.log"
        rm -rf "$venv"
        exit 77
    fi
fi
export PATH="$venv/bin:$PATH"
exec "$python" made_up.py
