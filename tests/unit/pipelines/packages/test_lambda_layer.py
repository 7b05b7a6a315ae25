"""The layer with Pillow."""

import io
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from pipelines.errors import ConfigurationError
from pipelines.packages.lambda_layer import NEWEST_GLIBC, explanation, install_command, package_layer, platforms
from pipelines.settings.sections import Lambdas

HERE = f"python{sys.version_info.major}.{sys.version_info.minor}"


def lambdas(**changes: object) -> Lambdas:
    values = {"runtime": "python3.13", "architecture": "x86_64", "dependencies": "layer", "memory_mb": 512}
    return Lambdas.model_validate(values | changes)


def test_wheels_are_chosen_for_the_runtime_and_not_for_this_machine() -> None:
    command = install_command(lambdas(architecture="arm64", runtime="python3.12"), "pillow==1.0", Path("target"))
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
    said = explanation(lambdas(), "WARNING: slow\nERROR: No matching distribution found for pillow\n")
    assert "ERROR: No matching distribution found for pillow" in said
    assert "WARNING" not in said
    assert "lambdas.runtime python3.13 on x86_64" in said
    assert "lambdas.dependencies" in said


def test_a_layer_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=r"no Pillow layer .* No matching distribution found"):
        package_layer(lambdas())


@pytest.fixture(scope="module")
def package_index() -> None:
    """Skips a test where pip has no index with the pinned Pillow. One quick question tells, without pip's retries."""
    pinned = version("pillow")
    ask = [sys.executable, "-m", "pip", "index", "versions", "pillow", "--retries", "0", "--timeout", "5"]
    try:
        said = subprocess.run(ask, capture_output=True, text=True, check=False, timeout=20).stdout
    except subprocess.TimeoutExpired:
        said = ""
    if pinned not in re.findall(r"[\w.]+", said):
        pytest.skip(f"no package index here offers Pillow {pinned}, from which the layer is made")


@pytest.mark.slow
@pytest.mark.usefixtures("package_index")
def test_the_layer_has_pillow_for_the_runtime(tmp_path: Path) -> None:
    layer = package_layer(lambdas())
    assert layer.key == f"code/lambdas/layer-{layer.digest}.zip"
    assert "python/PIL/_imaging.cpython-313-x86_64-linux-gnu.so" in layer.files
    assert f"python/pillow-{version('pillow')}.dist-info/METADATA" in layer.files
    with zipfile.ZipFile(io.BytesIO(layer.zip_bytes)) as archive:
        archive.extractall(tmp_path)
        assert sum(entry.file_size for entry in archive.infolist()) < 250 * 1024 * 1024  # Lambda's limit


@pytest.mark.slow
@pytest.mark.usefixtures("package_index")
def test_pillow_of_the_layer_can_be_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The runtime of this Python on a C library that has wheels, so that the files can be run here.
    monkeypatch.setitem(NEWEST_GLIBC, HERE, 34)
    layer = package_layer(lambdas(runtime=HERE))
    with zipfile.ZipFile(io.BytesIO(layer.zip_bytes)) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import PIL.Image; print(PIL.Image.__file__)"],
        env={"PYTHONPATH": str(tmp_path / "python"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(str(tmp_path))
