"""Fixtures for all tests."""

import gc
import os
import signal
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from local.protocol.templates import use_for_moto
from pipelines.data.generate import write_archive
from pipelines.sagemaker_sdk import read_service_models_once

TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent
REAL_ARCHIVE = REPOSITORY / "../shared/data/cifar-100-python.tar.gz"
# Environment variables that change what the code under test does. Git sets its own for the hooks that it runs.
OF_THE_MACHINE = ("AWS_", "CODEBUILD_", "GIT_", "SAGEMAKER_", "SCONES_")
# Folders whose files share what takes long to make: a local AWS with something deployed on it, or references.
SHARED_BY_FOLDER = ("tests/end_to_end/main_job/", "tests/end_to_end/delivery/", "tests/unit/monitoring/judgement/")
LONGEST_FIRST = ("end_to_end", "local", "browser", "aws", "unit/steps", "unit")


def pytest_configure() -> None:
    """Take away what the machine brings (a role of CodeBuild, credentials, a profile), so that no test can use it.

    A process beside others computes in one thread: two of them with two threads each would wait for one another.
    Shells let what they start in the background ignore SIGINT, and commands that tests interrupt would inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for name in [name for name in os.environ if name.startswith(OF_THE_MACHINE)]:
        del os.environ[name]
    os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"  # the SageMaker SDK wants a region when it is imported
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull  # not the user's ~/.aws


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the folders that take longest first, so that all processes end at about the same time."""
    items.sort(key=lambda item: [item.nodeid.startswith(f"tests/{folder}/") for folder in LONGEST_FIRST], reverse=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for cyclic garbage not at all while modules are imported, and later less often, and not among these.

    What garbage there is by then stays: 50 MB, and a second to look for it.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


def pytest_sessionfinish() -> None:
    """Look for garbage a last time, for pytest's warnings. pytest itself would do so five times, among all there is."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one process, so that its fixtures are made once, and so each folder of SHARED_BY_FOLDER."""
    # Imported here, because xdist is only needed where tests run side by side.
    from xdist.scheduler import LoadScopeScheduling

    class ByFileOrFolder(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((folder for folder in SHARED_BY_FOLDER if file.startswith(folder)), file)

    return ByFileOrFolder(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew; then read the difference")


@pytest.fixture(scope="session", autouse=True)
def as_quick_as_the_product() -> None:
    """Sessions share the service models, as in the commands, and moto reads templates as in the local AWS."""
    read_service_models_once()
    use_for_moto()


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
