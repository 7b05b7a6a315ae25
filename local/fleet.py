"""What serves one endpoint with one configuration: a model server and a capture for each variant."""

import random
import uuid
from functools import partial

from local.capture import Capture
from local.context import Context
from local.errors import JobError, ServiceError
from local.json_types import Record
from local.logs import Logs
from local.model_process import STARTUP_SECONDS, ModelProcess
from local.storage import Storage


class Variant:
    """A production variant that is being served."""

    def __init__(self, settings: Record, process: ModelProcess, capture: Capture | None) -> None:
        self.name: str = settings["VariantName"]
        self.weight: float = settings["InitialVariantWeight"]
        self.process = process
        self.capture = capture
        self.settings = settings


class Fleet:
    """The variants of an endpoint."""

    def __init__(self, context: Context, logs: Logs, endpoint: str, config: Record) -> None:
        self._context = context
        self._logs = logs
        self._endpoint = endpoint
        self._capture_config = config.get("DataCaptureConfig", {})
        self._variants: list[Variant] = []

    def add(self, settings: Record, archive: bytes, environment: dict[str, str]) -> None:
        """Start the model server of a variant; raises JobError unless it becomes healthy."""
        name = settings["VariantName"]
        identifier = uuid.uuid4().hex[:12]
        log = self._logs.stream(f"/aws/sagemaker/Endpoints/{self._endpoint}", f"{name}/{identifier}")
        process = ModelProcess(
            self._context.work / f"endpoint-{self._endpoint}-{name}-{identifier}",
            {**self._context.child_environment, **environment},
            log,
            partial(self._say, name),
        )
        try:
            process.start(archive, settings.get("ContainerStartupHealthCheckTimeoutInSeconds", STARTUP_SECONDS))
        except JobError as error:
            raise JobError(f"variant {name}: {error}") from error
        self._variants.append(Variant(settings, process, self._capture(name)))

    def choose(self, target: str) -> Variant:
        """The variant that a request names, else one at random by weight; raises ServiceError."""
        if not target:
            return random.choices(self._variants, [variant.weight for variant in self._variants])[0]  # noqa: S311
        for variant in self._variants:
            if variant.name == target:
                return variant
        raise ServiceError("ValidationError", f"Variant {target} of endpoint {self._endpoint} not found.")

    def stop(self) -> None:
        """Write what was captured, end the model servers."""
        for variant in self._variants:
            if variant.capture:
                variant.capture.flush()
            variant.process.stop()

    def summary(self) -> list[Record]:
        """ProductionVariants as DescribeEndpoint gives them."""
        return [
            {
                "VariantName": variant.name,
                "CurrentWeight": variant.weight,
                "DesiredWeight": variant.weight,
                "CurrentInstanceCount": variant.settings.get("InitialInstanceCount", 1),
                "DesiredInstanceCount": variant.settings.get("InitialInstanceCount", 1),
            }
            for variant in self._variants
        ]

    def _capture(self, variant: str) -> Capture | None:
        if not self._capture_config or not self._capture_config.get("EnableCapture", True):
            return None
        prefix = f"{self._capture_config['DestinationS3Uri'].rstrip('/')}/{self._endpoint}/{variant}"
        return Capture(Storage(self._context), self._capture_config, prefix, partial(self._say, variant))

    def _say(self, variant: str, text: str) -> None:
        self._context.say(f"endpoint {self._endpoint}/{variant}: {text}")
