"""Fixtures for all tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_configure() -> None:
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")  # the SageMaker SDK wants a region when it is imported


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
