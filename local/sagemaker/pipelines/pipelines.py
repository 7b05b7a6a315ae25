"""The control plane of SageMaker pipelines: keeps pipelines, and starts, stops and lists executions."""

from local.events.bus import EventService
from local.protocol.errors import ConflictError, JobError, NotFoundError, ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context, now
from local.runtime.s3 import Storage
from local.sagemaker.pipelines.cache import PastRun
from local.sagemaker.pipelines.definition import Resolver, check_supported, parameter_values, parse
from local.sagemaker.pipelines.execution import Execution
from local.sagemaker.pipelines.records import new_record, variables
from local.sagemaker.pipelines.steps import StepRunner
from local.sagemaker.pipelines.validation import validate
from local.sagemaker.resources import Collection, Kind, Operation, page, paged

PIPELINES = Kind(
    noun="Pipeline",
    missing="Pipeline '{arn}' does not exist.",
    missing_code="ResourceNotFound",
    existing="Pipeline names must be unique within an AWS account and region. "
    "Pipeline with name ({name}) already exists.",
)
EXECUTIONS = Kind("PipelineExecution", missing="Pipeline execution '{arn}' does not exist.")


class PipelineService:
    """Keeps pipelines and their executions."""

    def __init__(self, context: Context, runner: StepRunner, events: EventService) -> None:
        self.collection = Collection(PIPELINES, context)
        self._context = context
        self._storage = Storage(context)
        self._runner = runner
        self._events = events
        self._executions: dict[str, Execution] = {}
        self._tokens: dict[str, str] = {}
        self._history: dict[str, dict[str, list[PastRun]]] = {}

    def operations(self) -> dict[str, Operation]:
        """The operations of the SageMaker API that are answered here."""
        return {
            **self.collection.operations(),
            "CreatePipeline": self._create,
            "UpdatePipeline": self._update,
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

    def stop_all(self) -> None:
        """Stops all running executions."""
        for execution in list(self._executions.values()):
            if not execution.ended.is_set():
                execution.stop()

    def close(self) -> None:
        """Waits until all executions have ended; `stop_all` and the end of their jobs must come before."""
        for execution in list(self._executions.values()):
            execution.ended.wait(timeout=10)

    def remember(self) -> Record:
        """All pipelines, executions, and runs of steps that may be reused."""
        return {
            "pipelines": self.collection.remember(),
            "executions": [execution.remember() for execution in list(self._executions.values())],
            "tokens": dict(self._tokens),
            "history": self._history,
        }

    def recall(self, kept: Record) -> None:
        """Takes back what `remember` gave."""
        self.collection.recall(kept["pipelines"])
        self._tokens, self._history = kept["tokens"], kept["history"]
        for each in kept["executions"]:
            record = each["record"]
            execution = self._made(record, {item["Name"]: item["Value"] for item in record["PipelineParameters"]})
            execution.recall(each)
            self._executions[record["PipelineExecutionArn"]] = execution

    def _create(self, request: Record) -> Record:
        members = self._with_definition(request)
        if "PipelineDefinition" not in members:
            raise ValidationError("Either Pipeline Definition or Pipeline Definition S3 location should be provided")
        named = {"PipelineDisplayName": request["PipelineName"], "PipelineStatus": "Active"}
        return self.collection.add({**named, **members})

    def _update(self, request: Record) -> Record:
        record = self.collection.find(request["PipelineName"])
        record |= {**self._with_definition(request), "PipelineName": record["PipelineName"], "LastModifiedTime": now()}
        return record

    def _delete(self, request: Record) -> Record:
        record = self.collection.find(request["PipelineName"])
        executions = self._executions_of(record["PipelineName"])
        busy = ("Executing", "Stopping")
        if running := [arn for arn, each in executions.items() if each.record["PipelineExecutionStatus"] in busy]:
            raise ConflictError(
                f"Pipeline {record['PipelineName']} cannot be deleted: {running[0]} is running. Stop it first."
            )
        for arn in executions:
            self._executions.pop(arn, None)
        for token in [token for token, arn in list(self._tokens.items()) if arn in executions]:
            self._tokens.pop(token, None)
        self._history.pop(record["PipelineName"], None)
        return self.collection.remove(record["PipelineName"])

    def _list(self, request: Record) -> Record:
        prefix = request.get("PipelineNamePrefix", "")
        found = [record for record in self.collection.records() if record["PipelineName"].startswith(prefix)]
        return page(PIPELINES, found, request)

    def _with_definition(self, request: Record) -> Record:
        """A request with the text of its definition instead of its location. Raises ValidationError."""
        members = dict(request)
        if location := members.pop("PipelineDefinitionS3Location", None):
            if "PipelineDefinition" in members:
                raise ValidationError(
                    "Both Pipeline Definition and Pipeline Definition S3 Location shouldn't be present"
                )
            try:
                text = self._storage.read(f"s3://{location['Bucket']}/{location['ObjectKey']}").decode()
            except JobError as error:
                raise ValidationError(str(error)) from error
            members["PipelineDefinition"] = text
        if "PipelineDefinition" in members:
            validate(members["PipelineDefinition"])
        return members

    def _start(self, request: Record) -> Record:
        pipeline = self.collection.find(request["PipelineName"])
        token = request.get("ClientRequestToken")
        if token in self._tokens:
            return {"PipelineExecutionArn": self._tokens[token]}
        execution = self._execution(pipeline, request)
        if selection := request.get("SelectiveExecutionConfig"):
            self._select(execution, selection, pipeline["PipelineName"])
        arn: str = execution.record["PipelineExecutionArn"]
        self._executions[arn] = execution
        self._tokens[token or arn] = arn
        pipeline |= {"LastRunTime": now(), "LastExecutionTime": now()}
        execution.start(self._runner.run)
        return {"PipelineExecutionArn": arn}

    def _execution(self, pipeline: Record, request: Record) -> Execution:
        """Makes an execution without starting it. Raises ValidationError for a definition that cannot run here."""
        definition = parse(pipeline["PipelineDefinition"])
        check_supported(definition)
        given = {item["Name"]: item["Value"] for item in request.get("PipelineParameters", [])}
        return self._made(new_record(pipeline, request, parameter_values(definition, given), now()), given)

    def _made(self, record: Record, given: dict[str, str]) -> Execution:
        """The execution of a record, with its own definition and parameters."""
        definition = parse(record["PipelineDefinition"])
        parameters = parameter_values(definition, given)
        resolver = Resolver(
            variables(record), parameters, Storage(self._context, record["RoleArn"], record["PipelineArn"]).read
        )
        history = self._history.setdefault(record["PipelineName"], {})
        return Execution(record, definition, resolver, history, self._events.publish, self._context.say)

    def _executions_of(self, pipeline: str) -> dict[str, Execution]:
        """All executions of a pipeline by ARN, oldest first."""
        executions = list(self._executions.items())
        return {arn: execution for arn, execution in executions if execution.record["PipelineName"] == pipeline}

    def _find(self, request: Record) -> Execution:
        arn = request["PipelineExecutionArn"]
        if arn not in self._executions:
            raise NotFoundError(EXECUTIONS.missing.format(arn=arn))
        return self._executions[arn]

    def _stop(self, request: Record) -> Record:
        execution = self._find(request)
        _demand_status(execution, "stopped", "Executing")
        execution.stop()
        return execution.record

    def _retry(self, request: Record) -> Record:
        execution = self._find(request)
        _demand_status(execution, "retried", "Failed", "Stopped")
        if parallelism := request.get("ParallelismConfiguration"):
            execution.record["ParallelismConfiguration"] = parallelism
        execution.retry(self._runner.run)
        return execution.record

    def _select(self, execution: Execution, selection: Record, pipeline: str) -> None:
        """Selects the steps of a selective execution. The default source is the pipeline's latest execution."""
        past = list(self._executions_of(pipeline))
        source = selection.get("SourcePipelineExecutionArn") or (past[-1] if past else "")
        names = {item["StepName"] for item in selection["SelectedSteps"]}
        execution.select(names, self._find({"PipelineExecutionArn": source}))

    def _list_parameters(self, request: Record) -> Record:
        return paged("PipelineParameters", self._find(request).record["PipelineParameters"], request)

    def _list_executions(self, request: Record) -> Record:
        name = self.collection.find(request["PipelineName"])["PipelineName"]
        found = [item.record for item in self._executions_of(name).values()]
        return page(EXECUTIONS, found, request)

    def _list_steps(self, request: Record) -> Record:
        if not request.get("PipelineExecutionArn"):  # which the model does not demand
            raise ValidationError("PipelineExecutionArn is required")
        steps = self._find(request).steps
        ordered = list(steps) if request.get("SortOrder") == "Ascending" else steps[::-1]
        return paged("PipelineExecutionSteps", ordered, request)


def _demand_status(execution: Execution, verb: str, *statuses: str) -> None:
    status = execution.record["PipelineExecutionStatus"]
    if status not in statuses:
        wanted = " or ".join(statuses)
        raise ConflictError(f"Only pipeline executions with status {wanted} can be {verb}; this one is {status}.")
