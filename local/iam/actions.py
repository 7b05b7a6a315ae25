"""Maps requests to IAM actions and resources. Pure.

Source: "Actions, resources, and condition keys for AWS services" in AWS's service authorization reference.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from local.iam.resources import SCALING, Arn, resources_of
from local.protocol.json_types import Record, record

PREFIXES = {"monitoring": "cloudwatch"}  # prefixes of actions that differ from the service's signing name
PASSED = {"sagemaker": ("RoleArn", "ExecutionRoleArn"), "states": ("roleArn",), "lambda": ("Role",)}
SCALING_ROLE = (
    "role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)
S3_OBJECT = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "POST": "PutObject",
    "DELETE": "DeleteObject",
}
S3_BUCKET = {
    "GET": "ListBucket",
    "HEAD": "ListBucket",
    "PUT": "CreateBucket",
    "POST": "DeleteObject",
    "DELETE": "DeleteBucket",
}


@dataclass(frozen=True)
class Action:
    """An action on a resource. For iam:PassRole, `passed_to` is the service that gets the role."""

    name: str
    resource: str
    passed_to: str = ""


def of_call(service: str, operation: str, request: Record, arn: Arn) -> Iterator[Action]:
    """The actions of a call, including those that AWS takes in its name: passing roles on, alarms, scaling."""
    operation = {"Invoke": "InvokeFunction"}.get(operation, operation)
    for resource in resources_of(service, operation, request, arn) or ["*"]:
        yield Action(f"{PREFIXES.get(service, service)}:{operation}", resource)
    for member in PASSED.get(service, ()):
        if role := request.get(member):
            yield Action("iam:PassRole", role, f"{service}.amazonaws.com")
    rollback = record(record(request.get("DeploymentConfig")).get("AutoRollbackConfiguration"))
    for alarm in rollback.get("Alarms", ()):
        yield Action("cloudwatch:DescribeAlarms", arn("cloudwatch", f"alarm:{alarm['AlarmName']}"))
    if service == SCALING and request.get("ServiceNamespace") == "sagemaker":
        yield from _of_scaling(operation, request.get("ResourceId", ""), arn)


def _of_scaling(operation: str, resource: str, arn: Arn) -> Iterator[Action]:
    """What Application Auto Scaling does in the name of who scales a variant, `endpoint/<name>/variant/<name>`.

    Sources: "Application Auto Scaling identity-based policy examples" in its user guide, and "Auto scaling
    prerequisites" in SageMaker's. They do not say which call takes which action.
    """
    if operation == "RegisterScalableTarget":
        for name in ("DescribeEndpoint", "UpdateEndpointWeightsAndCapacities"):
            yield Action(f"sagemaker:{name}", arn("sagemaker", resource.partition("/variant/")[0]))
        _, partition, _, _, account = arn("iam", "").split(":")[:5]
        yield Action("iam:CreateServiceLinkedRole", f"arn:{partition}:iam::{account}:{SCALING_ROLE}")
    if operation in ("PutScalingPolicy", "DeleteScalingPolicy", "DeregisterScalableTarget"):
        wanted = ("DeleteAlarms",) if operation != "PutScalingPolicy" else ("PutMetricAlarm", "DescribeAlarms")
        for name in wanted:
            yield Action(f"cloudwatch:{name}", arn("cloudwatch", f"alarm:TargetTracking-{resource}-Alarm"))


def of_s3(method: str, path: str, query: Record, copied: str) -> Iterator[Action]:
    """The actions of a request to S3; `copied` is its x-amz-copy-source header."""
    bucket, _, key = unquote(path).lstrip("/").partition("/")
    if not bucket:
        yield Action("s3:ListAllMyBuckets", "*")
    elif not key:
        name = "GetBucketLocation" if "location" in query else S3_BUCKET[method]
        if method == "POST" and "delete" not in query:  # a form, with the key in one of its fields
            name = "PutObject"
        yield Action(f"s3:{name}", f"arn:aws:s3:::{bucket}" + ("/*" if method == "POST" else ""))
    else:
        name = "AbortMultipartUpload" if method == "DELETE" and "uploadId" in query else S3_OBJECT[method]
        version = "Version" if "versionId" in query and name in ("GetObject", "DeleteObject") else ""
        suffix = next((sub.title() for sub in ("tagging", "acl", "retention") if sub in query), "")
        yield Action(f"s3:{name}{version}{suffix}", f"arn:aws:s3:::{bucket}/{key}")
    if copied:
        yield Action("s3:GetObject", f"arn:aws:s3:::{unquote(copied).lstrip('/').partition('?')[0]}")
