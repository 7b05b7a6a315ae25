"""The container contract of SageMaker jobs without containers: a private /opt/ml for one command.

Where the kernel allows it (isolation "namespace"), the job's folder is mounted at /opt/ml in namespaces of its own.
Elsewhere (isolation "folder") paths below /opt/ml are replaced by paths below the folder in everything that tells the
job where its files are: arguments, environment, and the JSON documents in /opt/ml/input/config and /opt/ml/config.
SAGEMAKER_BASE_DIR tells the SageMaker toolkits the same.
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
# The prefix where an absolute path begins, perhaps within a longer text such as a shell command: not in `/opt/mlflow`,
# and not in `s3://bucket/opt/ml`, but in `file:///opt/ml`.
PATH_BEGINS = re.compile(rf"(?:(?<![\w./~)}}-])|(?<=file://)){PREFIX}(?![\w-]|\.\w)")
UNSHARE = ("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")

# /opt may hold the interpreter and cannot be written by everyone: it is rebuilt from its own entries, with `ml` added.
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
cd /opt/ml
exec "$@"
"""


@dataclass(frozen=True)
class Command:
    """What a process needs: arguments and environment."""

    argv: tuple[str, ...]
    environment: dict[str, str]


def enclose(argv: Sequence[str], environment: Mapping[str, str], folder: Path, isolation: Isolation) -> Command:
    """The command that runs `argv` with `folder` as its /opt/ml; the folder's parent is private to the job, too."""
    if isolation == "namespace":
        return Command(_in_namespace(folder, (*KEEPER, *argv)), dict(environment))
    variables = {**moved(dict(environment), folder), "SAGEMAKER_BASE_DIR": str(folder)}
    return Command(tuple(moved(list(argv), folder)), variables)


def moved(value: Json, folder: Path) -> Json:
    """A copy of a JSON value whose texts have paths below `folder` in place of those below /opt/ml; keys stay."""
    if isinstance(value, dict):
        return {key: moved(item, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [moved(item, folder) for item in value]
    return PATH_BEGINS.sub(lambda _: str(folder), value) if isinstance(value, str) else value


def _in_namespace(folder: Path, argv: Sequence[str]) -> tuple[str, ...]:
    return (*UNSHARE, "sh", "-c", MOUNT, "sh", str(folder), *argv)


def wanted_isolation(environment: Mapping[str, str]) -> Isolation | None:
    """What LOCAL_AWS_ISOLATION says, None if nothing; raises LocalAwsError."""
    wanted = environment.get(ISOLATION_VARIABLE) or None
    if wanted is not None and wanted not in get_args(Isolation):
        raise LocalAwsError(f"{ISOLATION_VARIABLE} is '{wanted}'; expected one of: {', '.join(get_args(Isolation))}")
    return cast(Isolation | None, wanted)


@functools.cache
def isolation(folder: Path) -> Isolation:
    """How jobs get their /opt/ml here: as LOCAL_AWS_ISOLATION says, else as works when tried once below `folder`."""
    if wanted := wanted_isolation(os.environ):
        return wanted
    with tempfile.TemporaryDirectory(dir=folder) as trial:
        Path(trial, "ml").mkdir()
        argv = _in_namespace(Path(trial, "ml"), ("test", "-d", PREFIX))
        try:
            result = subprocess.run(argv, capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return "folder"
    return "namespace" if result.returncode == 0 else "folder"
