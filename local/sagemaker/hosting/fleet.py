"""The running side of one endpoint configuration: model servers and data capture for each variant."""

import random
import uuid
from collections.abc import Callable
from functools import partial
from threading import Condition

from local.protocol.errors import JobError, ServiceError
from local.protocol.json_types import Record
from local.runtime.context import Context
from local.runtime.logs import Logs
from local.runtime.s3 import Storage
from local.sagemaker.hosting.capture import Capture
from local.sagemaker.hosting.model_process import STARTUP_SECONDS
from local.sagemaker.hosting.model_workers import ModelWorkers

Changed = Callable[[], None]
PRINCIPAL = "sagemaker.amazonaws.com"


class Variant:
    """A production variant in service, with the instances that it has and those that it is to have."""

    def __init__(self, settings: Record, process: ModelWorkers, capture: Capture | None) -> None:
        self.name: str = settings["VariantName"]
        self.weight: float = settings["InitialVariantWeight"]
        self.process = process
        self.capture = capture
        self.instances: int = settings.get("InitialInstanceCount", 1)
        self.desired = self.instances


class Fleet:
    """All variants of an endpoint in service. `changed` is called when a model server dies or comes back."""

    def __init__(self, context: Context, logs: Logs, endpoint: Record, config: Record, changed: Changed) -> None:
        self._context = context
        self._logs = logs
        self._endpoint: str = endpoint["EndpointName"]
        self.config: str = config["EndpointConfigName"]
        self._arn: str = endpoint["EndpointArn"]
        self._capture_config = config.get("DataCaptureConfig", {})
        self._variants: list[Variant] = []
        self._changed = changed
        self._requests = 0
        self._retired = False
        self._idle = Condition()

    def add(self, settings: Record, archive: bytes, environment: dict[str, str], role: str) -> None:
        """Starts the model servers of a variant, which act as `role`. Raises JobError unless all become healthy."""
        name = settings["VariantName"]
        identifier = uuid.uuid4().hex[:12]
        log = self._logs.stream(f"/aws/sagemaker/Endpoints/{self._endpoint}", f"{name}/{identifier}")
        process = ModelWorkers(
            self._context.work / f"endpoint-{self._endpoint}-{name}-{identifier}",
            {**self._context.child_environment(role, PRINCIPAL, self._arn), **environment},
            log,
            partial(self._report, name),
        )
        try:
            process.start(archive, settings.get("ContainerStartupHealthCheckTimeoutInSeconds", STARTUP_SECONDS))
        except JobError as error:
            raise JobError(f"variant {name}: {error}") from error
        self._variants.append(Variant(settings, process, self._capture(name, role)))

    def storage(self, role: str) -> Storage:
        """Access to S3 as a role, on behalf of the endpoint."""
        return Storage(self._context, role, self._arn)

    def take(self, target: str) -> Variant | None:
        """Takes the variant `target`, or one at random by weight; None if this fleet was replaced by another.

        Each take must be followed by `give_back`. Raises ServiceError.
        """
        with self._idle:
            if self._retired:
                return None
            chosen = self._named(target) if target else self._by_weight()
            self._requests += 1
            return chosen

    def give_back(self) -> None:
        """Reports that the request of one `take` has been answered."""
        with self._idle:
            self._requests -= 1
            self._idle.notify_all()

    def weigh(self, desired: list[Record]) -> None:
        """Changes weights, and notes the instances that are wished. Raises ServiceError for an unknown variant."""
        for variant, change in [(self._named(change["VariantName"]), change) for change in desired]:
            variant.weight = change.get("DesiredWeight", variant.weight)
            variant.desired = change.get("DesiredInstanceCount", variant.desired)

    def resize(self) -> None:
        """Gives each variant the instances that it is to have."""
        for variant in self._variants:
            variant.instances = variant.desired

    def stop(self, seconds: float = 0) -> None:
        """Takes no more requests, waits up to `seconds` for running ones, writes captures, ends the model servers."""
        with self._idle:
            self._retired = True
            self._idle.wait_for(lambda: self._requests == 0, seconds)
        for variant in self._variants:
            if variant.capture:
                variant.capture.flush()
            variant.process.stop()

    def _named(self, name: str) -> Variant:
        for variant in self._variants:
            if variant.name == name:
                return variant
        raise ServiceError("ValidationError", f"Variant {name} of endpoint {self._endpoint} not found.")

    def _by_weight(self) -> Variant:
        weights = [variant.weight for variant in self._variants]
        if not any(weights):
            raise ServiceError("ValidationError", f"All variants of endpoint {self._endpoint} have the weight 0.")
        return random.choices(self._variants, weights)[0]  # noqa: S311 - traffic, no secret  # nosec B311

    def summary(self) -> list[Record]:
        """The variants as DescribeEndpoint shows them."""
        return [
            {
                "VariantName": variant.name,
                "VariantStatus": [variant.process.trouble] if variant.process.trouble else None,
                "CurrentWeight": variant.weight,
                "DesiredWeight": variant.weight,
                "CurrentInstanceCount": variant.instances,
                "DesiredInstanceCount": variant.desired,
            }
            for variant in self._variants
        ]

    def _capture(self, variant: str, role: str) -> Capture | None:
        if not self._capture_config or not self._capture_config.get("EnableCapture", True):
            return None
        prefix = f"{self._capture_config['DestinationS3Uri'].rstrip('/')}/{self._endpoint}/{variant}"
        return Capture(self.storage(role), self._capture_config, prefix, partial(self._say, variant))

    @property
    def in_trouble(self) -> bool:
        """Whether a model server has died and is not back yet."""
        return any(variant.process.trouble for variant in self._variants)

    def _report(self, variant: str, text: str) -> None:
        self._say(variant, text)
        self._changed()

    def _say(self, variant: str, text: str) -> None:
        self._context.say(f"endpoint {self._endpoint}/{variant}: {text}")
