"""The Lambda layers: packages that the functions need and that AWS's Python runtimes do not include."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from pipelines.errors import ConfigurationError
from pipelines.packages.archives import read_tree
from pipelines.packages.code import LambdaPackage
from pipelines.settings.sections import Lambdas

# What each layer holds. The packages that these require are listed as well, because pip is told to add nothing.
# infra/application.yaml attaches Pillow to the one function that reads photos, and Powertools to all: all write logs.
LAYERS = {
    "pillow-layer": ("pillow",),
    "powertools-layer": ("aws-lambda-powertools", "jmespath", "typing-extensions"),
}
# Minor version of glibc: Amazon Linux 2 has glibc 2.26, Amazon Linux 2023 has 2.34 (AWS, "Lambda runtimes").
NEWEST_GLIBC = {"python3.11": 26, "python3.12": 34, "python3.13": 34}
OLDEST_GLIBC = 17
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}


def package_layer(name: str, lambdas: Lambdas) -> LambdaPackage:
    """Packages a layer for the functions' runtime and architecture, in the versions that are installed and tested here.

    Raises:
        ConfigurationError: pip finds no wheel for that runtime, or cannot reach its index.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "python"  # Lambda puts /opt/python on the path
        requirements = [f"{package}=={version(package)}" for package in LAYERS[name]]
        command = install_command(lambdas, requirements, target)
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
        if done.returncode:
            raise ConfigurationError(explanation(name, lambdas, done.stderr))
        return LambdaPackage(name, read_tree(Path(folder)))


def install_command(lambdas: Lambdas, requirements: Iterable[str], target: Path) -> Sequence[str]:
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
        *requirements,
    )


def platforms(lambdas: Lambdas) -> list[str]:
    """Platform tags (PEP 600) of the wheels that work with the runtime's C library, newest first."""
    newest, machine = NEWEST_GLIBC[lambdas.runtime], MACHINES[lambdas.architecture]
    return [f"manylinux_2_{minor}_{machine}" for minor in range(newest, OLDEST_GLIBC - 1, -1)]


def explanation(name: str, lambdas: Lambdas, output: str) -> str:
    """The error message: pip's own reasons and possible remedies."""
    reasons = [line for line in output.splitlines() if line.startswith("ERROR")] or output.splitlines()[-3:]
    return (
        f"cannot make the {name} for lambdas.runtime {lambdas.runtime} on {lambdas.architecture}: {' '.join(reasons)} "
        "- choose a newer runtime, check that pip can reach its index, or set lambdas.dependencies to 'runtime' if the "
        f"runtime already has {', '.join(LAYERS[name])}"
    )
