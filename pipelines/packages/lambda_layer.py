"""The Lambda layer with Pillow, which AWS's Python runtimes do not include."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from pipelines.errors import ConfigurationError
from pipelines.packages.archives import read_tree
from pipelines.packages.code import LambdaPackage
from pipelines.settings.sections import Lambdas

# Minor version of glibc: Amazon Linux 2 has glibc 2.26, Amazon Linux 2023 has 2.34 (AWS, "Lambda runtimes").
NEWEST_GLIBC = {"python3.11": 26, "python3.12": 34, "python3.13": 34}
OLDEST_GLIBC = 17
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}


def package_layer(lambdas: Lambdas) -> LambdaPackage:
    """Packages Pillow for the functions' runtime and architecture, in the version that is installed and tested here.

    Raises:
        ConfigurationError: pip finds no wheel for that runtime, or cannot reach its index.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "python"  # Lambda puts /opt/python on the path
        command = install_command(lambdas, f"pillow=={version('pillow')}", target)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ConfigurationError(explanation(lambdas, done.stderr))
        return LambdaPackage("layer", read_tree(Path(folder)))


def install_command(lambdas: Lambdas, requirement: str, target: Path) -> Sequence[str]:
    """The pip command. It only takes wheels, and takes them for Lambda's platform instead of this machine's."""
    return (
        *(
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-compile",
            "--no-deps",
        ),
        *("--target", str(target), "--only-binary", ":all:", "--implementation", "cp"),
        *("--python-version", lambdas.runtime.removeprefix("python")),
        *(option for tag in platforms(lambdas) for option in ("--platform", tag)),
        requirement,
    )


def platforms(lambdas: Lambdas) -> list[str]:
    """Platform tags (PEP 600) of the wheels that work with the runtime's C library, newest first."""
    newest, machine = NEWEST_GLIBC[lambdas.runtime], MACHINES[lambdas.architecture]
    return [f"manylinux_2_{minor}_{machine}" for minor in range(newest, OLDEST_GLIBC - 1, -1)]


def explanation(lambdas: Lambdas, output: str) -> str:
    """The error message: pip's own reasons and possible remedies."""
    reasons = [line for line in output.splitlines() if line.startswith("ERROR")] or output.splitlines()[-3:]
    return (
        f"no Pillow layer for lambdas.runtime {lambdas.runtime} on {lambdas.architecture}: {' '.join(reasons)} "
        "- choose a newer runtime, check that pip can reach its index, or set lambdas.dependencies to 'runtime' if the "
        "runtime already has Pillow"
    )
