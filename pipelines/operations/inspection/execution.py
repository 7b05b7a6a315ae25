"""Looks at one execution of a state machine: its history, and how its map runs went."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from pipelines.errors import DataError
from pipelines.histories.visits import Event, Visit, visits_of
from pipelines.histories.words import cause
from pipelines.operations.inspection.map_runs import MapRun, read_map_run
from pipelines.operations.workplace import Workplace
from pipelines.pictures import draw_execution
from pipelines.waiting.workflow_executions import history

ABSENT = {"ExecutionDoesNotExist", "InvalidArn"}


@dataclass(frozen=True)
class Look:
    """One execution as it is now. `runs` has the runs of those states that are distributed maps."""

    name: str
    status: str
    started: datetime
    ended: datetime | None
    error: str
    definition: Mapping[str, Any]
    events: Sequence[Event]
    runs: Mapping[str, MapRun]

    @property
    def visits(self) -> list[Visit]:
        """What happened in the states, in the order of entering."""
        return visits_of(self.events)

    @property
    def picture(self) -> str:
        """The picture of the execution, as SVG."""
        return draw_execution(self.definition, self.events, {name: run.items for name, run in self.runs.items()})


def look(work: Workplace, execution: str) -> Look:
    """Reads an execution, given its ARN or, for one of the workflows for one photo and for many, its name.

    Raises:
        DataError: there is no such execution, or it is an express execution, which has no history.
    """
    if ":express:" in execution:
        raise DataError(
            f"{execution} is an express execution, of which Step Functions keeps no history; see its log group"
        )
    described = _described(work, execution)
    arn = described["executionArn"]
    machine = work.aws.stepfunctions.describe_state_machine_for_execution(executionArn=arn)
    events = history(work.aws, arn)
    return Look(
        name=described["name"],
        status=described["status"],
        started=described["startDate"],
        ended=described.get("stopDate"),
        error=": ".join(filter(None, (described.get("error"), cause(described.get("cause"))))),
        definition=json.loads(machine["definition"]),
        events=events,
        runs={visit.name: read_map_run(work.aws, visit.map_run) for visit in visits_of(events) if visit.map_run},
    )


def _described(work: Workplace, execution: str) -> dict[str, Any]:
    for arn in _arns(work, execution):
        try:
            described: dict[str, Any] = work.aws.stepfunctions.describe_execution(executionArn=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ABSENT:
                raise
        else:
            return described
    raise DataError(
        f"there is no execution {execution}. Give an ARN, or the name of an execution of {work.names.state_machine} or "
        f"{work.names.batch_machine} as `summary.json` and the messages in the review queue have it"
    )


def _arns(work: Workplace, execution: str) -> list[str]:
    """What a name or an ARN may mean."""
    if execution.startswith("arn:"):
        return [execution]
    machines = (work.names.state_machine_arn, work.names.batch_machine_arn)
    return [f"{machine.replace(':stateMachine:', ':execution:')}:{execution}" for machine in machines]
