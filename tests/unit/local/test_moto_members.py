"""No member of a request that moto takes is forgotten: each is honoured, recorded or refused, as written down here."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import ListShape, Shape, StructureShape

from local.errors import ValidationError
from local.honesty import MODELS
from local.moto_members import SHAPES, refuse_members
from local.protocol import service_model

# The operations that something comes of here, and whose requests moto reads.
OPERATIONS = {
    "lambda": [
        "CreateFunction",
        "UpdateFunctionConfiguration",
        "UpdateFunctionCode",
        "Invoke",
        "PutFunctionConcurrency",
        "PutFunctionEventInvokeConfig",
        "UpdateFunctionEventInvokeConfig",
    ],
    "events": ["PutRule", "PutTargets", "PutEvents"],
    "stepfunctions": ["CreateStateMachine", "UpdateStateMachine", "StartExecution"],
    "sns": ["Subscribe"],
}
OF_FUNCTIONS = {"FileSystemConfigs", "ImageConfig", "CapacityProviderConfig", "DurableConfig", "RuntimeConfig"}
REFUSED = {
    "CreateFunctionRequest": OF_FUNCTIONS | {"PublishTo", "CodeSigningConfigArn", "TenancyConfig", "AcceleratorConfig"},
    "UpdateFunctionConfigurationRequest": OF_FUNCTIONS | {"RevisionId", "AcceleratorConfig"},
    "UpdateFunctionCodeRequest": {"S3ObjectVersion", "S3ObjectStorageMode", "ImageUri", "PublishTo", "RevisionId"},
    "FunctionCode": {"S3ObjectVersion", "S3ObjectStorageMode", "ImageUri"},
    "LoggingConfig": {"ApplicationLogLevel", "SystemLogLevel"},
    "InvocationRequest": {"ClientContext", "DurableExecutionName", "TenantId"},
    "Target": {
        "KinesisParameters",
        "RunCommandParameters",
        "EcsParameters",
        "BatchParameters",
        "HttpParameters",
        "RedshiftDataParameters",
        "AppSyncParameters",
    },
    "PutEventsRequest": {"EndpointId"},
}
# Structures whose members all do what they say, or belong to a member that is recorded or refused as a whole.
WHOLE = {
    "DeadLetterConfig",
    "DestinationConfig",
    "Environment",
    "InputTransformer",
    "OnFailure",
    "OnSuccess",
    "SageMakerPipelineParameter",
    "SageMakerPipelineParameters",
    "SqsParameters",
    "Tag",
    "TracingConfig",
    "TracingConfiguration",
    "EncryptionConfiguration",
    "EphemeralStorage",
}


def structures(shape: Shape, service: str) -> Iterator[StructureShape]:
    """The structures in a request that are not refused as a whole."""
    if isinstance(shape, ListShape):
        yield from structures(shape.member, service)
    elif isinstance(shape, StructureShape):
        yield shape
        members = SHAPES.get((service, shape.name))
        for name, member in shape.members.items():
            if members is None or name in members.honoured | members.recorded:
                yield from structures(member, service)


@pytest.mark.parametrize(("service", "operation"), [(key, each) for key, names in OPERATIONS.items() for each in names])
def test_each_member_is_honoured_recorded_or_refused(service: str, operation: str) -> None:
    shape = service_model(service).operation_model(operation).input_shape
    assert shape is not None
    for structure in structures(shape, service):
        members = SHAPES.get((service, structure.name))
        if members is None:
            assert structure.name in WHOLE, f"{service} {structure.name} is in no table"
            continue
        assert set(structure.members) - members.known == REFUSED.get(structure.name, set()), structure.name
        assert members.known <= set(structure.members), structure.name


@pytest.mark.parametrize(("shape", "member"), [(shape, each) for shape, names in REFUSED.items() for each in names])
def test_what_is_refused_is_named(shape: str, member: str) -> None:
    service = next(service for service, name in SHAPES if name == shape)
    with pytest.raises(ValidationError, match=f"does not execute {member} of {shape}"):
        refuse_members(service, shape, {member: "x"})


def test_the_tables_are_of_services_that_are_looked_at() -> None:
    assert {service for service, _ in SHAPES} == set(MODELS.values()) == set(OPERATIONS)


@pytest.mark.parametrize(
    ("shape", "request_", "named"),
    [
        ("CreateFunctionRequest", {"PackageType": "Image"}, "PackageType 'Image'"),
        ("CreateFunctionRequest", {"Runtime": "nodejs22.x"}, "Runtime 'nodejs22.x'"),
        ("CreateFunctionRequest", {"VpcConfig": {"SubnetIds": ["s"]}}, "VpcConfig"),
        ("CreateFunctionRequest", {"LoggingConfig": {"LogFormat": "JSON"}}, "LogFormat 'JSON' of LoggingConfig"),
        ("CreateFunctionRequest", {"Code": {"ImageUri": "i"}}, "ImageUri of FunctionCode"),
        ("InvocationRequest", {"Qualifier": "1"}, "Qualifier '1'"),
    ],
)
def test_values_that_nothing_comes_of_are_refused(shape: str, request_: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        refuse_members("lambda", shape, request_)


def test_what_is_usual_is_taken() -> None:
    request = {
        "FunctionName": "f",
        "Runtime": "python3.12",
        "PackageType": "Zip",
        "SnapStart": {"ApplyOn": "None"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": {"Ref": "Logs"}},
        "DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
    }
    refuse_members("lambda", "CreateFunctionRequest", request)
