"""Rejects calls, and resources of CloudFormation templates, that would be accepted but have no effect here.

The error names the unsupported member.
"""

import functools
import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from local.events.delivery import kind_of
from local.events.pattern_checks import check_pattern, read_pattern
from local.events.schedules import schedule
from local.events.targets import refuse_target
from local.events.transformers import check_transformer
from local.functions.limits import check_configuration
from local.loopback.shell import LOOPBACK
from local.metrics.checks import complaint
from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_types import Json, Record, record
from local.protocol.templates import read_template
from local.stacks import alarms
from local.states.definition import refuse_definition
from local.unsupported.members import admit, is_reference

UNKNOWN = object()
UNKNOWN_OF_RULES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan", "NewerNoncurrentVersions")  # moto forgets them
# For each type of resource in a template, the operations with which a client would create it.
RESOURCES = {
    "AWS::CloudWatch::Alarm": ("monitoring", "PutMetricAlarm"),
    "AWS::Lambda::Function": ("lambda", "CreateFunction"),
    "AWS::Lambda::EventInvokeConfig": ("lambda", "PutFunctionEventInvokeConfig"),
    "AWS::Lambda::EventSourceMapping": ("lambda", "CreateEventSourceMapping"),
    "AWS::Lambda::Url": ("lambda", "CreateFunctionUrlConfig"),
    "AWS::Events::Rule": ("events", "PutRule", "PutTargets"),
    "AWS::Events::Archive": ("events", "CreateArchive"),
    "AWS::Scheduler::Schedule": ("scheduler", "CreateSchedule"),
    "AWS::Pipes::Pipe": ("pipes", "CreatePipe"),
    "AWS::StepFunctions::StateMachine": ("states", "CreateStateMachine"),
    "AWS::SNS::Subscription": ("sns", "Subscribe"),
    "AWS::S3::Bucket": ("s3", "CreateBucket"),
}


def refuse(service: str, operation: str, members: Record) -> None:
    """Raises ServiceError for an operation or members of its request that have no effect here."""
    if service == "s3express":
        raise ServiceError("NotImplemented", "The local AWS has no directory buckets (S3 Express One Zone)", 501)
    admit(service, operation, members)
    if check := CHECKS.get((service, operation)):
        check(members)


def _refuse_rule(members: Record) -> None:
    if isinstance(text := members.get("ScheduleExpression"), str):
        schedule(text)
    pattern = members.get("EventPattern")
    if isinstance(pattern, str) and pattern:
        read_pattern(pattern)
    elif isinstance(pattern, dict) and not is_reference(pattern):  # of a template
        check_pattern(_without_references(pattern))


def _without_references(pattern: Json) -> Json:
    """A pattern with a text in the place of each reference, whose value is not known yet."""
    if is_reference(pattern):
        return UNKNOWN
    if isinstance(pattern, dict):
        known = {key: _without_references(value) for key, value in pattern.items()}
        return {key: ["unknown"] if value is UNKNOWN else value for key, value in known.items()}
    if isinstance(pattern, list):
        return ["unknown" if value is UNKNOWN else value for value in map(_without_references, pattern)]
    return pattern


def _refuse_targets(members: Record) -> None:
    """Checks a rule's targets and their dead-letter queues."""
    targets = members.get("Targets", [])
    for target in map(record, targets if isinstance(targets, list) else ()):
        if isinstance(target.get("Arn"), str):
            refuse_target(target)
        transformer = record(target.get("InputTransformer"))
        if isinstance(transformer.get("InputTemplate"), str):
            check_transformer(transformer, str(target.get("Id", "")))
        queue = record(target.get("DeadLetterConfig")).get("Arn", "")
        if isinstance(queue, str) and queue and kind_of(queue) != "sqs":
            raise ValidationError(f"A dead-letter queue must be an SQS queue, not {queue}")


def _refuse_function(members: Record) -> None:
    check_configuration(members)
    _refuse_destinations(members)


def _refuse_destinations(members: Record) -> None:
    """Checks the destinations and the dead-letter target of a function."""
    destinations = record(members.get("DestinationConfig")).values()
    chosen = [(record(each).get("Destination"), ["sqs", "sns", "lambda"]) for each in destinations]
    chosen.append((record(members.get("DeadLetterConfig")).get("TargetArn"), ["sqs", "sns"]))
    for arn, kinds in chosen:
        if isinstance(arn, str) and arn and kind_of(arn) not in kinds:
            raise ValidationError(f"The local AWS sends results of functions to {', '.join(kinds)}, not to {arn}")


def _refuse_machine(members: Record) -> None:
    if "DefinitionS3Location" in members:
        raise ValidationError(
            "The local AWS does not act upon DefinitionS3Location of AWS::StepFunctions::StateMachine"
        )
    definition = members.get("definition") or members.get("DefinitionString") or members.get("Definition") or {}
    refuse_definition(definition if isinstance(definition, str) else json.dumps(definition))
    if members.get("StateMachineType", "STANDARD") == "EXPRESS":
        raise ValidationError("The local AWS does not execute express workflows")


def _refuse_notification(members: Record) -> None:
    """Checks the XML of a bucket's notifications, which reach queues, topics and EventBridge."""
    if "<CloudFunctionConfiguration" in members["Body"]:
        raise ValidationError("The local AWS does not execute CloudFunctionConfiguration of a bucket")


def _refuse_life_cycle(members: Record) -> None:
    """Checks the XML of the rules of a bucket's life cycle."""
    for member in UNKNOWN_OF_RULES:
        if f"<{member}" in members["Body"]:
            raise ValidationError(f"The local AWS does not act upon {member} of PutBucketLifecycleConfiguration")


def _refuse_bucket(members: Record) -> None:
    """Checks a template's bucket: notifications go to EventBridge only, and not all of a life cycle is kept."""
    rules = record(members.get("LifecycleConfiguration")).get("Rules")
    for rule in map(record, rules if isinstance(rules, list) else ()):
        known = {**rule, **record(rule.get("NoncurrentVersionExpiration"))}
        for member in [each for each in UNKNOWN_OF_RULES if each in known]:
            raise ValidationError(f"The local AWS does not act upon {member} of AWS::S3::Bucket")
    for member in ("LambdaConfigurations", "QueueConfigurations", "TopicConfigurations"):
        if record(members.get("NotificationConfiguration")).get(member):
            raise ValidationError(f"The local AWS does not act upon {member} of AWS::S3::Bucket")


def _refuse_subscription(members: Record) -> None:
    """Messages go to web servers of this machine alone, whoever asks for it: nothing here calls strangers."""
    url = members.get("Endpoint")
    if members.get("Protocol") in ("http", "https") and isinstance(url, str):
        _refuse_stranger(url, "The local AWS sends messages")


def _refuse_stream(members: Record) -> None:
    for destination in ("HttpEndpointDestinationConfiguration", "HttpEndpointDestinationUpdate"):
        url = record(record(members.get(destination)).get("EndpointConfiguration")).get("Url")
        if isinstance(url, str):
            _refuse_stranger(url, "The local AWS sends records")


def _refuse_integration(members: Record) -> None:
    if isinstance(url := members.get("uri"), str) and url.startswith("http"):
        _refuse_stranger(url, "The local AWS passes requests on")


def _refuse_stranger(url: str, doing: str) -> None:
    host = urlsplit(url).hostname or ""
    if host not in LOOPBACK:
        raise ValidationError(f"{doing} to web servers of this machine only (127.0.0.1, localhost), not to '{host}'")


def _refuse_alarm(members: Record) -> None:
    for name in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        actions = members.get(name)
        for arn in actions if isinstance(actions, list) else ():
            if isinstance(arn, str) and kind_of(arn) != "sns":
                raise ValidationError(f"The local AWS lets alarms tell SNS topics only, not {arn} ({name})")
    computed = alarms.computed(members)
    if not any(map(is_reference, computed.values())) and (text := complaint(alarms.members(computed))):
        raise ServiceError("ValidationError", text, 400)


def _refuse_template(members: Record) -> None:
    """Checks the resources of a template as if they were created by calls. The values of references are not known."""
    if "TemplateBody" in members:
        _check_template(members["TemplateBody"])
    elif "TemplateURL" in members:
        _check_templates_of_urls()


@functools.cache
def _check_templates_of_urls() -> None:
    """From now on, moto checks each template that it gets from S3."""
    from moto.cloudformation import responses, utils

    get = utils.get_stack_from_s3_url

    def get_checked(template_url: str, account_id: str, partition: str) -> str:
        text = get(template_url, account_id=account_id, partition=partition)
        _check_template(text)
        return text

    vars(responses)["get_stack_from_s3_url"] = get_checked


def _with_subscriptions(resources: Record) -> Iterator[tuple[str, Json]]:
    """The resources of a template, and the subscriptions within its topics as resources of their own."""
    for name, resource in resources.items():
        yield name, resource
        if record(resource).get("Type") == "AWS::SNS::Topic":
            within = record(record(resource).get("Properties")).get("Subscription")
            for each in within if isinstance(within, list) else ():
                yield name, {"Type": "AWS::SNS::Subscription", "Properties": each}


def _check_template(text: str) -> None:
    resources = record(read_template(text)).get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise ValidationError("Template format error: it must be JSON or YAML with at least one resource in Resources")
    for name, resource in _with_subscriptions(resources):
        service, *operations = RESOURCES.get(record(resource).get("Type", ""), ("",))
        for operation in operations:
            try:
                refuse(service, operation, record(resource.get("Properties")))
            except ServiceError as error:
                raise ValidationError(f"{error} (resource {name})") from error


CHECKS: dict[tuple[str, str], Callable[[Record], None]] = {
    ("events", "PutRule"): _refuse_rule,
    ("events", "PutTargets"): _refuse_targets,
    ("lambda", "CreateFunction"): _refuse_function,
    ("lambda", "UpdateFunctionConfiguration"): _refuse_function,
    ("lambda", "PutFunctionEventInvokeConfig"): _refuse_destinations,
    ("lambda", "UpdateFunctionEventInvokeConfig"): _refuse_destinations,
    ("states", "CreateStateMachine"): _refuse_machine,
    ("states", "UpdateStateMachine"): _refuse_machine,
    ("s3", "PutBucketNotificationConfiguration"): _refuse_notification,
    ("s3", "PutBucketLifecycleConfiguration"): _refuse_life_cycle,
    ("s3", "CreateBucket"): _refuse_bucket,
    ("sns", "Subscribe"): _refuse_subscription,
    ("monitoring", "PutMetricAlarm"): _refuse_alarm,
    ("firehose", "CreateDeliveryStream"): _refuse_stream,
    ("firehose", "UpdateDestination"): _refuse_stream,
    ("apigateway", "PutIntegration"): _refuse_integration,
    ("cloudformation", "CreateStack"): _refuse_template,
    ("cloudformation", "UpdateStack"): _refuse_template,
    ("cloudformation", "CreateChangeSet"): _refuse_template,
    ("cloudformation", "ValidateTemplate"): _refuse_template,
    ("cloudformation", "GetTemplateSummary"): _refuse_template,
    ("cloudformation", "EstimateTemplateCost"): _refuse_template,
    ("cloudformation", "CreateStackSet"): _refuse_template,
    ("cloudformation", "UpdateStackSet"): _refuse_template,
}
