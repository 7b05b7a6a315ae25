"""Every command of docs/runbook.md, against what the tests before have delivered: version 1 serves, 2 is rejected."""

import re
import shlex

import pytest
from botocore.exceptions import ClientError
from end_to_end.aws_commands import run_aws
from end_to_end.support import MARKS, ROOT, Scones

pytestmark = MARKS
NAMES = {"{prefix}": "scones-unlimited-local", "{account}": "123456789012", "{region}": "eu-west-1"}
# Nobody has subscribed to the topics, and the configuration pins all images: none is newer than the version's.
EXIT_CODES = {"scones doctor": 16, "scones images build": 3, "scones registry rebase --yes": 4}


def commands() -> list[str]:
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    for placeholder, name in NAMES.items():
        text = text.replace(placeholder, name)
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return list(dict.fromkeys(line for block in blocks for line in block.splitlines()))


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_runbook_works(command: str, delivering: Scones, approved: list[str]) -> None:
    if command.startswith("aws logs "):
        try:
            run_aws(command, delivering.client)
        except ClientError as error:  # an endpoint that has said nothing has no log group
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
        return
    if command.startswith("aws "):
        assert run_aws(command, delivering.client) is not None
        return
    ran = delivering.here(*shlex.split(command)[1:])
    assert ran.returncode == EXIT_CODES.get(command, 0), ran.stdout + ran.stderr


def test_the_doctor_finds_what_is_to_be_done_here(delivering: Scones, approved: list[str]) -> None:
    ran = delivering.here("doctor")
    todo = {
        line.split(": ")[0].removeprefix("do").strip() for line in ran.stdout.splitlines() if line.startswith("do ")
    }
    todo = {each for each in todo if not each.startswith("alarm ")}  # what earlier tests have broken rings for a while
    assert todo <= {"topic alarms", "topic decisions", "topic failures", "registry"}, ran.stdout
    assert "rules: " in ran.stdout
