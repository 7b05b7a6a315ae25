"""What serves one endpoint with one configuration: model servers and a capture for each variant."""

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
    """A production variant that is being served."""

    def __init__(self, settings: Record, process: ModelWorkers, capture: Capture | None) -> None:
        self.name: str = settings["VariantName"]
        self.weight: float = settings["InitialVariantWeight"]
        self.process = process
        self.capture = capture
        self.settings = settings


class Fleet:
    """The variants of an endpoint."""

    def __init__(self, context: Context, logs: Logs, endpoint: Record, config: Record, changed: Changed) -> None:
        self._context = context
        self._logs = logs
        self._endpoint: str = endpoint["EndpointName"]
        self._arn: str = endpoint["EndpointArn"]
        self._capture_config = config.get("DataCaptureConfig", {})
        self._variants: list[Variant] = []
        self._changed = changed
        self._requests = 0
        self._retired = False
        self._idle = Condition()

    def add(self, settings: Record, archive: bytes, environment: dict[str, str], role: str) -> None:
        """Start the model servers of a variant, which act as a role; raises JobError unless they become healthy."""
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
        """S3 as a role sees it that acts for the endpoint."""
        return Storage(self._context, role, self._arn)

    def take(self, target: str) -> Variant | None:
        """The variant that a request names, else one at random by weight; None if others serve the endpoint now.

        Every variant that was taken is to be given back. Raises ServiceError.
        """
        with self._idle:
            if self._retired:
                return None
            chosen = self._named(target) if target else self._by_weight()
            self._requests += 1
            return chosen

    def give_back(self) -> None:
        """A request has its answer."""
        with self._idle:
            self._requests -= 1
            self._idle.notify_all()

    def weigh(self, desired: list[Record]) -> None:
        """Change weights and instance counts; raises ServiceError for a variant that is not served."""
        for variant, change in [(self._named(change["VariantName"]), change) for change in desired]:
            variant.weight = change.get("DesiredWeight", variant.weight)
            count = change.get("DesiredInstanceCount", variant.settings.get("InitialInstanceCount", 1))
            variant.settings = {**variant.settings, "InitialInstanceCount": count}

    def stop(self, seconds: float = 0) -> None:
        """Take no more requests, wait so long for the answers of others, write captures, end the model servers."""
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
        return random.choices(self._variants, weights)[0]  # noqa: S311

    def summary(self) -> list[Record]:
        """ProductionVariants as DescribeEndpoint gives them."""
        return [
            {
                "VariantName": variant.name,
                "VariantStatus": [variant.process.trouble] if variant.process.trouble else None,
                "CurrentWeight": variant.weight,
                "DesiredWeight": variant.weight,
                "CurrentInstanceCount": variant.settings.get("InitialInstanceCount", 1),
                "DesiredInstanceCount": variant.settings.get("InitialInstanceCount", 1),
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
        """Whether a model server died and is not back yet."""
        return any(variant.process.trouble for variant in self._variants)

    def _report(self, variant: str, text: str) -> None:
        self._say(variant, text)
        self._changed()

    def _say(self, variant: str, text: str) -> None:
        self._context.say(f"endpoint {self._endpoint}/{variant}: {text}")
