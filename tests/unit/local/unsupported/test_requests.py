from typing import Any

import pytest

from local.protocol.errors import ServiceError, ValidationError
from local.unsupported.requests import refuse

QUEUE = "arn:aws:sqs:eu-west-1:1:q"
ELSEWHERE = "https://127.0.0.1.evil.example/hook"
TEMPLATE = """
Resources:
  Made:
    Type: {type}
    Properties: {properties}
"""


@pytest.mark.parametrize(
    ("service", "operation", "members", "named"),
    [
        ("lambda", "CreateEventSourceMapping", {}, "does not execute CreateEventSourceMapping"),
        ("scheduler", "CreateSchedule", {}, "does not execute CreateSchedule"),
        ("lambda", "CreateFunction", {"ImageConfig": {"Command": ["x"]}}, "ImageConfig"),
        ("lambda", "CreateFunction", {"DeadLetterConfig": {"TargetArn": "arn:aws:s3:::b"}}, "not to arn:aws:s3"),
        (
            "lambda",
            "PutFunctionEventInvokeConfig",
            {"DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:events:e:1:event-bus/b"}}},
            "not to arn:aws:events",
        ),
        ("events", "PutRule", {"ScheduleExpression": "rate(1 month)"}, "ScheduleExpression is not valid"),
        ("events", "PutRule", {"EventPattern": {"a": [{"like": "x"}, {"Ref": "A"}]}}, "Unrecognized match type like"),
        (
            "events",
            "PutTargets",
            {"Targets": [{"Id": "i", "Arn": QUEUE, "InputTransformer": {"InputTemplate": "plain"}}]},
            "Invalid InputTemplate for target i",
        ),
        ("events", "PutTargets", {"Targets": [{"Arn": QUEUE, "DeadLetterConfig": {"Arn": "x"}}]}, "an SQS queue"),
        ("events", "PutTargets", {"Targets": [{"Id": "1", "Arn": "arn:aws:ecs:e:1:cluster/c"}]}, "delivers events to"),
        (
            "events",
            "PutTargets",
            {"Targets": [{"Arn": QUEUE, "EcsParameters": {"TaskCount": 1}}]},
            "act upon Targets.EcsParameters of",
        ),
        ("states", "CreateStateMachine", {"definition": "{}", "type": "EXPRESS"}, "type 'EXPRESS'"),
        ("states", "UpdateStateMachine", {"loggingConfiguration": {"level": "ALL"}}, "loggingConfiguration"),
        (
            "s3",
            "PutBucketNotificationConfiguration",
            {"Body": "<NotificationConfiguration><CloudFunctionConfiguration/></NotificationConfiguration>"},
            "CloudFunctionConfiguration",
        ),
        (
            "s3",
            "PutBucketLifecycleConfiguration",
            {"Body": "<Rule><NoncurrentVersionExpiration><NewerNoncurrentVersions>3"},
            "NewerNoncurrentVersions",
        ),
        ("sns", "Subscribe", {"Protocol": "lambda"}, "Protocol 'lambda'"),
        ("sns", "Subscribe", {"Protocol": "https", "Endpoint": ELSEWHERE}, "not to '127.0.0.1.evil.example'"),
        (
            "firehose",
            "CreateDeliveryStream",
            {"HttpEndpointDestinationConfiguration": {"EndpointConfiguration": {"Url": ELSEWHERE}}},
            "sends records to web servers of this machine only",
        ),
        (
            "firehose",
            "UpdateDestination",
            {"HttpEndpointDestinationUpdate": {"EndpointConfiguration": {"Url": ELSEWHERE}}},
            "sends records to web servers of this machine only",
        ),
        ("apigateway", "PutIntegration", {"uri": ELSEWHERE}, "passes requests on to web servers of this machine only"),
        ("lambda", "CreateFunction", {"PackageType": "Image"}, "PackageType 'Image'"),
        ("lambda", "CreateFunction", {"Runtime": "nodejs22.x"}, "Runtime 'nodejs22.x'"),
        (
            "lambda",
            "CreateFunction",
            {"VpcConfig": {"Ipv6AllowedForDualStack": True}},
            "VpcConfig.Ipv6AllowedForDualStack",
        ),
        ("lambda", "CreateFunction", {"LoggingConfig": {"SystemLogLevel": "WARN"}}, "LoggingConfig.SystemLogLevel"),
        ("lambda", "CreateFunction", {"Code": {"ImageUri": "i"}}, "Code.ImageUri of"),
        ("lambda", "Invoke", {"Qualifier": "1"}, "Qualifier '1'"),
    ],
)
def test_what_nothing_comes_of_is_refused(service: str, operation: str, members: dict[str, Any], named: str) -> None:
    with pytest.raises(ServiceError, match=named):
        refuse(service, operation, members)


@pytest.mark.parametrize(
    ("type_", "properties", "named"),
    [
        ("AWS::Lambda::Function", "{Runtime: nodejs22.x}", "Runtime 'nodejs22.x'"),
        ("AWS::Lambda::Function", "{FileSystemConfigs: [{Arn: !Ref Files}]}", "FileSystemConfigs"),
        ("AWS::Lambda::EventSourceMapping", "{}", "CreateEventSourceMapping"),
        ("AWS::Events::Rule", "{ScheduleExpression: 'cron(x)'}", "ScheduleExpression is not valid"),
        (
            "AWS::Events::Rule",
            "{Targets: [{Id: '1', Arn: !GetAtt Q.Arn, HttpParameters: {HeaderParameters: {a: b}}}]}",
            "HttpParameters",
        ),
        ("AWS::SNS::Topic", f"{{Subscription: [{{Protocol: http, Endpoint: '{ELSEWHERE}'}}]}}", "this machine only"),
        ("AWS::SNS::Topic", "{Subscription: [{Protocol: lambda, Endpoint: !Ref F}]}", "Protocol 'lambda'"),
        ("AWS::StepFunctions::StateMachine", "{StateMachineType: EXPRESS}", "express workflows"),
        ("AWS::StepFunctions::StateMachine", "{DefinitionS3Location: {Bucket: b, Key: k}}", "DefinitionS3Location"),
        (
            "AWS::StepFunctions::StateMachine",
            '{DefinitionString: \'{"States": {"A": {"Credentials": {"RoleArn": "r"}}}}\'}',
            "Credentials",
        ),
        ("AWS::S3::Bucket", "{NotificationConfiguration: {TopicConfigurations: [{Topic: t}]}}", "TopicConfigurations"),
        ("AWS::S3::Bucket", "{LifecycleConfiguration: {Rules: [{ObjectSizeLessThan: 5}]}}", "ObjectSizeLessThan"),
        (
            "AWS::S3::Bucket",
            "{LifecycleConfiguration: {Rules: [{NoncurrentVersionExpiration: {NewerNoncurrentVersions: 5}}]}}",
            "NewerNoncurrentVersions",
        ),
        ("AWS::CloudWatch::Alarm", "{AlarmActions: [{Ref: T}, 'arn:aws:ssm:e:1:x']}", "tell SNS topics only"),
    ],
)
def test_what_a_template_asks_for_is_refused(type_: str, properties: str, named: str) -> None:
    text = TEMPLATE.format(type=type_, properties=properties)
    with pytest.raises(ValidationError, match=rf"{named}.*\(resource Made\)"):
        refuse("cloudformation", "CreateStack", {"TemplateBody": text})


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        ("AWS::Lambda::Function", "{Runtime: !Ref R, DeadLetterConfig: {TargetArn: !GetAtt Q.Arn}, Layers: [x]}"),
        ("AWS::Events::Rule", "{ScheduleExpression: !Ref S, Targets: [{Id: '1', Arn: !GetAtt F.Arn}]}"),
        ("AWS::Events::Rule", "{EventPattern: {source: [a], detail: {n: [{prefix: x}]}}}"),
        ("AWS::Events::Rule", "{Targets: !If [A, [], []], EventPattern: !Ref P}"),
        ("AWS::Lambda::Function", "{DeadLetterConfig: !If [A, {TargetArn: x}, !Ref 'AWS::NoValue']}"),
        ("AWS::Lambda::EventInvokeConfig", "{DestinationConfig: {OnFailure: !Ref D}}"),
        ("AWS::Lambda::Function", ""),
        ("AWS::SNS::Topic", "{Subscription: [{Protocol: http, Endpoint: 'http://localhost:8080'}, !Ref S]}"),
        ("AWS::SNS::Topic", "{Subscription: !If [A, [], []]}"),
        ("AWS::SQS::Queue", "{}"),
        ("AWS::S3::Bucket", "{NotificationConfiguration: {EventBridgeConfiguration: {}}}"),
    ],
)
def test_the_rest_of_a_template_is_taken(type_: str, properties: str) -> None:
    refuse("cloudformation", "UpdateStack", {"TemplateBody": TEMPLATE.format(type=type_, properties=properties)})


def test_what_is_usual_is_taken() -> None:
    request = {
        "FunctionName": "f",
        "Runtime": "python3.12",
        "PackageType": "Zip",
        "SnapStart": {"ApplyOn": "None"},
        "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": {"Ref": "Logs"}},
        "DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}},
    }
    refuse("lambda", "CreateFunction", request)


@pytest.mark.parametrize("text", ["", "a: [", "{}", "[]", "Resources: {}"])
def test_a_template_without_resources_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Template format error"):
        refuse("cloudformation", "CreateStack", {"TemplateBody": text})


def test_a_template_that_is_elsewhere_is_left_to_moto() -> None:
    refuse("cloudformation", "CreateStack", {"TemplateURL": "https://bucket.s3.amazonaws.com/t"})
