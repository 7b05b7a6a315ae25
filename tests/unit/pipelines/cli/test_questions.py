"""Commands that ask, and what they do when nobody says yes."""

import boto3
import click
import pytest
from click.testing import CliRunner

from pipelines.aws import Aws
from pipelines.cli.delivery import _ask_or_give_up
from pipelines.cli.questions import ask
from pipelines.delivery.changes import plan_change
from pipelines.delivery.deployment import Plan, Prepared
from pipelines.delivery.stacks import Stack
from pipelines.delivery.templates import read_template
from pipelines.errors import DeclinedError
from pipelines.settings.naming import Names


def answered(given: str) -> str:
    """The name of what the question ends with."""
    with CliRunner().isolation(input=given):
        try:
            ask("Do it?")
        except (DeclinedError, click.UsageError) as error:
            return type(error).__name__
    return "yes"


@pytest.mark.parametrize(
    ("given", "ending"),
    [("y\n", "yes"), ("n\n", "DeclinedError"), ("\n", "DeclinedError"), ("", "UsageError"), ("what", "UsageError")],
)
def test_who_does_not_answer_is_told_of_yes(given: str, ending: str) -> None:
    assert answered(given) == ending


def test_a_closed_standard_input_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(click.UsageError, match="--yes does not ask"):
        ask("Do it?")


@pytest.mark.filterwarnings("ignore")  # moto tells of the resources that it leaves out
@pytest.mark.parametrize(("given", "error"), [("n\n", DeclinedError), ("", click.UsageError)])
def test_a_deployment_without_a_yes_leaves_nothing_prepared(
    given: str, error: type[Exception], session: boto3.Session, names: Names
) -> None:
    aws = Aws(session)
    parameters = {"Project": "scones-unlimited", "Environment": "local", "KmsKeyArn": ""}
    stack = Stack(names.storage_stack, read_template("storage"), parameters)
    prepared = Prepared(Plan(stack, (), stack, stack), (plan_change(aws, stack),))
    with CliRunner().isolation(input=given), pytest.raises(error):
        _ask_or_give_up(aws, names, prepared)
    assert aws.cloudformation.list_stacks()["StackSummaries"] == []
