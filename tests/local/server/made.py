"""One of each that a local AWS keeps: objects, roles, functions, stacks, executions, versions and an endpoint."""

import json
from typing import Any

from local.server.embedded import LocalAws
from tests.local.support import (
    BUCKET,
    IMAGE,
    REGION,
    ROLE,
    Wait,
    client,
    policy,
    tarred,
    zipped,
)

INFERENCE = """
def model_fn(model_dir): return open(model_dir + "/weights").read()
def input_fn(body, content_type): return body
def predict_fn(data, model): return model
def output_fn(prediction, accept): return prediction, "text/plain"
"""
STACK = {
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "of-stack"}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "of-stack"}},
        "Policy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Statement": []}},
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "of-stack",
                "Namespace": "AWS/SQS",
                "MetricName": "ApproximateNumberOfMessagesVisible",
                "Dimensions": [{"Name": "QueueName", "Value": "of-stack"}],
                "Statistic": "Maximum",
                "Period": 300,
                "EvaluationPeriods": 1,
                "Threshold": 1,
                "ComparisonOperator": "GreaterThanThreshold",
            },
        },
    }
}
PIPELINE = {
    "Version": "2020-12-01",
    "Steps": [
        {
            "Name": "Measure",
            "Type": "Processing",
            "CacheConfig": {"Enabled": True},
            "Arguments": {
                "ProcessingResources": {
                    "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
                },
                "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["true"]},
                "RoleArn": ROLE,
            },
        }
    ],
}
PASSES = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "Result": {"passed": True}, "End": True}}}
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
ALLOW = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


class Made:
    """Clients of a local AWS."""

    def __init__(self, local_aws: LocalAws) -> None:
        self.cloudwatch = client(local_aws, "cloudwatch")
        self.cloudformation = client(local_aws, "cloudformation")
        self.events = client(local_aws, "events")
        self.functions = client(local_aws, "lambda")
        self.iam = client(local_aws, "iam")
        self.logs = client(local_aws, "logs")
        self.runtime = client(local_aws, "sagemaker-runtime")
        self.s3 = client(local_aws, "s3")
        self.sagemaker = client(local_aws, "sagemaker")
        self.sqs = client(local_aws, "sqs")
        self.stepfunctions = client(local_aws, "stepfunctions")


def fill(aws: Made, wait: Wait) -> None:
    """Make one of each."""
    aws.s3.put_object(Bucket=BUCKET, Key="a/photo", Body=b"pixels", Metadata={"of": "bicycle"}, Tagging="kind=photo")
    aws.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for text in (b"first", b"second"):
        aws.s3.put_object(Bucket=BUCKET, Key="versioned", Body=text)
    aws.s3.put_object(Bucket=BUCKET, Key="deleted", Body=b"soon")
    aws.s3.delete_object(Bucket=BUCKET, Key="deleted")
    aws.iam.create_role(RoleName="tests", AssumeRolePolicyDocument=policy(TRUST))
    aws.iam.put_role_policy(RoleName="tests", PolicyName="p", PolicyDocument=policy(ALLOW))
    url = aws.sqs.create_queue(QueueName="kept")["QueueUrl"]
    aws.sqs.send_message(QueueUrl=url, MessageBody="a message")
    aws.functions.create_function(
        FunctionName="greet",
        Runtime="python3.11",
        Role=ROLE,
        Handler="handler.handler",
        Code={"ZipFile": zipped("def handler(event, context): return 'hello ' + event['name']")},
        Timeout=20,
        LoggingConfig={"LogGroup": "/own/group"},
    )
    aws.events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    aws.events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:{REGION}:123456789012:kept"}])
    fill_what_expires(aws)
    aws.cloudformation.create_stack(StackName="stack", TemplateBody=json.dumps(STACK))
    aws.logs.create_log_group(logGroupName="kept")
    fill_states(aws, wait)
    fill_cloudwatch(aws, wait)
    fill_sagemaker(aws, wait)


MAPS = {
    "StartAt": "Map",
    "States": {
        "Map": {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Pass",
                "States": {"Pass": {"Type": "Pass", "End": True}},
            },
            "End": True,
        }
    },
}


def fill_what_expires(aws: Made) -> None:
    """An object that is due, which goes when the local AWS starts again."""
    rule = {
        "Status": "Enabled",
        "Filter": {"Prefix": "expiring/"},
        "Expiration": {"Date": "2020-01-01T00:00:00Z"},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    aws.s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    aws.s3.put_object(Bucket=BUCKET, Key="expiring/a", Body=b"")
    aws.s3.create_multipart_upload(Bucket=BUCKET, Key="expiring/b")  # not due yet


def fill_cloudwatch(aws: Made, wait: Wait) -> None:
    aws.cloudwatch.put_metric_data(Namespace="Bakery", MetricData=[{"MetricName": "BurntScones", "Value": 5}])
    aws.cloudwatch.put_metric_alarm(
        AlarmName="burnt",
        Namespace="Bakery",
        MetricName="BurntScones",
        Statistic="Sum",
        Period=3600,
        EvaluationPeriods=1,
        Threshold=3,
        ComparisonOperator="GreaterThanThreshold",
    )
    wait(lambda: aws.cloudwatch.describe_alarms(AlarmNames=["burnt"])["MetricAlarms"][0], "StateValue", "ALARM")


def fill_states(aws: Made, wait: Wait) -> None:
    for name, definition, given in (("passes", PASSES, '{"a": 1}'), ("maps", MAPS, "[1, 2]")):
        arn = aws.stepfunctions.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        started = aws.stepfunctions.start_execution(stateMachineArn=arn["stateMachineArn"], name="ended", input=given)[
            "executionArn"
        ]
        wait(lambda arn=started: aws.stepfunctions.describe_execution(executionArn=arn), "status", "SUCCEEDED")


def fill_sagemaker(aws: Made, wait: Wait) -> None:
    aws.s3.put_object(Bucket=BUCKET, Key="m.tar.gz", Body=tarred({"weights": "wheels", "code/inference.py": INFERENCE}))
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/m.tar.gz"}
    aws.sagemaker.create_model_package_group(ModelPackageGroupName="models")
    for _ in range(2):
        arn = aws.sagemaker.create_model_package(
            ModelPackageGroupName="models",
            InferenceSpecification={
                "Containers": [container],
                "SupportedContentTypes": ["image/png"],
                "SupportedResponseMIMETypes": ["text/plain"],
            },
        )["ModelPackageArn"]
    aws.sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="it is good"
    )
    aws.sagemaker.create_model(ModelName="m", PrimaryContainer={"ModelPackageName": arn}, ExecutionRoleArn=ROLE)
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    aws.sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    aws.sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    run_pipeline(aws, wait)
    in_service(aws, wait)


def run_pipeline(aws: Made, wait: Wait) -> dict[str, Any]:
    """Run the pipeline; its only step."""
    if not aws.sagemaker.list_pipelines()["PipelineSummaries"]:
        aws.sagemaker.create_pipeline(PipelineName="p", PipelineDefinition=json.dumps(PIPELINE), RoleArn=ROLE)
    arn = aws.sagemaker.start_pipeline_execution(PipelineName="p")["PipelineExecutionArn"]
    describe = lambda: aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    wait(describe, "PipelineExecutionStatus", "Succeeded")
    (step,) = aws.sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    return dict(step)


def in_service(aws: Made, wait: Wait) -> None:
    wait(lambda: aws.sagemaker.describe_endpoint(EndpointName="e"), "EndpointStatus", "InService")


def begin_update(aws: Made, wait: Wait) -> None:
    """Begin a deployment that bakes for an hour, with all traffic on the new fleet."""
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    aws.sagemaker.create_endpoint_config(EndpointConfigName="later", ProductionVariants=[variant])
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}
    policy = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 3600}
    aws.sagemaker.update_endpoint(
        EndpointName="e", EndpointConfigName="later", DeploymentConfig={"BlueGreenUpdatePolicy": policy}
    )

    def look() -> dict[str, Any]:
        summary = aws.sagemaker.describe_endpoint(EndpointName="e")["PendingDeploymentSummary"]
        variants = summary.get("ProductionVariants")  # none at first, as in SageMaker's model
        return {"status": variants and variants[0]["VariantStatus"][0]["Status"]}

    wait(look, "status", "Baking")
