"""Conditions of policies are held against the request, and those of trust policies against the resource."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.iam.support import ALLOW_S3, CALLER, create_function
from tests.local.support import ACCOUNT, BUCKET, IMAGE, REGION, client

MakeRole = Callable[..., str]


def test_conditions_are_held_against_the_request(strict: LocalAws, call: Any) -> None:
    statement = {
        "Action": "s3:ListBucket",
        "Resource": f"arn:aws:s3:::{BUCKET}",
        "Condition": {"StringLike": {"s3:prefix": "open/*"}, "IpAddress": {"aws:SourceIp": "127.0.0.0/8"}},
    }
    lists = ("lists", statement, "s3", "list_objects_v2")
    assert "errorMessage" not in call(*lists, Bucket=BUCKET, Prefix="open/x")
    assert "AccessDenied" in call(*lists, Bucket=BUCKET, Prefix="secret/x")["errorMessage"]
    assert "AccessDenied" in call(*lists, Bucket=BUCKET)["errorMessage"]


def test_the_namespace_of_metrics(strict: LocalAws, call: Any) -> None:
    condition = {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}}
    statement = {"Action": "cloudwatch:PutMetricData", "Resource": "*", "Condition": condition}
    puts = ("puts", statement, "cloudwatch", "put_metric_data")
    metric = {"MetricName": "m", "Value": 1}
    assert "errorMessage" not in call(*puts, Namespace="/aws/sagemaker/x", MetricData=[metric])
    assert "AccessDenied" in call(*puts, Namespace="other", MetricData=[metric])["errorMessage"]


def test_tags_of_requests_and_resources(strict: LocalAws, call: Any) -> None:
    condition = {"StringEquals": {"aws:RequestTag/team": "a"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    statement = {"Action": "sagemaker:CreateModelPackageGroup", "Resource": "*", "Condition": condition}
    creates = ("creates", statement, "sagemaker", "create_model_package_group")
    mine, other = {"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}
    assert "AccessDenied" in call(*creates, ModelPackageGroupName="g")["errorMessage"]
    assert "AccessDenied" in call(*creates, ModelPackageGroupName="g", Tags=[other])["errorMessage"]
    assert "ModelPackageGroupArn" in call(*creates, ModelPackageGroupName="tagged", Tags=[mine])
    client(strict, "sagemaker").create_model_package_group(ModelPackageGroupName="untagged")
    condition = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    statement = {"Action": "sagemaker:DescribeModelPackageGroup", "Resource": "*", "Condition": condition}
    describes = ("describes", statement, "sagemaker", "describe_model_package_group")
    assert call(*describes, ModelPackageGroupName="tagged")["ModelPackageGroupName"] == "tagged"
    assert "AccessDenied" in call(*describes, ModelPackageGroupName="untagged")["errorMessage"]


def test_a_trust_policys_condition_counts(strict: LocalAws, role: MakeRole) -> None:
    functions = client(strict, "lambda")
    mine = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:trusted"
    arn = role("of-trusted", "lambda", Condition={"ArnEquals": {"aws:SourceArn": mine}})
    event = json.dumps({"service": "sts", "call": "get_caller_identity", "members": {}})
    create_function(strict, "trusted", arn, CALLER)
    assert "of-trusted" in json.load(functions.invoke(FunctionName="trusted", Payload=event)["Payload"])["Arn"]
    create_function(strict, "not-trusted", arn, CALLER)
    with pytest.raises(ClientError, match="Could not assume role"):
        functions.invoke(FunctionName="not-trusted", Payload=event)


def test_a_trust_policy_may_name_one_job(role: MakeRole, job: Any) -> None:
    mine = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:processing-job/named"
    arn = role("of-one-job", "sagemaker", ALLOW_S3, Condition={"ArnEquals": {"aws:SourceArn": mine}})
    assert job("named", arn, "open/named")["ProcessingJobStatus"] == "Completed"
    with pytest.raises(ClientError, match="Could not assume role"):
        job("not-named", arn, "open/x")


def test_a_trust_policy_may_name_one_endpoint(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    """What does not let the endpoint in fails it; what does gets to the model, which is missing."""
    sagemaker = client(strict, "sagemaker")
    mine = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/named"
    arn = role("of-one-endpoint", "sagemaker", ALLOW_S3, Condition={"ArnEquals": {"aws:SourceArn": mine}})
    model = {"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/open/none.tar.gz"}
    sagemaker.create_model(ModelName="none", PrimaryContainer=model, ExecutionRoleArn=arn)
    variant = {"VariantName": "v", "ModelName": "none", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="none", ProductionVariants=[variant])
    for name, reason in (("named", "NoSuchKey"), ("not-named", "Could not assume role")):
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="none")
        describe = lambda name=name: sagemaker.describe_endpoint(EndpointName=name)  # noqa: E731
        assert reason in wait(describe, "EndpointStatus", "Failed")["FailureReason"]
