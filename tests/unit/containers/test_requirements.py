"""The locked packages of the images: those that the tests run with, all that the code imports, and nothing besides."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from steps.classifier.model_folder import SERVING_MODULES

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "containers/requirements"
LOCKS = {"training-cpu": "training", "training-gpu": "training", "inference-cpu": "inference"}
FOR_GPUS = re.compile(r"(nvidia|cuda)-.*|triton")  # what PyTorch's build for GPUs needs, and no other machine has
CODE = {
    "training": [
        *(each for name in ("steps", "monitoring", "jobs", "photos", "windows") for each in (ROOT / name).rglob("*.py"))
    ],
    "inference": [*(ROOT / f"{each}.py" for each in ("steps/inference", *SERVING_MODULES))],
}
OF_OTHER_IMAGE = {"training": {ROOT / "steps/inference.py"}, "inference": set[Path]()}


def locked(name: str) -> dict[str, str]:
    """The version of each package in a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (FOLDER / f"{name}.txt").read_text(), re.MULTILINE))


def wanted(target: str) -> list[str]:
    lines = (FOLDER / f"{target}.in").read_text().splitlines()
    return [line for line in lines if not line.startswith("#")]


def with_requirements(names: list[str]) -> set[str]:
    """These packages, and all that they need by what is installed here."""
    found: set[str] = set()
    while names:
        name = canonicalize_name(names.pop())
        if name in found or FOR_GPUS.fullmatch(name):
            continue
        found.add(name)
        needs = [Requirement(each) for each in distribution(name).requires or ()]
        names += [each.name for each in needs if not each.marker or each.marker.evaluate({"extra": ""})]
    return found


def imported(paths: list[Path]) -> Iterator[str]:
    """The packages that modules import, by the names that they are installed by."""
    known = packages_distributions()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for module in {each.partition(".")[0] for each in modules} - set(sys.stdlib_module_names):
                if not (ROOT / module).is_dir():
                    yield canonicalize_name(known[module][0])


@pytest.mark.parametrize("lock", LOCKS)
def test_versions_are_those_that_the_tests_run_with(lock: str) -> None:
    found = {name: each for name, each in locked(lock).items() if not FOR_GPUS.fullmatch(name)}
    assert {name: each.partition("+")[0] for name, each in found.items()} == {
        name: version(name).partition("+")[0] for name in found
    }, "run `make imagelocks`"


@pytest.mark.parametrize(("lock", "target"), LOCKS.items())
def test_a_lock_is_complete_and_has_nothing_besides(lock: str, target: str) -> None:
    found = {name for name in locked(lock) if not FOR_GPUS.fullmatch(name)}
    assert found == with_requirements(wanted(target)), "run `make imagelocks`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_hash(lock: str) -> None:
    parts = re.split(r"\n(?=[a-z0-9])", (FOLDER / f"{lock}.txt").read_text().strip())
    entries = [each for each in parts if not each.startswith("#")]
    assert len(entries) == len(locked(lock))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_builds_of_pytorch() -> None:
    assert {lock: locked(lock)["torch"].partition("+")[2] for lock in LOCKS} == {
        "training-cpu": "cpu",
        "training-gpu": "",
        "inference-cpu": "cpu",
    }
    assert "nvidia-cudnn-cu13" in locked("training-gpu")


@pytest.mark.parametrize("target", CODE)
def test_an_image_has_what_its_code_imports(target: str) -> None:
    server = [*(ROOT / "containers/serving").glob("*.py")] if target == "inference" else []
    modules = [each for each in (*CODE[target], *server) if each not in OF_OTHER_IMAGE[target]]
    assert set(imported(modules)) <= set(wanted(target))
