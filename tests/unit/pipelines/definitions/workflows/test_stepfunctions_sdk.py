"""Guards the containment of the old SDK: what it must not touch stays untouched, what it lacks is there."""

import subprocess
import sys

from pipelines.definitions.workflows.stepfunctions_sdk import RetryWithJitter, SendMessage


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_the_import_leaves_logging_and_yaml_as_they_were() -> None:
    program = (
        "import logging, yaml; logging.getLogger().setLevel(logging.INFO);"
        "before = dict(yaml.SafeDumper.yaml_representers);"
        "import pipelines.definitions.workflows.stepfunctions_sdk;"
        "print(logging.getLogger().level == logging.INFO, yaml.SafeDumper.yaml_representers == before)"
    )
    assert run(program) == "True True"


def test_the_import_needs_nothing_of_the_sagemaker_sdk() -> None:
    program = (
        "import sys, pipelines.definitions.workflows.stepfunctions_sdk;"
        "print([name for name in sys.modules if name.partition('.')[0] == 'sagemaker'])"
    )
    assert run(program) == "[]"


def test_a_retry_can_spread_its_delays() -> None:
    retry = RetryWithJitter(max_delay_seconds=30, error_equals=["Busy"], interval_seconds=1, max_attempts=2)
    assert retry.to_dict() == {
        "ErrorEquals": ["Busy"],
        "IntervalSeconds": 1,
        "MaxAttempts": 2,
        "MaxDelaySeconds": 30,
        "JitterStrategy": "FULL",
    }


def test_a_message_goes_to_sqs() -> None:
    task = SendMessage("Tell", parameters={"QueueUrl": "q", "MessageBody": "m"}).to_dict()
    assert task["Resource"] == "arn:aws:states:::sqs:sendMessage"
