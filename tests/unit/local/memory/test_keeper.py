"""The memory writes what changed, names what it cannot write, and refuses what does not fit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.memory import backends
from local.memory.keeper import COLLECT_SECONDS, Memory, pause_after
from local.memory.store import Store, held
from local.protocol.errors import LocalAwsError
from local.runtime.context import Context

REGION = "eu-west-1"


class Part:
    """A service that holds one value."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def remember(self) -> Any:
        return self.value

    def recall(self, kept: Any) -> None:
        self.value = kept["value"]


@pytest.fixture(autouse=True)
def empty_moto() -> Iterator[None]:
    """Services of moto that hold nothing, before and after."""
    from moto.core.base_backend import BackendDict

    BackendDict.reset()
    yield
    BackendDict.reset()


def memory(data: Path, part: Part) -> Memory:
    made = Memory(Context(data, REGION, 1), Store(data, REGION))
    made.recall({"part": part})
    return made


def test_what_a_part_remembers_is_there_at_the_next_start(tmp_path: Path) -> None:
    first = memory(tmp_path, Part({"value": 7}))
    first.start()
    first.close()
    again = Part(None)
    memory(tmp_path, again)
    assert again.value == 7


def test_a_value_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    first = memory(tmp_path, Part({"other": 7}))
    first.start()
    first.close()
    with pytest.raises(LocalAwsError, match=r"part remember does not fit this version.*scones local reset"):
        memory(tmp_path, Part(None))


def nested(levels: int) -> list[Any]:
    """Lists in lists."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "said"),
    [(len, "builtins.len cannot be remembered"), (nested(5000), "maximum recursion depth")],
    ids=["of Python", "deep"],
)
def test_a_service_that_cannot_be_written_is_named_and_the_others_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], value: object, said: str
) -> None:
    account = Context.account
    backends.service("s3")[account]["aws"].create_bucket("kept", REGION)
    backends.service("sqs")[account][REGION].queues["bad"] = value
    first = memory(tmp_path, Part({"value": 7}))
    first.start()
    first.close()
    assert f"what moto's sqs holds is not remembered: {said}" in capsys.readouterr().out
    assert held(tmp_path) == {"buckets": 1}


def test_writing_takes_a_fifth_of_a_processor_at_most() -> None:
    assert pause_after(0.01) == COLLECT_SECONDS
    assert pause_after(0.5) == pytest.approx(2)
