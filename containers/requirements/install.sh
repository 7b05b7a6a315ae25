#!/bin/sh
# Installs a lock, and nothing whose hash is not in it: install.sh LOCK [INDEX OF PYTORCH]
# Packages that come as source only are built with the setuptools of the lock, so that has to be there first.
set -eu
lock=$1
index=${2:-}

sed -n -E '/^(pip|setuptools)==/,/[^\\]$/p' "$lock" >"$lock.build"
python3 -m pip install --quiet --no-deps --require-hashes --requirement "$lock.build"
python3 -m pip install --quiet --no-deps --require-hashes --no-build-isolation \
    ${index:+--extra-index-url "$index"} --requirement "$lock"
python3 -m pip check
