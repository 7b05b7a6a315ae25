#!/bin/sh
# Installs a lock, and nothing whose hash is not in it: install.sh LOCK [INDEX OF PYTORCH]
# Packages that come as source only are built with the setuptools of the lock, so that has to be there first. PyTorch's
# index is asked for PyTorch alone: where it cannot be reached, that is all that pip tells about.
set -eu
lock=$1
index=${2:-}

# Another base would only be told that there is no PyTorch for it. `make imagelocks` locks for this one.
locked="Python 3.11 on x86_64"
found=$(python3 -c 'import platform, sys; print("Python %d.%d on %s" % (*sys.version_info[:2], platform.machine()))')
if [ "$found" != "$locked" ]; then
    echo "install.sh: $lock has packages for $locked, but the base image has $found. Build from another BASE" \
        "(and with --platform linux/amd64), or lock the packages anew with \`make imagelocks\`" >&2
    exit 1
fi

# With this variable, what Python compiles is valid by the contents of files. Else it is by their times, which a builder
# may round when it makes a layer: modules would be compiled anew whenever a container starts.
export SOURCE_DATE_EPOCH=315532800 # 1980, where the times of zip files begin

from_lock() { # NAMES [OPTION …]
    sed -n -E "/^($1)==/,/[^\\]\$/p" "$lock" >"$lock.part"
    shift
    python3 -m pip install --quiet --no-deps --require-hashes "$@" --requirement "$lock.part"
}

from_lock "pip|setuptools"
from_lock torch ${index:+--index-url "$index"}
python3 -m pip install --quiet --no-deps --require-hashes --no-build-isolation --requirement "$lock"
python3 -m pip check
