"""Nested executions.

moto: the answer of a finished execution lacks InputDetails. AWS: it has InputDetails and OutputDetails, and nothing
about redriving.
"""

from local.protocol.json_types import Record
from local.states.mending import replace

MEMBERS = [
    "executionArn",
    "stateMachineArn",
    "name",
    "status",
    "startDate",
    "stopDate",
    "input",
    "inputDetails",
    "output",
    "outputDetails",
    "error",
    "cause",
]


def mend() -> None:
    """Lets `startExecution.sync` answer as AWS does."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_sfn

    replace(state_task_service_sfn, "select_from_typed_dict", selected)


def selected(_: type, answer: Record) -> Record:
    """The members of DescribeExecution's answer that become the result of a task."""
    return {name: answer[name] for name in MEMBERS if name in answer}
