"""The inference workflow: three Lambda functions send a photo's driver to a loading bay, or the photo to a person."""

import re
from dataclasses import dataclass
from typing import Any

from pipelines.definitions.workflows.stepfunctions_sdk import (
    Catch,
    Chain,
    Choice,
    ChoiceRule,
    Fail,
    InvokeFunction,
    Pass,
    PutEvents,
    PutObject,
    Retry,
    RetryWithJitter,
    SendMessage,
    State,
    Workflow,
)
from pipelines.settings.model import Settings
from pipelines.settings.naming import WAITING_FOR_REVIEW, Names
from pipelines.settings.sections import Route

# The errors for which AWS recommends retries of Lambda tasks. Throttling has a retrier of its own.
LAMBDA_FAULTS = [
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
]
PASSING = [
    "Lambda.TooManyRequestsException",
    "StorageUnavailable",
    "EndpointThrottled",
    "EndpointNotReady",
    "ModelFailed",  # while a new version is tried on some instances, others may answer
]
# The three tasks in order, each with the errors that the photo causes; retrying these would not help. All other errors
# fail the task itself, and nothing catches them: a redriven execution tries that task again, but would enter a state of
# type Fail again and fail once more.
TASKS = {
    "SerializeImage": ["PhotoNotFound", "PhotoUnreadable", "PhotoTooLarge"],
    "ClassifyImage": ["PhotoRejected"],
    "FilterInference": [],
}
# What S3 answers until somebody mends permissions, key or configuration. Not retried: the task fails at once and
# under this name. A redriven execution tries it again.
NOT_RETRIED = ["PhotoForbidden", "PhotoKeyUnusable", "PhotoInOtherRegion"]
# The photo was replaced or deleted. What replaced it has an execution of its own, so nobody need look.
CHANGED = "PhotoChanged"
PHOTO = {"input.$": "$", "inference_id.$": "$$.Execution.Name"}
WORKFLOW_TIMEOUT_SECONDS = 600  # leaves time for all retries of one task
TIMEOUT_MARGIN = (
    5  # seconds that Step Functions waits beyond the function's timeout, so that Lambda's own error is reported
)
UNDECIDED = {
    "s3_bucket.$": "$.s3_bucket",
    "s3_key.$": "$.s3_key",
    "input.$": "$$.Execution.Input",  # with the version, if it has one
    "reason.$": "$.error",
}
ROUTED = "Driver Routed"  # detail-type of the event with a route
NOT_SURE = "The model is not sure enough of this photo (workflow.on_low_confidence: fail)."
NOT_KNOWN = "The photo shows something other than the known vehicles (workflow.on_low_confidence: fail)."
NOT_READ = "The photo is missing or cannot be read (workflow.on_low_confidence: fail)."


@dataclass(frozen=True)
class Ends:
    """The states in which an execution ends without a route."""

    low_confidence: State | Chain
    not_a_known_vehicle: State | Chain
    unusable: State | Chain
    changed: State


def build_workflow(settings: Settings, names: Names, client: Any) -> Workflow:  # noqa: ANN401 - a boto3 client
    """The state machine for one photo; its input is `{"s3_bucket": …, "s3_key": …}`.

    With `s3_version_id` or `s3_etag` in it, that object is read and no other.

    `client` is a Step Functions client.
    """
    return Workflow(
        name=names.state_machine,
        definition=build_definition(settings, names),
        role=names.role_arn("workflow"),
        client=client,
        comment=f"Sends a driver to a loading bay by a photo of the vehicle: {', '.join(settings.dataset.classes)}",
        timeout_seconds=WORKFLOW_TIMEOUT_SECONDS,
    )


def build_definition(settings: Settings, names: Names) -> Chain:
    """The states: serialize, classify and filter the photo, then decide on its route."""
    ends = _ends(settings, names)
    tasks = [_task(settings, names, ends, state) for state in TASKS]
    return Chain([*tasks, _decide(settings, ends, _announce(settings, names))])


def _ends(settings: Settings, names: Names) -> Ends:
    changed = Pass(CHANGED, parameters={**UNDECIDED, "decision": "changed"})
    if settings.workflow.on_low_confidence == "fail":
        not_sure, not_known = _fail("LowConfidence", NOT_SURE), _fail("NotAKnownVehicle", NOT_KNOWN)
        return Ends(not_sure, not_known, _fail("PhotoUnusable", NOT_READ), changed)
    review = _review(settings, names)
    unusable = Chain([Pass("PhotoUnusable", parameters={**UNDECIDED, "decision": "unusable"}), review])
    return Ends(review, review, unusable, changed)


def _review(settings: Settings, names: Names) -> Chain:
    """Keeps the photo's record in the bucket and sends it to the queue, whose messages end after 14 days."""
    record = {"execution.$": "$$.Execution.Name", "since.$": "$$.Execution.StartTime", "photo.$": "$"}
    keep = PutObject(
        "KeepForReview",
        names.partition.name,
        parameters={
            "Bucket": names.bucket,
            "Key.$": f"States.Format('{WAITING_FOR_REVIEW}{{}}.json', $$.Execution.Name)",
            "ContentType": "application/json",
            "Body": record,
        },
        result_path=None,
        timeout_seconds=30,
    )
    queue = SendMessage(
        "QueueForReview",
        names.partition.name,
        parameters={"QueueUrl": names.review_queue_url, "MessageBody": record},
        result_path="$.review",
        timeout_seconds=30,
    )
    for state in (keep, queue):
        state.add_retry(retry(settings, ["States.ALL"], first_delay=1))
    return Chain([keep, queue])


def _fail(name: str, cause: str) -> Fail:
    return Fail(name, error=name, cause=cause)


def _task(settings: Settings, names: Names, ends: Ends, state: str) -> InvokeFunction:
    function = names.function_arn(re.sub(r"(?<!^)(?=[A-Z])", "-", state).lower())
    payload = {"Payload": PHOTO} if state == next(iter(TASKS)) else {"Payload.$": "$"}
    task = InvokeFunction(
        state,
        names.partition.name,
        parameters={"FunctionName": function, **payload},
        timeout_seconds=settings.workflow.lambda_timeout_seconds + TIMEOUT_MARGIN,
        output_path="$.Payload",
    )
    task.add_retry(retry(settings, LAMBDA_FAULTS, first_delay=2))
    task.add_retry(retry(settings, PASSING, first_delay=1))
    if TASKS[state]:
        task.add_catch(Catch(error_equals=TASKS[state], result_path="$.error", next_step=ends.unusable))
    if state == next(iter(TASKS)):
        task.add_retry(Retry(error_equals=NOT_RETRIED, max_attempts=0))
        task.add_catch(Catch(error_equals=[CHANGED], result_path="$.error", next_step=ends.changed))
    return task


def retry(settings: Settings, errors: list[str], first_delay: int) -> RetryWithJitter:
    """A retrier with as many attempts as the configuration says, at most half a minute apart."""
    return RetryWithJitter(
        error_equals=errors,
        interval_seconds=first_delay,
        max_attempts=settings.workflow.retry_attempts,
        backoff_rate=2.0,
        max_delay_seconds=30,
    )


def _announce(settings: Settings, names: Names) -> PutEvents:
    """Tells the event bus where the driver loads, and how far away the orders are. A dispatch system subscribes."""
    detail = {
        "execution.$": "$$.Execution.Name",
        "vehicle.$": "$.label",
        "loading_bay.$": "$.route.loading_bay",
        "order_radius_km.$": "$.route.order_radius_km",
        "s3_bucket.$": "$.s3_bucket",
        "s3_key.$": "$.s3_key",
    }
    entry = {"Source": names.event_source, "DetailType": ROUTED, "EventBusName": "default", "Detail": detail}
    announce = PutEvents(
        "AnnounceRoute",
        names.partition.name,
        parameters={"Entries": [entry]},
        result_path=None,
        timeout_seconds=30,
    )
    announce.add_retry(retry(settings, ["States.ALL"], first_delay=1))
    return announce


def _decide(settings: Settings, ends: Ends, announce: State) -> Choice:
    decide = Choice("Decide")
    for name in settings.dataset.classes:
        accepted = ChoiceRule.StringEquals("$.decision", "accepted")
        is_class = ChoiceRule.StringEquals("$.label", name)
        route = Chain([_route(name, settings.workflow.routes[name]), announce])
        decide.add_choice(ChoiceRule.And([accepted, is_class]), route)
    if ends.not_a_known_vehicle is not ends.low_confidence:  # the default serves both where they end alike
        decide.add_choice(ChoiceRule.StringEquals("$.decision", "not_a_known_vehicle"), ends.not_a_known_vehicle)
    decide.default_choice(ends.low_confidence)
    return decide


def _route(name: str, route: Route) -> Pass:
    return Pass(state_name(name), result=route.model_dump(), result_path="$.route")


def state_name(class_name: str) -> str:
    """Name of the state that a class is routed to: `pickup_truck` → `RoutePickupTruck`."""
    return "Route" + "".join(part.capitalize() for part in class_name.split("_"))
