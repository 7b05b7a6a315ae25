"""Gives a command a private /opt/ml, as a SageMaker container would have it.

With the isolation "namespace", the job's folder is mounted at /opt/ml in namespaces of its own, and a file `hosts`
beside that folder at /etc/hosts. With the isolation "folder", for kernels that refuse namespaces, paths below /opt/ml
are replaced by paths below the job's folder: in arguments, environment, and the JSON documents in /opt/ml/input/config
and /opt/ml/config. SAGEMAKER_BASE_DIR tells the SageMaker toolkits the folder.
"""

import functools
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from local.protocol.errors import LocalAwsError
from local.protocol.json_types import Json
from local.runtime.processes import KEEPER

Isolation = Literal["namespace", "folder"]
ISOLATION_VARIABLE = "LOCAL_AWS_ISOLATION"
PREFIX = "/opt/ml"
# Finds the prefix where an absolute path begins, also within a longer text such as a shell command. It matches in
# `file:///opt/ml`, but neither in `/opt/mlflow` nor in `s3://bucket/opt/ml`.
PATH_BEGINS = re.compile(rf"(?:(?<![\w./~)}}-])|(?<=file://)){PREFIX}(?![\w-]|\.\w)")
UNSHARE = ("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")

# /opt may contain the interpreter and may be read-only, so a copy of it with `ml` added is mounted in its place.
MOUNT = """
set -e
folder=$1; shift
if [ ! -d /opt/ml ]; then
  stage=${folder%/*}/opt
  mkdir -p "$stage"
  mount -t tmpfs tmpfs "$stage"
  for entry in /opt/*; do
    copy=$stage/${entry#/opt/}
    if [ -L "$entry" ]; then cp -P "$entry" "$copy"
    elif [ -d "$entry" ]; then mkdir "$copy"; mount --rbind "$entry" "$copy"
    elif [ -e "$entry" ]; then touch "$copy"; mount --bind "$entry" "$copy"
    fi
  done
  mkdir "$stage/ml"
  mount --bind "$folder" "$stage/ml"
  mount --rbind "$stage" /opt
else
  mount --bind "$folder" /opt/ml
fi
if [ -f "${folder%/*}/hosts" ]; then mount --bind "${folder%/*}/hosts" /etc/hosts; fi
cd /opt/ml
exec "$@"
"""


@dataclass(frozen=True)
class Command:
    """Arguments and environment of a process."""

    argv: tuple[str, ...]
    environment: dict[str, str]


def enclose(argv: Sequence[str], environment: Mapping[str, str], folder: Path, isolation: Isolation) -> Command:
    """The command that runs `argv` with `folder` as its /opt/ml. The parent of `folder` must be private to the job."""
    if isolation == "namespace":
        return Command(_in_namespace(folder, (*KEEPER, *argv)), dict(environment))
    variables = {**moved(dict(environment), folder), "SAGEMAKER_BASE_DIR": str(folder)}
    return Command(tuple(moved(list(argv), folder)), variables)


def moved(value: Json, folder: Path) -> Json:
    """A copy of a JSON value in which paths below /opt/ml are replaced by paths below `folder`, except in keys."""
    if isinstance(value, dict):
        return {key: moved(item, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [moved(item, folder) for item in value]
    return PATH_BEGINS.sub(lambda _: str(folder), value) if isinstance(value, str) else value


def _in_namespace(folder: Path, argv: Sequence[str]) -> tuple[str, ...]:
    return (*UNSHARE, "sh", "-c", MOUNT, "sh", str(folder), *argv)


def wanted_isolation(environment: Mapping[str, str]) -> Isolation | None:
    """The value of LOCAL_AWS_ISOLATION, or None if it is not set. Raises LocalAwsError for an invalid value."""
    wanted = environment.get(ISOLATION_VARIABLE) or None
    if wanted is not None and wanted not in get_args(Isolation):
        raise LocalAwsError(f"{ISOLATION_VARIABLE} is '{wanted}'; expected one of: {', '.join(get_args(Isolation))}")
    return cast(Isolation | None, wanted)


@functools.cache
def isolation(folder: Path) -> Isolation:
    """The isolation of jobs: the value of LOCAL_AWS_ISOLATION, or else found by trying namespaces once in `folder`."""
    if wanted := wanted_isolation(os.environ):
        return wanted
    with tempfile.TemporaryDirectory(dir=folder) as trial:
        Path(trial, "ml").mkdir()
        Path(trial, "hosts").touch()
        argv = _in_namespace(Path(trial, "ml"), ("test", "-d", PREFIX))
        try:
            result = subprocess.run(argv, capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return "folder"
    return "namespace" if result.returncode == 0 else "folder"
