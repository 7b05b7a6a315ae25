"""The layers of the Lambda functions."""

import functools
import io
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from unit.pipelines.wheels import write_wheels

from pipelines.errors import ConfigurationError
from pipelines.packages.lambda_layer import LAYERS, NEWEST_GLIBC, explanation, install_command, package_layer, platforms
from pipelines.settings.sections import Lambdas

MOST_BYTES = 250 * 1024 * 1024  # Lambda's limit for a function and its layers, unzipped
HERE = f"python{sys.version_info.major}.{sys.version_info.minor}"


def lambdas(**changes: object) -> Lambdas:
    values = {"runtime": "python3.13", "architecture": "x86_64", "dependencies": "layer"}
    return Lambdas.model_validate(values | {"memory_mb": 512, "log_level": "INFO"} | changes)


def test_wheels_are_chosen_for_the_runtime_and_not_for_this_machine() -> None:
    command = install_command(lambdas(architecture="arm64", runtime="python3.12"), ["pillow==1.0"], Path("target"))
    text = " ".join(command)
    assert "--python-version 3.12 --platform manylinux_2_34_aarch64" in text
    assert "--only-binary :all:" in text
    assert "--no-deps" in text
    assert "x86_64" not in text
    assert text.endswith(" pillow==1.0")


def test_the_c_library_of_the_runtime_is_the_limit() -> None:
    assert "manylinux_2_28_x86_64" in platforms(lambdas(runtime="python3.13"))
    oldest = platforms(lambdas(runtime="python3.11"))
    assert oldest[0] == "manylinux_2_26_x86_64"
    assert oldest[-1] == "manylinux_2_17_x86_64"


def test_what_pip_says_and_what_to_do_are_told() -> None:
    said = explanation("pillow-layer", lambdas(), "WARNING: slow\nERROR: No matching distribution found for pillow\n")
    assert "ERROR: No matching distribution found for pillow" in said
    assert "WARNING" not in said
    assert "the pillow-layer for lambdas.runtime python3.13 on x86_64" in said
    assert "lambdas.dependencies" in said


def test_a_layer_is_made_of_wheels_for_the_runtime(wheel_folder: Path) -> None:
    for tag in ("cp313-cp313-manylinux_2_28_aarch64", "cp313-cp313-manylinux_2_28_x86_64"):
        write_wheels(wheel_folder, ["pillow"], tag)
    layer = package_layer("pillow-layer", lambdas(architecture="arm64"))
    assert layer.files["python/pillow.py"] == b"CAME_FROM = 'cp313-cp313-manylinux_2_28_aarch64'\n"
    assert layer.key == f"code/lambdas/pillow-layer-{layer.digest}.zip"
    assert {path.split("/")[1] for path in layer.files} == {"pillow.py", f"pillow-{version('pillow')}.dist-info"}


@pytest.mark.usefixtures("wheel_folder")
def test_a_layer_that_cannot_be_made() -> None:
    with pytest.raises(ConfigurationError, match=r"cannot make the pillow-layer .* No matching distribution found"):
        package_layer("pillow-layer", lambdas())


def test_a_layer_holds_all_that_its_packages_require() -> None:
    for packages in LAYERS.values():
        required = {requirement for package in packages for requirement in requirements_of(package)}
        assert required <= set(packages)


def requirements_of(package: str) -> set[str]:
    """What a package requires itself, without the requirements of its extras."""
    found = [Requirement(each) for each in requires(package) or []]
    return {each.name for each in found if each.marker is None or each.marker.evaluate({"extra": ""})}


@pytest.fixture(params=LAYERS)
def layer_name(request: pytest.FixtureRequest) -> str:
    """Each layer. Skips a test where pip has no index with the pinned version of its main package."""
    name: str = request.param
    package = LAYERS[name][0]
    if not is_offered(package, version(package)):
        pytest.skip(f"no package index here offers {package} {version(package)}, from which the layer is made")
    return name


@functools.cache
def is_offered(package: str, pinned: str) -> bool:
    """Whether pip can get a version of a package. It is told to give up soon, and not to try again."""
    ask = [sys.executable, "-m", "pip", "index", "versions", package, "--retries", "0", "--timeout", "5"]
    try:
        said = subprocess.run(ask, capture_output=True, text=True, check=False, timeout=20).stdout
    except subprocess.TimeoutExpired:
        return False
    return pinned in re.findall(r"[\w.]+", said)


FILES = {
    "pillow-layer": "python/PIL/_imaging.cpython-313-x86_64-linux-gnu.so",
    "powertools-layer": "python/aws_lambda_powertools/logging/logger.py",
}


@pytest.mark.slow
def test_a_layer_has_its_packages_for_the_runtime(layer_name: str) -> None:
    layer = package_layer(layer_name, lambdas())
    assert layer.key == f"code/lambdas/{layer_name}-{layer.digest}.zip"
    assert FILES[layer_name] in layer.files
    metadata = {path.split("/")[1] for path in layer.files if path.endswith(".dist-info/METADATA")}
    pinned = [f"{package.replace('-', '_')}-{version(package)}.dist-info" for package in LAYERS[layer_name]]
    assert sorted(metadata) == sorted(pinned)
    assert sum(map(len, layer.files.values())) < MOST_BYTES / 2  # one function has both


PROGRAMS = {
    "pillow-layer": "import PIL.Image as found",
    "powertools-layer": "import aws_lambda_powertools as found; found.Logger().info('imported')",
}


@pytest.mark.slow
def test_packages_of_a_layer_can_be_imported(layer_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The runtime of this Python on a C library that has wheels, so that the files can be run here.
    monkeypatch.setitem(NEWEST_GLIBC, HERE, 34)
    layer = package_layer(layer_name, lambdas(runtime=HERE))
    with zipfile.ZipFile(io.BytesIO(layer.zip_bytes)) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"{PROGRAMS[layer_name]}; print(found.__file__)"],
        env={"PYTHONPATH": str(tmp_path / "python"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1].startswith(str(tmp_path))
