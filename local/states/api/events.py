"""Events of executions: the bus hears when one starts and how it ends.

moto: tells nobody. AWS ("Step Functions Execution Status Change" in Step Functions' developer guide): tells of each
status of a standard execution, with what DescribeExecution says of it, and null for what is not there.
"""

from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Record
from local.states.api.executions import described
from local.states.mending import wrap

Publish = Callable[[str, list[str], Record], None]  # detail-type, resources and detail
DETAIL_TYPE = "Step Functions Execution Status Change"
MEMBERS = (
    "executionArn",
    "stateMachineArn",
    "stateMachineVersionArn",
    "stateMachineAliasArn",
    "name",
    "status",
    "startDate",
    "stopDate",
    "input",
    "output",
    "inputDetails",
    "outputDetails",
    "error",
    "cause",
    "redriveCount",
    "redriveDate",
    "redriveStatus",
    "redriveStatusReason",
)


def mend(publish: Publish) -> None:
    """Lets executions tell `publish` of their status."""
    from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution

    def tell(execution: Any) -> None:
        publish(DETAIL_TYPE, [execution.execution_arn], detail(execution))

    def started(start: Callable[..., Any], self: Any) -> Any:
        answer = start(self)
        tell(self)
        return answer

    def ended(reflect: Callable[..., None], self: Any) -> None:
        reflect(self)
        tell(self.execution)

    wrap(Execution, "start", started)
    wrap(BaseExecutionWorkerCommunication, "_reflect_execution_status", ended)


def detail(execution: Any) -> Record:
    """The `detail` of an event."""
    known = described(execution, with_data=True)
    return {name: known.get(name) for name in MEMBERS}
