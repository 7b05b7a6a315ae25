"""The resources that a request names, by which its actions are authorized. Pure.

Source: "Actions, resources, and condition keys for AWS services" in AWS's service authorization reference.
"""

from collections.abc import Callable, Iterator

from local.protocol.json_types import Record

Arn = Callable[[str, str], str]  # makes the ARN of a service's resource in this account and region
SCALING = "application-autoscaling"
SCALED = ("RegisterScalableTarget", "DeregisterScalableTarget", "PutScalingPolicy", "DeleteScalingPolicy")
# Members of requests that name a resource, and the resource in its ARN. A member may also have the ARN itself.
NAMED = {
    "sagemaker": {
        "ProcessingJobName": "processing-job/{}",
        "TrainingJobName": "training-job/{}",
        "ModelPackageName": "model-package/{}",
        "ModelPackageGroupName": "model-package-group/{}",
        "ModelName": "model/{}",
        "EndpointName": "endpoint/{}",
        "EndpointConfigName": "endpoint-config/{}",
        "PipelineName": "pipeline/{}",
    },
    "lambda": {"FunctionName": "function:{}"},
    "cloudformation": {"StackName": "stack/{}/*"},
    "events": {"Rule": "rule/{}"},
    "codebuild": {"projectName": "project/{}"},
}


def resources_of(service: str, operation: str, request: Record, arn: Arn) -> list[str]:
    """The ARNs of the resources that a request names; empty where an action has none."""
    given = [value for key, value in request.items() if key.endswith("Arn") and str(value).startswith("arn:")]
    given = [value for value in given if ":role/" not in value]
    for member, resource in NAMED.get(service, {}).items():
        if name := request.get(member):
            given.append(name if name.startswith("arn:") else arn(service, resource.format(name)))
    return given + list(_others(service, operation, request, arn))


def _others(service: str, operation: str, request: Record, arn: Arn) -> Iterator[str]:
    """Those that are not simply named by a member."""
    if service == "sqs" and (name := request.get("QueueUrl") or request.get("QueueName")):
        yield arn(service, name.rpartition("/")[2])
    elif service == "events":
        yield from _of_events(operation, request, arn)
    elif operation == "CreateModelPackage" and (group := request.get("ModelPackageGroupName")):
        yield arn(service, f"model-package/{group.rpartition('/')[2]}/*")  # besides the group itself
    elif service == "monitoring":
        alarms = request.get("AlarmNames") or [request.get("AlarmName")]
        yield from (arn("cloudwatch", f"alarm:{name}") for name in alarms if name)
    elif service == SCALING and operation in SCALED:
        yield arn(service, "scalable-target/unknown")  # its name says nothing
    elif service == "logs" and (name := request.get("logGroupName")):
        yield arn(service, f"log-group:{name}:log-stream:{request.get('logStreamName', '*')}")
    elif service == "cloudformation" and "StackName" not in request and "ChangeSetName" in request:
        yield request["ChangeSetName"]  # the ARN of a change set says nothing about its stack


def _of_events(operation: str, request: Record, arn: Arn) -> Iterator[str]:
    """The buses to which events are put, or the rule."""
    buses = {entry.get("EventBusName", "default").rpartition("/")[2] for entry in request.get("Entries", ())}
    yield from (arn("events", f"event-bus/{name}") for name in sorted(buses))
    if operation.endswith("Rule") and "Name" in request:
        yield arn("events", f"rule/{request['Name']}")
