import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console
from rich.table import Table

from pipelines.console.progress import Progress, describe
from pipelines.waiting.pipeline_executions import Step

START = datetime(2026, 1, 1, tzinfo=UTC)
RUNNING = Step("TrainModel", "Executing", START, None, None, None, {})
DONE = replace(RUNNING, status="Succeeded", ended=START + timedelta(seconds=12))
REUSED = replace(DONE, reused_from="arn:aws:sagemaker:r:1:pipeline/p/execution/abc123")
CHECKED = replace(DONE, name="CheckQuality", metadata={"Condition": {"Outcome": "True"}})


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (RUNNING, "Executing"),
        (DONE, "Succeeded after 12.0 s"),
        (REUSED, "reused: its inputs are those of execution abc123"),
        (CHECKED, "Succeeded: True"),
    ],
)
def test_a_step_in_a_few_words(step: Step, words: str) -> None:
    assert describe(step) == words


def test_without_a_terminal_each_change_is_one_line() -> None:
    output = io.StringIO()
    progress = Progress(Console(file=output, width=100))
    with progress.stage("training", "Training"), progress.steps():
        for steps in ([RUNNING], [RUNNING], [DONE]):
            progress.show(steps)
    assert output.getvalue().splitlines() == [
        "▸ Training",
        "  TrainModel: Executing",
        "  TrainModel: Succeeded after 12.0 s",
    ]
    assert progress.seconds["training"] >= 0


def test_in_a_terminal_there_is_one_live_table() -> None:
    output = io.StringIO()
    progress = Progress(Console(file=output, width=100, force_terminal=True))
    with progress.steps():
        progress.show([RUNNING])
        progress.show([DONE, CHECKED])
    assert "Succeeded after 12.0 s" in output.getvalue()


def test_the_job_behind_a_step() -> None:
    arn = "arn:aws:sagemaker:eu-west-1:1:training-job/pipelines-abc-train"
    step = replace(RUNNING, metadata={"TrainingJob": {"Arn": arn}})
    assert step.job == ("TrainingJob", "pipelines-abc-train")
    assert RUNNING.job is None


@pytest.mark.parametrize(("terminal", "lengths"), [(True, [80, 80, 40]), (False, [200])])
def test_a_long_name_is_folded_for_a_terminal_and_stays_whole_for_a_program(terminal: bool, lengths: list[int]) -> None:
    written = io.StringIO()
    table = Table(box=None, show_header=False, padding=0)
    table.add_column(overflow="fold")
    table.add_row("a" * 200)
    Progress(Console(file=written, width=80, force_terminal=terminal)).print_table(table)
    assert [len(line.rstrip()) for line in written.getvalue().splitlines()] == lengths
