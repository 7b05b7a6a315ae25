"""The `aws` commands that docs/local-aws shows exist, with the options that are shown."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.model import ServiceModel
from botocore.session import Session

PAGES = sorted((Path(__file__).parents[3] / "docs" / "local-aws").glob("*.md"))
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"\baws (?P<service>(?!s3 )[a-z0-9-]+) (?P<rest>[^\n]*)")
OF_EVERY_COMMAND = {"cli-input-json", "endpoint-url", "output", "query"}
MADE_UP = {"zip-file"}  # the `aws` command offers Code.ZipFile as an option of its own


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Service and remainder of each command in a page's shell blocks, with continued lines joined."""
    for block in BLOCK.findall(text):
        for found in COMMAND.finditer(block.replace("\\\n", " ")):
            yield found["service"], found["rest"]


@functools.cache
def service_model(service: str) -> ServiceModel:
    return Session().get_service_model(service)


def operation_of(service: str, rest: str) -> str:
    """The API operation that a command calls, of a waiter the one that it polls; KeyError if there is none."""
    words = re.sub(r"--endpoint-url \S+ ", "", rest).split()
    if words[0] == "wait":
        waiters = Session().get_waiter_model(service)
        named = {xform_name(name, "-"): name for name in waiters.waiter_names}
        return str(waiters.get_waiter(named[words[1]]).operation)
    return {xform_name(name, "-"): name for name in service_model(service).operation_names}[words[0]]


def unknown_options(service: str, rest: str) -> set[str]:
    """The options of a command that its operation does not have."""
    shape = service_model(service).operation_model(operation_of(service, rest)).input_shape
    known = {xform_name(name, "-") for name in (shape.members if shape else ())}
    return set(re.findall(r" --([a-z0-9-]+)", rest)) - known - OF_EVERY_COMMAND - MADE_UP


@pytest.mark.parametrize(
    ("page", "service", "rest"),
    [(page.stem, *command) for page in PAGES for command in commands(page.read_text("utf-8"))],
)
def test_commands_exist(page: str, service: str, rest: str) -> None:
    assert unknown_options(service, rest) == set(), page


def test_every_service_page_shows_commands() -> None:
    shown = {page.stem for page in PAGES if list(commands(page.read_text("utf-8")))}
    assert shown == {page.stem for page in PAGES} - {"compared", "index", "memory"}


def test_mistakes_are_seen() -> None:
    assert unknown_options("sagemaker", "list-pipelines --colour red") == {"colour"}
    with pytest.raises(KeyError):
        operation_of("sagemaker", "bake-scones")
