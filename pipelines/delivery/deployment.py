"""Deploys one environment: plans the bucket, the Lambda packages and the application, then applies the plan."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pipelines.aws import Aws
from pipelines.delivery.stacks import Action, Stack, bring_up, skipped
from pipelines.delivery.templates import read_template
from pipelines.packages.code import LambdaPackage, package_lambda
from pipelines.packages.lambda_layer import LAYERS, package_layer
from pipelines.packages.uploads import upload_package
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names

# CodeBuild's names of repository hosts. Any other host is taken for a GitHub Enterprise server.
REPOSITORY_TYPES = {"github.com": "GITHUB", "gitlab.com": "GITLAB", "bitbucket.org": "BITBUCKET"}
BUILD_OVERHEAD_MINUTES = 60  # time for tests and deployment, in addition to the pipeline that CodeBuild waits for


@dataclass(frozen=True)
class Plan:
    """The stacks and the Lambda packages that an environment should have."""

    storage: Stack
    packages: tuple[LambdaPackage, ...]
    application: Stack


@dataclass(frozen=True)
class StackReport:
    """What was done to a stack, and the resource types that the AWS endpoint does not support."""

    name: str
    action: Action
    skipped: tuple[str, ...]

    def describe(self) -> str:
        """The report in one line."""
        left_out = f" (skipped by this endpoint: {', '.join(self.skipped)})" if self.skipped else ""
        return f"{self.name}: {self.action}{left_out}"


@dataclass(frozen=True)
class DeploymentReport:
    """What a deployment changed."""

    stacks: tuple[StackReport, ...]
    uploaded: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the deployment changed anything."""
        return bool(self.uploaded) or any(stack.action != "unchanged" for stack in self.stacks)

    def describe(self) -> str:
        """The report as lines of text."""
        packages = [f"Lambda packages uploaded: {', '.join(self.uploaded)}"] if self.uploaded else []
        return "\n".join([*packages, *(stack.describe() for stack in self.stacks)])


def deploy(settings: Settings, aws: Aws) -> DeploymentReport:
    """Brings an environment in line with its settings and the code, and waits until that is done.

    Raises:
        AwsError: a stack failed; the message has the reasons for each resource.
        ConfigurationError: no layer can be built for the configured runtime.
    """
    names = Names.of(settings, aws.account)
    planned = plan(settings, names)
    storage = apply_stack(aws, planned.storage)
    uploaded = tuple(package.name for package in planned.packages if upload_package(aws, names, package))
    application = apply_stack(aws, planned.application)
    return DeploymentReport((storage, application), uploaded)


def plan(settings: Settings, names: Names) -> Plan:
    """Packages the code and plans both stacks. Nothing is sent to AWS."""
    functions = {name: package_lambda(name) for name in LAMBDA_NAMES}
    layers = {name: package_layer(name, settings.lambdas) for name in layers_of(settings)}
    packages = functions | layers
    base = {"Project": settings.project, "Environment": settings.environment}
    keys = {parameter_of(name): packages[name].key if name in packages else "" for name in (*functions, *LAYERS)}
    parameters = {**base, **keys, **application_parameters(settings)}
    return Plan(
        storage=Stack(names.storage_stack, read_template("storage"), base),
        packages=tuple(packages.values()),
        application=Stack(names.application_stack, read_template("application"), parameters, names.bucket),
    )


def layers_of(settings: Settings) -> tuple[str, ...]:
    """The layers to ship: none if the runtime already has their packages."""
    return tuple(LAYERS) if settings.lambdas.dependencies == "layer" else ()


def apply_stack(aws: Aws, stack: Stack) -> StackReport:
    """Creates or updates a stack and reports on it."""
    return StackReport(stack.name, bring_up(aws, stack), skipped(aws, stack))


def parameter_of(package: str) -> str:
    """Name of the template parameter for the key of a function or layer: `serialize-image` → `SerializeImageKey`."""
    return "".join(word.capitalize() for word in package.split("-")) + "Key"


def application_parameters(settings: Settings) -> dict[str, str]:
    """The settings that the application template takes as parameters."""
    return {
        "LambdaRuntime": settings.lambdas.runtime,
        "LambdaArchitecture": settings.lambdas.architecture,
        "LambdaMemory": str(settings.lambdas.memory_mb),
        "LambdaLogLevel": settings.lambdas.log_level,
        "LambdaTimeout": str(settings.workflow.lambda_timeout_seconds),
        "UploadRuleState": "ENABLED" if settings.workflow.start_on_upload else "DISABLED",
        "InstanceType": settings.endpoint.instance_type,
        "InstanceCount": str(settings.endpoint.instance_count),
        "CapturePercentage": str(settings.endpoint.capture_percentage),
        "DeployCheckSeconds": str(settings.endpoint.check_seconds),
        "MonitoringSchedule": settings.monitoring.schedule,
        "AlarmOn": settings.monitoring.alarm_on,
        "RetrainOn": ",".join(settings.monitoring.retrain_on),
        "LogRetentionDays": str(settings.delivery.log_retention_days),
        "Repository": settings.delivery.repository,
        "RepositoryType": REPOSITORY_TYPES.get(
            urlsplit(settings.delivery.repository).hostname or "", "GITHUB_ENTERPRISE"
        ),
        "Branch": settings.delivery.branch,
        "BuildTimeoutMinutes": str(settings.pipeline.timeout_minutes + BUILD_OVERHEAD_MINUTES),
    }
