"""State machines on the local AWS."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.support import ROLE, client

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def states(aws: Any) -> Any:
    """A client of Step Functions."""
    return client(aws, "stepfunctions")


@pytest.fixture(scope="session")
def create(states: Any) -> Callable[[dict[str, Any]], str]:
    """`create(definition)`: the ARN of a new state machine."""

    def machine(definition: dict[str, Any]) -> str:
        name = f"machine-{next(NUMBERS)}"
        answer = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        return str(answer["stateMachineArn"])

    return machine


@pytest.fixture(scope="session")
def run(states: Any, create: Any, wait: Any) -> Callable[..., dict[str, Any]]:
    """`run(definition, input)`: the description of the execution when it has ended."""

    def execute(definition: dict[str, Any], given: Any = None) -> dict[str, Any]:
        text = json.dumps({} if given is None else given)
        arn = states.start_execution(stateMachineArn=create(definition), input=text)["executionArn"]
        describe = lambda: states.describe_execution(executionArn=arn)  # noqa: E731
        return dict(wait(describe, "status", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"))

    return execute
