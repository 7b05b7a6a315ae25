"""Deploys one environment: bucket, Lambda packages, application. First a plan, then its execution."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pipelines.aws import Aws
from pipelines.delivery.stacks import Action, Stack, bring_up, skipped
from pipelines.delivery.teardown import destroy
from pipelines.delivery.templates import read_template
from pipelines.packages.code import LambdaPackage, package_lambda
from pipelines.packages.lambda_layer import package_layer
from pipelines.packages.uploads import upload_package
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names

__all__ = ["DeploymentReport", "deploy", "destroy", "plan"]

# CodeBuild's names for who hosts a repository; other hosts are GitHub Enterprise servers.
REPOSITORY_TYPES = {"github.com": "GITHUB", "gitlab.com": "GITLAB", "bitbucket.org": "BITBUCKET"}
BUILD_OVERHEAD_MINUTES = 60  # of CodeBuild, beside the pipeline that it waits for


@dataclass(frozen=True)
class Plan:
    """What an environment should consist of."""

    storage: Stack
    packages: tuple[LambdaPackage, ...]
    application: Stack


@dataclass(frozen=True)
class StackReport:
    """What became of a stack, and what the endpoint left out of it."""

    name: str
    action: Action
    skipped: tuple[str, ...]

    def describe(self) -> str:
        """One line."""
        left_out = f" (skipped by this endpoint: {', '.join(self.skipped)})" if self.skipped else ""
        return f"{self.name}: {self.action}{left_out}"


@dataclass(frozen=True)
class DeploymentReport:
    """What a deployment did."""

    stacks: tuple[StackReport, ...]
    uploaded: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything was not as it should be."""
        return bool(self.uploaded) or any(stack.action != "unchanged" for stack in self.stacks)

    def describe(self) -> str:
        """A few lines."""
        packages = [f"Lambda packages uploaded: {', '.join(self.uploaded)}"] if self.uploaded else []
        return "\n".join([*packages, *(stack.describe() for stack in self.stacks)])


def deploy(settings: Settings, aws: Aws) -> DeploymentReport:
    """Brings an environment to what its settings and the code say; waits for the end.

    Raises:
        AwsError: a stack failed, with the reasons of its resources.
        ConfigurationError: the layer cannot be made for the configured runtime.
    """
    names = Names.of(settings, aws.account)
    planned = plan(settings, names)
    storage = raise_stack(aws, planned.storage)
    uploaded = tuple(package.name for package in planned.packages if upload_package(aws, names, package))
    application = raise_stack(aws, planned.application)
    return DeploymentReport((storage, application), uploaded)


def plan(settings: Settings, names: Names) -> Plan:
    """Packages the code and works out both stacks; nothing is sent anywhere."""
    functions = {name: package_lambda(name) for name in LAMBDA_NAMES}
    layer = package_layer(settings.lambdas) if settings.lambdas.dependencies == "layer" else None
    base = {"Project": settings.project, "Environment": settings.environment}
    keys = {parameter_of(name): package.key for name, package in functions.items()}
    parameters = {**base, **keys, "LayerKey": layer.key if layer else "", **application_parameters(settings)}
    return Plan(
        storage=Stack(names.storage_stack, read_template("storage"), base),
        packages=(*functions.values(), *([layer] if layer else [])),
        application=Stack(names.application_stack, read_template("application"), parameters),
    )


def raise_stack(aws: Aws, stack: Stack) -> StackReport:
    """Brings a stack up and reports on it."""
    return StackReport(stack.name, bring_up(aws, stack), skipped(aws, stack))


def parameter_of(function: str) -> str:
    """The parameter with a function's package: `serialize-image` → `SerializeImageKey`."""
    return "".join(word.capitalize() for word in function.split("-")) + "Key"


def application_parameters(settings: Settings) -> dict[str, str]:
    """The settings that the application's template takes."""
    return {
        "LambdaRuntime": settings.lambdas.runtime,
        "LambdaArchitecture": settings.lambdas.architecture,
        "LambdaMemory": str(settings.lambdas.memory_mb),
        "LambdaTimeout": str(settings.workflow.lambda_timeout_seconds),
        "InstanceType": settings.endpoint.instance_type,
        "InstanceCount": str(settings.endpoint.instance_count),
        "CapturePercentage": str(settings.endpoint.capture_percentage),
        "MonitoringSchedule": settings.monitoring.schedule,
        "LogRetentionDays": str(settings.delivery.log_retention_days),
        "Repository": settings.delivery.repository,
        "RepositoryType": REPOSITORY_TYPES.get(
            urlsplit(settings.delivery.repository).hostname or "", "GITHUB_ENTERPRISE"
        ),
        "Branch": settings.delivery.branch,
        "BuildTimeoutMinutes": str(settings.pipeline.timeout_minutes + BUILD_OVERHEAD_MINUTES),
    }
