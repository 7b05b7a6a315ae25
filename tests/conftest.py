"""Fixtures for all tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.data.generate import write_archive

REPOSITORY = Path(__file__).parents[1]
REAL_ARCHIVE = REPOSITORY / "../shared/data/cifar-100-python.tar.gz"
OF_THE_MACHINE = ("AWS_", "CODEBUILD_", "SCONES_")  # environment variables that change what the code under test does


def pytest_configure() -> None:
    """Take away what the machine brings (a role of CodeBuild, credentials, a profile), so that no test can use it."""
    for name in [name for name in os.environ if name.startswith(OF_THE_MACHINE)]:
        del os.environ[name]
    os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"  # the SageMaker SDK wants a region when it is imported
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew; then read the difference")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with a golden file; `pytest --update-golden` writes the file instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path} differs; see pytest --update-golden"

    return compare


@pytest.fixture(scope="session")
def generated_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated archive: 60 training and 20 test photos each of bicycles and motorcycles."""
    path = tmp_path_factory.mktemp("generated") / "cifar-100-python.tar.gz"
    return write_archive(path, ("bicycle", "motorcycle"), train_per_class=60, test_per_class=20)


@pytest.fixture(scope="session")
def real_archive() -> Path:
    """The real archive, where this machine has it."""
    if not REAL_ARCHIVE.exists():
        pytest.skip(f"there is no real archive at {REAL_ARCHIVE}")
    return REAL_ARCHIVE
