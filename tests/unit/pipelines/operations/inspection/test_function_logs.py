"""What the functions logged, as `scones local logs` shows it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import cli
from pipelines.operations.inspection.function_logs import describe, parse


def line(**keys: object) -> dict[str, object]:
    usual = {"level": "INFO", "message": "done", "service": "classify-image", "timestamp": at("51.601")}
    return {**usual, "function_request_id": "adb524d0", "cold_start": True, **keys}


def at(seconds: str) -> str:
    return f"2026-11-28T19:41:{seconds}+00:00"


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build folder with the logs of two functions."""
    first = line(inference_id="run-1")
    second = line(timestamp=at("52.000"), service="filter-inference", inference_id="run-1", label="a b")
    third = line(timestamp=at("53.000"), level="ERROR", message="failed", inference_id="run-2")
    for name, lines in {"lambda-filter": [second], "lambda-classify": [third, first]}.items():
        folder = tmp_path / "local" / "logs" / name
        folder.mkdir(parents=True)
        (folder / "1.log").write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    return tmp_path


def shown(build: Path, *words: str) -> list[str]:
    done = CliRunner().invoke(cli, ["--build", str(build), "local", "logs", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output.splitlines()


def test_all_lines_are_shown_oldest_first(build: Path) -> None:
    assert shown(build) == [
        "2026-11-28T19:41:51.601  INFO     classify-image    done  inference_id=run-1",
        "2026-11-28T19:41:52.000  INFO     filter-inference  done  inference_id=run-1 label=a b",
        "2026-11-28T19:41:53.000  ERROR    classify-image    failed  inference_id=run-2",
    ]


def test_words_choose_the_lines_that_have_all_of_them(build: Path) -> None:
    assert [text.split()[2] for text in shown(build, "run-1")] == ["classify-image", "filter-inference"]
    assert [text.split()[3] for text in shown(build, "classify-image", "failed")] == ["failed"]
    assert shown(build, "run-3") == []


def test_without_logs_there_is_nothing_to_show(tmp_path: Path) -> None:
    assert shown(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "START RequestId: adb524d0 Version: $LATEST",
        "",
        "[1]",
        '{"time": "2026-11-28T19:41:51.601Z", "type": "platform.start", "record": {"requestId": "adb524d0"}}',
        '{"timestamp": "2026-11-28T19:41:51Z", "level": "ERROR", "errorType": "KeyError", "requestId": "adb524d0"}',
    ],
)
def test_lines_of_lambda_itself_are_left_out(text: str) -> None:
    own = json.dumps(line())
    assert list(parse([text, own])) == [line()]


def test_ids_that_are_the_same_for_all_are_left_out() -> None:
    assert "adb524d0" not in describe(line())
    assert "cold_start" not in describe(line())
