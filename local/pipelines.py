"""SageMaker pipelines: definitions as resources, and their executions."""

import secrets
import string
import time
from collections.abc import Callable

from local.cache import PastRun
from local.context import Context, now
from local.definition import Definition, Resolver, check_supported, parameter_values, parse
from local.errors import ConflictError, DefinitionError, JobError, NotFoundError, ValidationError
from local.events import EventService
from local.execution import Execution
from local.json_types import Record
from local.resources import Collection, Kind, paged
from local.steps import StepRunner
from local.storage import Storage

ID_LETTERS = string.ascii_lowercase + string.digits
KIND = Kind(
    noun="Pipeline",
    arn="pipeline",
    summaries="PipelineSummaries",
    missing="Pipeline '{arn}' does not exist.",
    missing_code="ResourceNotFound",
    existing="Pipeline names must be unique within an AWS account and region. "
    "Pipeline with name ({name}) already exists.",
    descending=True,
)


class PipelineService:
    """Pipelines and their executions, which are kept for as long as the local AWS runs."""

    def __init__(self, context: Context, runner: StepRunner, events: EventService) -> None:
        self._context = context
        self._storage = Storage(context)
        self._runner = runner
        self._events = events
        self._pipelines = Collection(KIND, context)
        self._executions: dict[str, Execution] = {}
        self._tokens: dict[str, str] = {}
        self._history: dict[str, dict[str, list[PastRun]]] = {}

    @property
    def collection(self) -> Collection:
        """The pipelines."""
        return self._pipelines

    def operations(self) -> dict[str, Callable[[Record], Record]]:
        """The operations of the SageMaker API that are answered here."""
        return {
            "CreatePipeline": self._create,
            "UpdatePipeline": self._update,
            "DescribePipeline": lambda request: self._pipelines.find(request["PipelineName"]),
            "DeletePipeline": self._delete,
            "ListPipelines": self._list,
            "StartPipelineExecution": self._start,
            "StopPipelineExecution": self._stop,
            "RetryPipelineExecution": self._retry,
            "DescribePipelineExecution": lambda request: self._find(request).record,
            "DescribePipelineDefinitionForExecution": lambda request: self._find(request).record,
            "ListPipelineParametersForExecution": self._list_parameters,
            "ListPipelineExecutions": self._list_executions,
            "ListPipelineExecutionSteps": self._list_steps,
        }

    def close(self) -> None:
        """Stop all executions."""
        running = [execution for execution in self._executions.values() if not execution.ended.is_set()]
        for execution in running:
            execution.stop()
        for execution in running:
            execution.ended.wait(timeout=10)

    def _create(self, request: Record) -> Record:
        text = self._definition_text(request)
        if text is None:
            raise ValidationError("Either Pipeline Definition or Pipeline Definition S3 location should be provided")
        self._parse(text)
        defaults = {"PipelineDisplayName": request["PipelineName"], **_without_location(request)}
        record = self._pipelines.add(defaults, PipelineDefinition=text, PipelineStatus="Active")
        return {"PipelineArn": record["PipelineArn"]}

    def _update(self, request: Record) -> Record:
        record = self._pipelines.find(request["PipelineName"])
        text = self._definition_text(request)
        changes = {key: value for key, value in _without_location(request).items() if key != "PipelineName"}
        if text is not None:
            self._parse(text)
            changes["PipelineDefinition"] = text
        record |= {**changes, "LastModifiedTime": now()}
        return {"PipelineArn": record["PipelineArn"]}

    def _delete(self, request: Record) -> Record:
        record = self._pipelines.remove(request["PipelineName"])
        self._history.pop(record["PipelineName"], None)
        return {"PipelineArn": record["PipelineArn"]}

    def _list(self, request: Record) -> Record:
        prefix = request.get("PipelineNamePrefix", "")
        chosen = [record for record in self._pipelines.records() if record["PipelineName"].startswith(prefix)]
        return self._pipelines.page(request, chosen)

    def _definition_text(self, request: Record) -> str | None:
        text, location = request.get("PipelineDefinition"), request.get("PipelineDefinitionS3Location")
        if text is not None and location:
            raise ValidationError("Both Pipeline Definition and Pipeline Definition S3 Location shouldn't be present")
        if not location:
            return text
        try:
            return self._storage.read(f"s3://{location['Bucket']}/{location['ObjectKey']}").decode()
        except JobError as error:
            raise ValidationError(str(error)) from error

    @staticmethod
    def _parse(text: str) -> Definition:
        try:
            return parse(text)
        except DefinitionError as error:
            raise ValidationError(str(error)) from error

    def _start(self, request: Record) -> Record:
        if request.get("PipelineVersionId"):
            raise ValidationError("The local AWS does not know PipelineVersionId")
        pipeline = self._pipelines.find(request["PipelineName"])
        token = request.get("ClientRequestToken")
        if token in self._tokens:
            return {"PipelineExecutionArn": self._tokens[token]}
        definition = self._parse(pipeline["PipelineDefinition"])
        given = {item["Name"]: item["Value"] for item in request.get("PipelineParameters", [])}
        try:
            check_supported(definition)
            parameters = parameter_values(definition, given)
        except DefinitionError as error:
            raise ValidationError(str(error)) from error
        execution = self._execution(pipeline, definition, request, parameters)
        if selection := request.get("SelectiveExecutionConfig"):
            self._select(execution, selection, pipeline["PipelineName"])
        arn: str = execution.record["PipelineExecutionArn"]
        self._executions[arn] = execution
        self._tokens[token or arn] = arn
        pipeline |= {"LastRunTime": now(), "LastExecutionTime": now()}
        execution.start(self._runner)
        return {"PipelineExecutionArn": arn}

    def _execution(self, pipeline: Record, definition: Definition, request: Record, parameters: Record) -> Execution:
        identifier = "".join(secrets.choice(ID_LETTERS) for _ in range(12))
        name, moment = pipeline["PipelineName"], now()
        arn = f"{pipeline['PipelineArn']}/execution/{identifier}"
        record = {
            "PipelineArn": pipeline["PipelineArn"],
            "PipelineName": name,
            "PipelineExecutionArn": arn,
            "PipelineExecutionDisplayName": request.get(
                "PipelineExecutionDisplayName", f"execution-{time.time_ns() // 10**6}"
            ),
            "PipelineExecutionDescription": request.get("PipelineExecutionDescription"),
            "PipelineExecutionStatus": "Executing",
            "RoleArn": pipeline["RoleArn"],
            "SelectiveExecutionConfig": request.get("SelectiveExecutionConfig"),
            "ParallelismConfiguration": request.get(
                "ParallelismConfiguration", pipeline.get("ParallelismConfiguration", {})
            ),
            "CreationTime": moment,
            "StartTime": moment,
            "LastModifiedTime": moment,
            "PipelineDefinition": pipeline["PipelineDefinition"],
            "PipelineParameters": [{"Name": key, "Value": _parameter_text(value)} for key, value in parameters.items()],
        }
        variables = {
            "PipelineName": name,
            "PipelineArn": pipeline["PipelineArn"],
            "PipelineExecutionId": identifier,
            "PipelineExecutionArn": arn,
            "StartDateTime": moment.isoformat(),
            "CurrentDateTime": moment.isoformat(),
        }
        resolver = Resolver(variables, parameters, Storage(self._context, pipeline["RoleArn"]).read)
        history = self._history.setdefault(name, {})
        return Execution(self._context, record, definition, resolver, history, self._events.publish)

    def _find(self, request: Record) -> Execution:
        arn = request["PipelineExecutionArn"]
        if arn not in self._executions:
            raise NotFoundError(f"Pipeline execution '{arn}' does not exist.")
        return self._executions[arn]

    def _stop(self, request: Record) -> Record:
        execution = self._find(request)
        status = execution.record["PipelineExecutionStatus"]
        if status != "Executing":
            raise ConflictError(f"Only pipeline executions with status Executing can be stopped; this one is {status}.")
        execution.stop()
        return {"PipelineExecutionArn": request["PipelineExecutionArn"]}

    def _retry(self, request: Record) -> Record:
        execution = self._find(request)
        status = execution.record["PipelineExecutionStatus"]
        if status not in ("Failed", "Stopped"):
            raise ConflictError(
                f"Only pipeline executions with status Failed or Stopped can be retried; this one is {status}."
            )
        parallelism = request.get("ParallelismConfiguration")
        execution.record |= {"ParallelismConfiguration": parallelism} if parallelism else {}
        execution.retry(self._runner)
        return {"PipelineExecutionArn": request["PipelineExecutionArn"]}

    def _select(self, execution: Execution, selection: Record, pipeline: str) -> None:
        """Choose the steps of a selective execution; the source is the latest execution unless given."""
        past = [arn for arn, each in self._executions.items() if each.record["PipelineName"] == pipeline]
        source = selection.get("SourcePipelineExecutionArn") or (past[-1] if past else "")
        names = {item["StepName"] for item in selection["SelectedSteps"]}
        try:
            execution.select(names, self._find({"PipelineExecutionArn": source}))
        except DefinitionError as error:
            raise ValidationError(str(error)) from error

    def _list_parameters(self, request: Record) -> Record:
        return paged("PipelineParameters", self._find(request).record["PipelineParameters"], request)

    def _list_executions(self, request: Record) -> Record:
        name = self._pipelines.find(request["PipelineName"])["PipelineName"]
        chosen = [item.record for item in self._executions.values() if item.record["PipelineName"] == name]
        chosen.sort(key=lambda record: record["StartTime"], reverse=request.get("SortOrder") != "Ascending")
        return paged("PipelineExecutionSummaries", chosen, request)

    def _list_steps(self, request: Record) -> Record:
        steps = list(self._find(request).steps)
        if request.get("SortOrder") != "Ascending":
            steps.reverse()
        return paged("PipelineExecutionSteps", steps, request)


def _without_location(request: Record) -> Record:
    return {
        key: value
        for key, value in request.items()
        if key not in ("PipelineDefinitionS3Location", "ClientRequestToken")
    }


def _parameter_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
