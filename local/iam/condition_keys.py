"""The condition keys of requests.

Source: "AWS global condition context keys" in AWS's user guide, and its service authorization reference.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from local.iam.actions import Action
from local.iam.conditions import Lookup
from local.iam.policies import lookup_in
from local.iam.resources import SCALING
from local.protocol.calls import Call
from local.protocol.json_types import Json, Record
from local.runtime.context import Context

# For each condition key, the member of a SageMaker request that has its values, wherever it is in the request.
SAGEMAKER = {
    "sagemaker:InstanceTypes": "InstanceType",
    "sagemaker:MaxRuntimeInSeconds": "MaxRuntimeInSeconds",
    "sagemaker:ModelApprovalStatus": "ModelApprovalStatus",
    "sagemaker:NetworkIsolation": "EnableNetworkIsolation",
    "sagemaker:InterContainerTrafficEncryption": "EnableInterContainerTrafficEncryption",
    "sagemaker:VolumeKmsKey": "VolumeKmsKeyId",
    "sagemaker:VpcSubnets": "Subnets",
    "sagemaker:VpcSecurityGroupIds": "SecurityGroupIds",
}
RESOURCE_TAG = "aws:resourcetag/"


def of_service(context: Context, source: str) -> Lookup:
    """The keys of a call that a service makes for the resource with the ARN `source`."""
    return lookup_in({"aws:SourceArn": source, "aws:SourceAccount": context.account})


def of_action(context: Context, role: str, action: Action, call: Call, request: Any = None) -> Lookup:  # noqa: ANN401
    """The keys of an action of a role; `request` is the HTTP request, if there was one."""
    moment = datetime.now(UTC)
    keys: Record = {
        "aws:PrincipalArn": role,
        "aws:PrincipalAccount": context.account,
        "aws:PrincipalType": "AssumedRole",
        "aws:RequestedRegion": context.region,
        "aws:SourceIp": "127.0.0.1",
        "aws:SecureTransport": "true",  # on AWS clients use TLS; the loopback interface needs none
        "aws:CurrentTime": moment.isoformat(),
        "aws:EpochTime": str(int(moment.timestamp())),
        **_tags(call.members),
        **_of_members(call),
        **(_of_s3(request) if call.service == "s3" else {}),
    }
    if action.passed_to:
        keys["iam:PassedToService"] = action.passed_to
    if action.name == "iam:CreateServiceLinkedRole":
        keys["iam:AWSServiceName"] = action.resource.split("/")[-2]
    fixed = lookup_in(keys)
    return lambda key: _resource_tag(context, action, key) if key.lower().startswith(RESOURCE_TAG) else fixed(key)


def _tags(members: Record) -> Record:
    tags = members.get("Tags") or members.get("tags") or {}
    if isinstance(tags, list):
        tags = {(tag.get("Key") or tag.get("key")): (tag.get("Value") or tag.get("value", "")) for tag in tags}
    keys: Record = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    names = [*tags, *(members.get("TagKeys") or members.get("tagKeys") or ())]  # the latter of those to be removed
    return {**keys, "aws:TagKeys": names} if names else {}


def _of_members(call: Call) -> Record:
    if call.service == "sagemaker":
        found = {key: [str(value) for value in _values(call.members, member)] for key, member in SAGEMAKER.items()}
        return {key: values for key, values in found.items() if values}
    if call.service == "events" and "Entries" in call.members:
        return {"events:source": [entry.get("Source", "") for entry in call.members["Entries"]]}
    if call.service == SCALING:
        named = {"service-namespace": "ServiceNamespace", "scalable-dimension": "ScalableDimension"}
        return {f"{SCALING}:{key}": call.members[member] for key, member in named.items() if member in call.members}
    if namespace := call.members.get("Namespace"):
        return {"cloudwatch:namespace": namespace}
    return {}


def _values(node: Json, member: str) -> Iterator[Json]:
    """The values of a member anywhere in a request."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from (value if isinstance(value, list) else [value]) if key == member else _values(value, member)
    elif isinstance(node, list):
        for item in node:
            yield from _values(item, member)


def _of_s3(request: Any) -> Record:  # noqa: ANN401
    query = {f"s3:{key}": request.args[key] for key in ("prefix", "delimiter", "max-keys") if key in request.args}
    headers = {f"s3:{key}": value for key, value in request.headers.items() if key.lower().startswith("x-amz-")}
    return {**headers, **query}


def _resource_tag(context: Context, action: Action, key: str) -> list[str] | None:
    """The value of a tag of the resource. Looked up only if a policy has such a condition."""
    from botocore.exceptions import ClientError

    arn, name = action.resource, key[len(RESOURCE_TAG) :]
    try:
        if ":sagemaker:" in arn:
            tags = context.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
        else:
            found = context.client("resourcegroupstaggingapi").get_resources(ResourceARNList=[arn])
            tags = [tag for each in found["ResourceTagMappingList"] for tag in each["Tags"]]
    except ClientError:  # there is no such resource
        return None
    return next(([tag["Value"]] for tag in tags if tag["Key"] == name), None)
