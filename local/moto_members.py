"""What is done with each member of the requests that moto takes: honoured, recorded only, or refused.

What no table names is refused, so that a member of a later botocore is not accepted and ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from botocore.model import ListShape, Shape, StructureShape

from local.errors import ValidationError
from local.json_types import Json
from local.protocol import service_model


@dataclass(frozen=True)
class Members:
    """The members of a shape. `recorded` ones are kept without an effect; `only` has the values that are taken."""

    honoured: frozenset[str]
    recorded: frozenset[str] = frozenset()
    only: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[str]:
        """The members that are not refused, whatever their values."""
        return self.honoured | self.recorded | self.only.keys()


def _members(honoured: str, recorded: str = "", **only: tuple[Json, ...]) -> Members:
    return Members(frozenset(honoured.split()), frozenset(recorded.split()), only)


CONFIGURATION = "FunctionName Handler Role Timeout MemorySize Environment DeadLetterConfig LoggingConfig Layers"
RECORDED = "Description TracingConfig KMSKeyArn EphemeralStorage"
FUNCTION = {
    "Runtime": ("python3*",),
    "SnapStart": ({"ApplyOn": "None"},),
    "VpcConfig": ({}, {"SubnetIds": [], "SecurityGroupIds": []}),
}
MACHINE = "publish versionDescription tracingConfiguration encryptionConfiguration"
NO_LOGS = ({"level": "OFF"}, {"level": "OFF", "includeExecutionData": False})
LATEST = ("$LATEST",)
EVENT_INVOKE = _members(
    "FunctionName MaximumRetryAttempts DestinationConfig", "MaximumEventAgeInSeconds", Qualifier=LATEST
)

# By the shape of a structure, in botocore's models.
SHAPES: dict[tuple[str, str], Members] = {
    ("lambda", "CreateFunctionRequest"): _members(
        f"{CONFIGURATION} Code", f"{RECORDED} Publish Tags Architectures", PackageType=("Zip",), **FUNCTION
    ),
    ("lambda", "FunctionCode"): _members("ZipFile S3Bucket S3Key", "SourceKMSKeyArn"),
    ("lambda", "LoggingConfig"): _members("LogGroup", LogFormat=("Text",)),
    ("lambda", "UpdateFunctionConfigurationRequest"): _members(CONFIGURATION, RECORDED, **FUNCTION),
    ("lambda", "UpdateFunctionCodeRequest"): _members(
        "FunctionName ZipFile S3Bucket S3Key DryRun", "Architectures Publish SourceKMSKeyArn"
    ),
    ("lambda", "InvocationRequest"): _members(
        "FunctionName LogType Payload", Qualifier=LATEST, InvocationType=("RequestResponse", "Event", "DryRun")
    ),
    ("lambda", "PutFunctionConcurrencyRequest"): _members("FunctionName ReservedConcurrentExecutions"),
    ("lambda", "PutFunctionEventInvokeConfigRequest"): EVENT_INVOKE,
    ("lambda", "UpdateFunctionEventInvokeConfigRequest"): EVENT_INVOKE,
    ("events", "PutRuleRequest"): _members(
        "Name ScheduleExpression EventPattern EventBusName", "Description RoleArn Tags", State=("ENABLED", "DISABLED")
    ),
    ("events", "PutTargetsRequest"): _members("Rule EventBusName Targets"),
    ("events", "Target"): _members(
        "Id Arn RoleArn Input InputPath InputTransformer SqsParameters SageMakerPipelineParameters "
        "DeadLetterConfig RetryPolicy"
    ),
    ("events", "RetryPolicy"): _members("MaximumRetryAttempts", "MaximumEventAgeInSeconds"),
    ("events", "PutEventsRequest"): _members("Entries"),
    ("events", "PutEventsRequestEntry"): _members(
        "Time Source Resources DetailType Detail EventBusName", "TraceHeader"
    ),
    ("stepfunctions", "CreateStateMachineInput"): _members(
        "name definition roleArn", f"{MACHINE} tags", type=("STANDARD",), loggingConfiguration=NO_LOGS
    ),
    ("stepfunctions", "UpdateStateMachineInput"): _members(
        "stateMachineArn definition roleArn", MACHINE, loggingConfiguration=NO_LOGS
    ),
    ("stepfunctions", "StartExecutionInput"): _members("stateMachineArn name input", "traceHeader"),
    ("sns", "SubscribeInput"): _members(
        "TopicArn Endpoint Attributes ReturnSubscriptionArn",
        Protocol=("sqs", "http", "https", "email", "email-json", "sms"),
    ),
}


def refuse_members(service: str, shape: str, value: Json) -> None:
    """Raise ValidationError, naming the member, where a request asks for what has no effect here."""
    for problem in _problems(service, service_model(service).shape_for(shape), value):
        raise ValidationError(f"The local AWS does not execute {problem}, and does not pretend to")


def _problems(service: str, shape: Shape, value: Json) -> Iterator[str]:
    if isinstance(shape, ListShape) and isinstance(value, list):
        for item in value:
            yield from _problems(service, shape.member, item)
    if not isinstance(shape, StructureShape) or not isinstance(value, dict):
        return
    members = SHAPES.get((service, shape.name))
    for name, member in shape.members.items():
        if value.get(name) is None:
            continue
        if members and name not in members.known:
            yield f"{name} of {shape.name}"
        elif members and not _fits(value[name], members.only.get(name)):
            yield f"{name} {value[name]!r} of {shape.name}"
        yield from _problems(service, member, value[name])


def _fits(value: Json, allowed: tuple[Json, ...] | None) -> bool:
    """Whether a member may have a value; a reference of a CloudFormation template may be anything."""
    if allowed is None or (isinstance(value, dict) and any(key.startswith(("Ref", "Fn::")) for key in value)):
        return True
    return value in allowed or (isinstance(value, str) and any(fnmatchcase(value, str(each)) for each in allowed))
