"""Runs steps of pipelines. Each type of step has a method."""

import json
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field

from local.functions.invoke import FunctionService
from local.iam.authorization import Guard
from local.protocol.errors import JobError, ServiceError
from local.protocol.json_protocol import check, operation_model
from local.protocol.json_types import Json, Record
from local.sagemaker.jobs.service import JobService
from local.sagemaker.pipelines.conditions import holds
from local.sagemaker.pipelines.definition import Resolver, Step
from local.sagemaker.registry import RegistryService
from local.unsupported.members import admit

LETTERS = string.ascii_letters + string.digits
LONGEST_NAME = 63  # characters in a job's name


@dataclass
class StepRun:
    """A running step. `record` is its entry in ListPipelineExecutionSteps, `cancel` ends it early."""

    step: Step
    execution_id: str
    role: str
    record: Record
    arguments: Record = field(default_factory=dict)
    cancel: Callable[[], None] | None = None
    cancelled: bool = False

    def stop(self) -> None:
        """Ends the step early, if its type allows that."""
        self.cancelled = True
        if self.cancel:
            self.cancel()


class StepRunner:
    """Runs one step. The methods return the step's properties, and raise JobError or ServiceError."""

    def __init__(
        self,
        guard: Guard,
        jobs: dict[str, JobService],
        registry: RegistryService,
        functions: FunctionService,
        create_model: Callable[[Record], Record],
    ) -> None:
        self._guard = guard
        self._jobs = jobs
        self._registry = registry
        self._functions = functions
        self._create_model = create_model
        self._types: dict[str, Callable[[StepRun, Resolver], Record]] = {
            "Processing": self._job,
            "Training": self._job,
            "Model": self._model,
            "RegisterModel": self._register,
            "Lambda": self._lambda,
            "Condition": self._condition,
            "Fail": self._fail,
        }

    def run(self, run: StepRun, resolver: Resolver) -> Record:
        """Runs a step to its end and returns its properties."""
        return self._types[run.step.type](run, resolver)

    def _job(self, run: StepRun, _: Resolver) -> Record:
        service = self._jobs[run.step.type]
        kind = service.kind
        name = job_name(run.arguments.get(kind.name_key, ""), run.execution_id, run.step.name)
        request = {**run.arguments, kind.name_key: name}
        self._demand(run.role, f"Create{kind.noun}", request)
        run.record["Metadata"] = {kind.noun: {"Arn": service.create(request)[kind.arn_key]}}
        run.cancel = lambda: _stop_quietly(service, name)
        if run.cancelled:
            run.cancel()
        record = service.wait(name)
        status = record[kind.status_key]
        if status != "Completed":
            raise JobError(
                record.get("FailureReason")
                or f"The {kind.arn} {name} ended in status {_status(record, kind.status_key)}"
            )
        return record

    def _demand(self, role: str, operation: str, request: Record) -> None:
        """Checks a step's request like a client's. Raises ServiceError."""
        admit("sagemaker", operation, request)
        check(operation_model("sagemaker", operation), request)
        self._guard.require(role, operation, request)

    def _model(self, run: StepRun, _: Resolver) -> Record:
        request = {**run.arguments}
        request["ModelName"] = job_name(request.get("ModelName", ""), run.execution_id, run.step.name)
        self._demand(run.role, "CreateModel", request)
        model = self._create_model(request)
        run.record["Metadata"] = {"Model": {"Arn": model["ModelArn"]}}
        return dict(model)

    def _register(self, run: StepRun, _: Resolver) -> Record:
        self._demand(run.role, "CreateModelPackage", run.arguments)
        self._registry.ensure_group(run.arguments.get("ModelPackageGroupName", ""))
        package = self._registry.create_package(run.arguments)
        run.record["Metadata"] = {"RegisterModel": {"Arn": package["ModelPackageArn"]}}
        return dict(package)

    def _lambda(self, run: StepRun, resolver: Resolver) -> Record:
        arn = resolver.resolve(run.step.body["FunctionArn"])
        run.record["Metadata"] = {"Lambda": {"Arn": arn, "OutputParameters": []}}
        self._guard.require(run.role, "InvokeFunction", {"FunctionName": arn}, "lambda")
        result = self._functions.invoke(arn, json.dumps(run.arguments).encode())
        answer = json.loads(result.payload or b"null")
        if result.error:
            raise JobError(
                f"ClientError: Lambda function failed: {answer.get('errorType')}: {answer.get('errorMessage')}"
            )
        outputs = []
        for item in run.step.body.get("OutputParameters", []):
            name = item["OutputName"]
            if not isinstance(answer, dict) or name not in answer:
                raise JobError(
                    f"ClientError: the answer of {arn} has no '{name}', which the step's OutputParameters name"
                )
            outputs.append({"Name": name, "Value": _text(answer[name])})
        run.record["Metadata"]["Lambda"]["OutputParameters"] = outputs
        return {"OutputParameters": {item["Name"]: answer[item["Name"]] for item in outputs}}

    def _condition(self, run: StepRun, resolver: Resolver) -> Record:
        # Values are resolved one by one, so that Or and In stop at the first one that decides.
        outcome = all(holds(item, resolver.resolve) for item in run.step.arguments["Conditions"])
        run.record["Metadata"] = {"Condition": {"Outcome": str(outcome)}}
        return {"Outcome": str(outcome)}

    def _fail(self, run: StepRun, _: Resolver) -> Record:
        message = _text(run.arguments["ErrorMessage"])
        run.record["Metadata"] = {"Fail": {"ErrorMessage": message}}
        raise JobError(message)


def job_name(prefix: str, execution_id: str, step: str) -> str:
    """Makes a job's name: `pipelines-<execution>-<step>-<random>`, or `<prefix>-<execution>-<random>`."""
    suffix = "".join(secrets.choice(LETTERS) for _ in range(10))
    head = f"{prefix}-{execution_id}" if prefix else f"pipelines-{execution_id}-{step}"
    return f"{head[: LONGEST_NAME - 11].rstrip('-')}-{suffix}"


def _stop_quietly(service: JobService, name: str) -> None:
    try:
        service.stop({service.kind.name_key: name})
    except ServiceError:
        return  # it has ended by itself


def _status(record: Record, key: str) -> str:
    detail = record.get("SecondaryStatus", "")
    return f"{record[key]} ({detail})" if detail not in ("", record[key]) else str(record[key])


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
