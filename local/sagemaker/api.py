"""The SageMaker API: one table of all operations and the services that answer them."""

import os
from collections.abc import Mapping
from typing import Any

from local.events.bus import EventService
from local.functions.invoke import FunctionService
from local.iam.authorization import Guard
from local.protocol.errors import ValidationError
from local.protocol.json_protocol import check, operation_model, shaped
from local.protocol.json_types import Record
from local.runtime.context import Context
from local.runtime.logs import Logs
from local.sagemaker.hosting.baking import AlarmState, Pace, deployment_speed
from local.sagemaker.hosting.deployments import Deployments
from local.sagemaker.hosting.endpoints import EndpointService, Scaled
from local.sagemaker.jobs.processing import ProcessingService
from local.sagemaker.jobs.training import TrainingService
from local.sagemaker.pipelines.pipelines import PipelineService
from local.sagemaker.pipelines.steps import StepRunner
from local.sagemaker.registry import RegistryService
from local.sagemaker.resources import Operation
from local.sagemaker.tags import Tags

# moto answers these: all that they do is to keep a record.
RECORDED = frozenset(
    f"{verb}{noun}"
    for noun, verbs in {
        "Experiment": ("Create", "Describe", "Delete"),
        "Trial": ("Create", "Describe", "Delete"),
        "TrialComponent": ("Create", "Describe", "Delete", "Update", "Associate", "Disassociate"),
        "ModelCard": ("Create", "Describe", "Delete", "Update"),
        "Experiments": ("List",),
        "Trials": ("List",),
        "TrialComponents": ("List",),
        "ModelCards": ("List",),
        "ModelCardVersions": ("List",),
    }.items()
    for verb in verbs
)


class SageMaker:
    """All services of the SageMaker API."""

    def __init__(
        self,
        context: Context,
        logs: Logs,
        functions: FunctionService,
        events: EventService,
        guard: Guard,
        alarm_state: AlarmState,
        scaled: Scaled,
    ) -> None:
        self.registry = RegistryService(context, events)
        self.processing = ProcessingService(context, logs, events)
        self.training = TrainingService(context, logs, events)
        pace = Pace(deployment_speed(os.environ))
        deployments = Deployments(context, logs, self.registry, events, alarm_state, pace)
        self.endpoints = EndpointService(context, deployments, self.registry, alarm_state, scaled)
        jobs = {"Processing": self.processing, "Training": self.training}
        create_model = self.endpoints.operations()["CreateModel"]
        runner = StepRunner(guard, dict(jobs), self.registry, functions, create_model)
        self.pipelines = PipelineService(context, runner, events)
        tagged = (
            self.registry.groups,
            self.registry.packages,
            self.processing.jobs,
            self.training.jobs,
            self.endpoints.models,
            self.endpoints.configs,
            self.endpoints.endpoints,
            self.pipelines.collection,
        )
        self.tags = Tags(context, tagged)
        self._operations: dict[str, Operation] = {
            **self.registry.operations(),
            **self.processing.operations(),
            **self.training.operations(),
            **self.endpoints.operations(),
            **self.pipelines.operations(),
            **self.tags.operations(),
        }

    def parts(self) -> Mapping[str, Any]:
        """The services that have something to remember, by name. Executions come before what they made."""
        return {
            "pipelines": self.pipelines,
            "endpoints": self.endpoints,
            "training": self.training,
            "processing": self.processing,
            "registry": self.registry,
        }

    def resume(self) -> None:
        """Starts once more what ran without an end."""
        self.endpoints.resume()

    @property
    def executed(self) -> frozenset[str]:
        """Names of the operations that are answered here, not by moto."""
        return frozenset(self._operations)

    def call(self, operation: str, request: Record) -> Record:
        """Answers a request with a JSON value. Raises ServiceError."""
        model = operation_model("sagemaker", operation)
        if operation not in self._operations:
            raise ValidationError(f"The local AWS does not execute {operation}")
        check(model, request)
        answer: Record = shaped(model.output_shape, self._operations[operation](request))
        return answer

    def close(self) -> None:
        """Ends everything that runs."""
        self.pipelines.stop_all()
        for service in (self.processing, self.training, self.endpoints, self.pipelines):
            service.close()
