"""Deploys one environment: plans its stacks and Lambda packages, has CloudFormation say what changes, and does it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from lambdas.deploy_model.settings.hours import ALWAYS
from pipelines.aws import Aws
from pipelines.definitions.images.own import builds_images, kinds_in_use
from pipelines.delivery import rules
from pipelines.delivery.changes import StackChange, apply_change, discard, plan_change
from pipelines.delivery.stacks import Action, Stack, skipped
from pipelines.delivery.templates import read_template
from pipelines.packages.code import ImageSources, LambdaPackage, package_image_sources, package_lambda
from pipelines.packages.lambda_layer import LAYERS, package_layer
from pipelines.packages.uploads import upload_package
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names, tags_of

BUILD_OVERHEAD_MINUTES = 60  # time for the deployment, in addition to the pipeline that CodeBuild waits for


@dataclass(frozen=True)
class Plan:
    """The stacks and the archives of code that an environment should have.

    `images` and `sources` are those of its container images, where it builds them itself.
    """

    storage: Stack
    packages: tuple[LambdaPackage, ...]
    application: Stack
    delivery: Stack
    images: Stack | None = None
    sources: ImageSources | None = None

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """The stacks in the order in which they are made."""
        return self.storage, self.application, *([self.images] if self.images else []), self.delivery

    @property
    def archives(self) -> tuple[LambdaPackage | ImageSources, ...]:
        """All that is uploaded."""
        return *self.packages, *([self.sources] if self.sources else [])


@dataclass(frozen=True)
class Prepared:
    """A plan, and what it changes in each stack. Nothing of it has been done."""

    plan: Plan
    changes: tuple[StackChange, ...]

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return any(each.action != "unchanged" for each in self.changes)

    def describe(self) -> str:
        """What is going to be done, as lines of text; of stacks that stay as they are, nothing."""
        return "\n".join(each.describe() for each in self.changes if each.action != "unchanged")


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
        packages = [f"code uploaded: {', '.join(self.uploaded)}"] if self.uploaded else []
        return "\n".join([*packages, *(stack.describe() for stack in self.stacks)])


def deploy(settings: Settings, aws: Aws) -> DeploymentReport:
    """Brings an environment in line with its settings and the code, and waits until that is done.

    Raises:
        AwsError: a stack failed; the message has the reasons for each resource.
        ConfigurationError: no layer can be built for the configured runtime.
    """
    return carry_out(settings, aws, prepare(settings, aws))


def prepare(settings: Settings, aws: Aws) -> Prepared:
    """Finds out what a deployment is going to change. Raises as `deploy` does."""
    planned = plan(settings, Names.of(settings, aws.account))
    return Prepared(planned, tuple(plan_change(aws, stack) for stack in planned.stacks))


def carry_out(settings: Settings, aws: Aws, prepared: Prepared) -> DeploymentReport:
    """Does what was prepared, and waits until that is done. Raises as `deploy` does."""
    names = Names.of(settings, aws.account)
    storage, *others = prepared.changes
    reports = [apply(aws, storage)]
    uploaded = tuple(each.name for each in prepared.plan.archives if upload_package(aws, names, each))
    reports += [apply(aws, each) for each in others]
    rules.resume(aws, settings, names)
    return DeploymentReport(tuple(reports), uploaded)


def give_up(aws: Aws, prepared: Prepared) -> None:
    """Takes back what CloudFormation prepared."""
    for change in prepared.changes:
        discard(aws, change)


def plan(settings: Settings, names: Names) -> Plan:
    """Packages the code and plans the stacks. Nothing is sent to AWS."""
    functions = {name: package_lambda(name) for name in LAMBDA_NAMES}
    layers = {name: package_layer(name, settings.lambdas) for name in layers_of(settings)}
    packages = functions | layers
    tags = tags_of(settings)
    base = {"Project": settings.project, "Environment": settings.environment, "KmsKeyArn": settings.account.kms_key}
    keys = {parameter_of(name): packages[name].key if name in packages else "" for name in (*functions, *LAYERS)}
    parameters = {**base, **keys, **application_parameters(settings)}
    sources = package_image_sources() if builds_images(settings) else None
    return Plan(
        storage=Stack(names.storage_stack, read_template("storage"), base, tags=tags),
        packages=tuple(packages.values()),
        application=Stack(names.application_stack, read_template("application"), parameters, names.bucket, tags),
        delivery=Stack(
            names.delivery_stack, read_template("delivery"), {**base, **delivery_parameters(settings)}, tags=tags
        ),
        images=Stack(
            names.images_stack,
            read_template("images"),
            {**base, **image_parameters(settings), "SourcesKey": sources.key},
            tags=tags,
        )
        if sources
        else None,
        sources=sources,
    )


def layers_of(settings: Settings) -> tuple[str, ...]:
    """The layers to ship: none if the runtime already has their packages."""
    return tuple(LAYERS) if settings.lambdas.dependencies == "layer" else ()


def apply(aws: Aws, change: StackChange) -> StackReport:
    """Creates or updates a stack and reports on it."""
    return StackReport(change.stack.name, apply_change(aws, change), skipped(aws, change.stack))


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
        "BatchLambdaMemory": str(settings.batch.lambda_memory_mb),
        "BatchLambdaTimeout": str(settings.batch.lambda_timeout_seconds),
        "ApprovalStatus": settings.registry.approval,
        "UploadRuleState": "ENABLED" if settings.workflow.start_on_upload else "DISABLED",
        "RoutesTopic": "true" if settings.workflow.routes_topic else "false",
        "InstanceType": settings.endpoint.instance_type,
        "InstanceCount": str(settings.endpoint.instance_count),
        "CapturePercentage": str(settings.endpoint.capture_percentage),
        "Deployment": settings.endpoint.deployment.model_dump_json(),
        "Scaling": settings.endpoint.scaling.model_dump_json(),
        "EndpointHours": settings.endpoint.hours,
        "EndpointHoursSchedule": settings.endpoint.opening.schedule,
        "EndpointHoursRuleState": "DISABLED" if settings.endpoint.hours == ALWAYS else "ENABLED",
        "DeployCheckSeconds": str(settings.endpoint.check_seconds),
        "ReviewAlarmSeconds": str(settings.review.alarm_after_hours * 3600),
        "MonitoringSchedule": settings.monitoring.schedule,
        "MonitoringWindow": settings.monitoring.window,
        "AlarmOn": settings.monitoring.alarm_on,
        "RetrainOn": ",".join(settings.monitoring.retrain_on),
        "LogRetentionDays": str(settings.delivery.log_retention_days),
        "NetworkIsolation": "true" if settings.network.isolation else "false",
        "SubnetIds": ",".join(settings.network.subnets),
        "SecurityGroupIds": ",".join(settings.network.security_groups),
        "PermissionsBoundary": settings.account.permissions_boundary,
        "MonthlyBudget": str(settings.account.monthly_budget),
    }


def image_parameters(settings: Settings) -> dict[str, str]:
    """The settings that the template of the container images takes as parameters."""
    return {
        "Kinds": " ".join(kinds_in_use(settings)),
        "PermissionsBoundary": settings.account.permissions_boundary,
        "LogRetentionDays": str(settings.delivery.log_retention_days),
    }


def delivery_parameters(settings: Settings) -> dict[str, str]:
    """The settings that the template of the delivery takes as parameters."""
    delivery = settings.delivery
    return {
        "ConnectionArn": delivery.connection,
        "RepositoryId": urlsplit(delivery.repository).path.strip("/").removesuffix(".git"),
        "Branch": delivery.branch,
        "ApprovalStatus": settings.registry.approval,
        "PermissionsBoundary": settings.account.permissions_boundary,
        "LogRetentionDays": str(delivery.log_retention_days),
        "BuildTimeoutMinutes": str(settings.pipeline.timeout_minutes + BUILD_OVERHEAD_MINUTES),
    }
