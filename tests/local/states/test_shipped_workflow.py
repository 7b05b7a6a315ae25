"""The workflow that ships, on the engine: each of its branches, catches, retries and functions' timeouts is taken.

Only the waits between retries are shorter here, and the timeouts in their own tests. The functions fail, or take long,
as the key of the photo says. What is not tried is the timeout of a service: here each answers at once.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipelines.histories.visits import visits_of
from tests.local.states.shipped import BUCKET, PREFIX, SOURCE, TASKS, errors_of, shipped
from tests.local.support import REGION, ROLE, client

ENDINGS = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
ACCEPTED = {"decision": "accepted", "label": "bicycle"}
NUMBERS = itertools.count()
Story = dict[str, Any]
Tell = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def entered() -> set[str]:
    """The states that executions of this file have entered so far."""
    return set()


@pytest.fixture(scope="module")
def review(sqs: Any) -> Iterator[str]:
    url = str(sqs.create_queue(QueueName=f"{PREFIX}-review")["QueueUrl"])
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture(scope="module")
def bucket(aws: Any) -> Iterator[Any]:
    """The bucket that the definition names, which keeps what waits for review."""
    s3 = client(aws, "s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield s3
    for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=each["Key"])
    s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture(scope="module")
def machine(states: Any, create_function: Any, review: str, bucket: Any) -> Iterator[str]:
    names = [f"{PREFIX}-serialize-image", f"{PREFIX}-classify-image", f"{PREFIX}-filter-inference"]
    for name, step in zip(names, TASKS, strict=True):
        create_function(name, SOURCE.format(step=step))
    definition = json.dumps(shipped())
    arn = states.create_state_machine(name="shipped", definition=definition, roleArn=ROLE)["stateMachineArn"]
    yield str(arn)
    states.delete_state_machine(stateMachineArn=arn)


@pytest.fixture(scope="module")
def tell(states: Any, machine: str, wait: Any, entered: set[str]) -> Tell:
    """`tell(story)`: how an execution ended in which the functions did as the story says."""

    def run(story: Story, machine: str = machine) -> dict[str, Any]:
        given = json.dumps({"s3_bucket": "bucket", "s3_key": json.dumps(story), "s3_version_id": "v1"})
        name = f"story-{next(NUMBERS)}"
        arn = states.start_execution(stateMachineArn=machine, name=name, input=given)["executionArn"]
        done = dict(wait(lambda: states.describe_execution(executionArn=arn), "status", *ENDINGS))
        history = states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        visits = visits_of(history)
        entered.update(visit.name for visit in visits)
        return {**done, "output": json.loads(done.get("output", "{}")), "visits": visits}

    return run


@pytest.mark.parametrize("task", TASKS)
def test_every_error_that_may_pass_is_retried(task: str, tell: Tell) -> None:
    retried = [error for name, error, _ in errors_of("Retry") if name == task]
    assert len(retried) == 9
    done = tell({task: retried, "answer": ACCEPTED})
    assert done["status"] == "SUCCEEDED", done
    (visit,) = [each for each in done["visits"] if each.name == task]
    assert [each.error for each in visit.problems] == retried
    assert visit.tries == 10
    assert done["output"]["route"]["loading_bay"] == "A"


@pytest.mark.parametrize(("task", "error", "then"), errors_of("Catch"))
def test_every_error_that_is_caught_leads_where_it_should(
    task: str, error: str, then: str, tell: Tell, sqs: Any, review: str, bucket: Any
) -> None:
    done = tell({task: [error], "answer": ACCEPTED})
    assert done["status"] == "SUCCEEDED", done
    assert done["output"]["decision"] == {"PhotoUnusable": "unusable", "PhotoChanged": "changed"}[then]
    assert done["output"]["reason"]["Error"] == error
    assert done["output"]["input"]["s3_version_id"] == "v1"
    messages = sqs.receive_message(QueueUrl=review).get("Messages", [])
    assert len(messages) == (then == "PhotoUnusable")  # nobody is asked about a photo that is no longer there
    for message in messages:
        sqs.delete_message(QueueUrl=review, ReceiptHandle=message["ReceiptHandle"])
        sent = json.loads(message["Body"])
        assert sent["execution"] == done["name"]
        kept = bucket.get_object(Bucket=BUCKET, Key=f"review/waiting/{done['name']}.json")
        assert (kept["ContentType"], json.load(kept["Body"])) == ("application/json", sent)


@pytest.mark.parametrize(
    ("task", "error"),
    [
        ("SerializeImage", "PhotoForbidden"),
        ("SerializeImage", "PhotoKeyUnusable"),
        ("SerializeImage", "PhotoInOtherRegion"),
        ("ClassifyImage", "EndpointFailed"),
        ("FilterInference", "InvalidRequest"),
    ],
)
def test_any_other_error_fails_the_execution_at_once_and_by_its_own_name(task: str, error: str, tell: Tell) -> None:
    done = tell({task: [error], "answer": ACCEPTED})
    assert (done["status"], done["error"], done["redriveStatus"]) == ("FAILED", error, "REDRIVABLE")


def test_the_bus_hears_of_an_execution_that_fails(
    tell: Tell, aws: Any, machine: str, queue: tuple[str, str], receive: Any
) -> None:
    events = client(aws, "events")
    pattern = {"source": ["aws.states"], "detail": {"status": ["FAILED", "TIMED_OUT"], "stateMachineArn": [machine]}}
    events.put_rule(Name="fails", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="fails", Targets=[{"Id": "q", "Arn": queue[1]}])
    done = tell({"FilterInference": ["InvalidRequest"], "answer": ACCEPTED})
    event = json.loads(receive()["Body"])
    events.remove_targets(Rule="fails", Ids=["q"])
    events.delete_rule(Name="fails")
    assert event["detail-type"] == "Step Functions Execution Status Change"
    told = event["detail"]
    assert [told[name] for name in ("name", "status", "error")] == [done["name"], "FAILED", "InvalidRequest"]
    assert told["stopDate"] == int(done["stopDate"].timestamp() * 1000)
    assert (told["output"], json.loads(told["input"])["s3_bucket"]) == (None, "bucket")


def test_an_error_that_does_not_pass_fails_the_execution(tell: Tell) -> None:
    done = tell({"FilterInference": ["Lambda.ServiceException"] * 7, "answer": ACCEPTED})
    assert (done["status"], done["error"]) == ("FAILED", "Lambda.ServiceException")


@pytest.fixture(scope="module")
def hurried(states: Any, machine: str) -> Iterator[Callable[[str], str]]:
    """`hurried(task)`: the workflow in which this task may take no more than a second; "" is the whole of it."""
    made = []

    def make(task: str) -> str:
        definition = shipped()
        timed = definition["States"][task] if task else definition
        assert timed["TimeoutSeconds"] > 30
        timed["TimeoutSeconds"] = 1
        name = f"hurried-{task or 'whole'}"
        made.append(
            states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
        )
        return str(made[-1])

    yield make
    for arn in made:
        states.delete_state_machine(stateMachineArn=arn)


@pytest.mark.parametrize("task", TASKS)
def test_a_function_that_takes_too_long_fails_the_execution_which_can_be_redriven(
    task: str, tell: Tell, hurried: Callable[[str], str]
) -> None:
    done = tell({"seconds": {task: 1.5}, "answer": ACCEPTED}, hurried(task))
    assert (done["status"], done["error"], done["redriveStatus"]) == ("FAILED", "States.Timeout", "REDRIVABLE")
    assert (done["visits"][-1].name, done["visits"][-1].status) == (task, "failed")


def test_an_execution_that_takes_too_long_ends(tell: Tell, hurried: Callable[[str], str]) -> None:
    done = tell({"seconds": {"ClassifyImage": 1.5}, "answer": ACCEPTED}, hurried(""))
    assert done["status"] == "TIMED_OUT"
    assert done["visits"][-1].name == "ClassifyImage"


@pytest.fixture
def dispatch(aws: Any, queue: tuple[str, str]) -> Iterator[None]:
    """A dispatch system has the routes to bay B sent to its queue."""
    events = client(aws, "events")
    pattern = json.dumps({"source": [PREFIX], "detail-type": ["Driver Routed"], "detail": {"loading_bay": ["B"]}})
    events.put_rule(Name="dispatch", EventPattern=pattern)
    events.put_targets(Rule="dispatch", Targets=[{"Id": "q", "Arn": queue[1]}])
    yield
    events.remove_targets(Rule="dispatch", Ids=["q"])
    events.delete_rule(Name="dispatch")


def test_every_decision_leads_to_its_end(tell: Tell, entered: set[str], dispatch: None, receive: Any) -> None:
    done = tell({"answer": {"decision": "accepted", "label": "motorcycle"}})
    assert done["output"]["route"] == {"loading_bay": "B", "order_radius_km": 12.0}
    event = json.loads(receive()["Body"])
    assert done["executionArn"] in event["resources"]
    assert event["detail"] == {
        "execution": done["name"],
        "vehicle": "motorcycle",
        "loading_bay": "B",
        "order_radius_km": 12.0,
        "s3_bucket": "bucket",
        "s3_key": json.dumps({"answer": {"decision": "accepted", "label": "motorcycle"}}),
    }
    for decision in ("low_confidence", "not_a_known_vehicle"):
        assert "MessageId" in tell({"answer": {"decision": decision, "label": "bicycle"}})["output"]["review"]
    assert entered == set(shipped()["States"])


def test_a_queue_that_is_not_there_is_tried_again_and_then_fails_the_execution(
    states: Any, machine: str, sqs: Any, review: str, wait: Any
) -> None:
    definition = shipped()
    queue = definition["States"]["QueueForReview"]
    queue["Parameters"]["QueueUrl"] += "-missing"
    queue["Retry"][0]["MaxAttempts"] = 1
    arn = states.create_state_machine(name="no-queue", definition=json.dumps(definition), roleArn=ROLE)[
        "stateMachineArn"
    ]
    given = json.dumps({"s3_bucket": "b", "s3_key": json.dumps({"SerializeImage": ["PhotoUnreadable"]})})
    execution = states.start_execution(stateMachineArn=arn, input=given)["executionArn"]
    done = wait(lambda: states.describe_execution(executionArn=execution), "status", *ENDINGS)
    assert (done["status"], done["error"].partition(".")[0]) == ("FAILED", "SQS")
    history = states.get_execution_history(executionArn=execution)["events"]
    assert sum(each["type"] == "TaskFailed" for each in history) == 3  # that of the photo, and two of the queue
    states.delete_state_machine(stateMachineArn=arn)
