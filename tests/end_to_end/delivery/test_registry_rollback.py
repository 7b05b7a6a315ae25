"""A version that fails is approved while photos come: none is lost, and the version before serves again.

One that only answers wrongly is approved while nobody asks anything, and it is found out all the same.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from end_to_end.delivery.test_registry import NAME, PACKAGE, Approver
from end_to_end.delivery.traffic import BUCKET, MACHINE, PHOTO, Traffic, picture
from end_to_end.support import MARKS, Scones

pytestmark = MARKS
FUNCTION = "scones-unlimited-local-deploy-model"
LONG_SECONDS = 600  # of baking, which ends as soon as an alarm rings
Change = Callable[[str, bytes], bytes]
WRONG = "mixed-up"  # the model version of the one that answers wrongly
FAILING = b"\n\ndef predict_fn(images, classifier):\n    raise RuntimeError('this version answers nothing')\n"


@pytest.fixture(scope="module")
def approver(delivering: Scones, approved: list[str]) -> Approver:
    found = Approver(delivering.acting_as("approver"), delivering.client("sagemaker"), delivering.client("s3"))
    assert found.served() == f"{PACKAGE}/1"
    come_to_rest(found)
    found.s3.put_object(Bucket=BUCKET, Key=PHOTO, Body=picture())
    return found


@pytest.fixture(scope="module")
def told(delivering: Scones, approved: list[str]) -> Any:
    """Reads what the topic of decisions tells from now on."""
    sqs = delivering.client("sqs")
    topic = "arn:aws:sns:eu-west-1:123456789012:scones-unlimited-local-decisions"
    arn = "arn:aws:sqs:eu-west-1:123456789012:approvers"
    let_in = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = json.dumps({"Statement": [{**let_in, "Resource": arn}]})
    queue = sqs.create_queue(QueueName="approvers", Attributes={"Policy": policy})["QueueUrl"]
    subscription = delivering.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]

    def read() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(each["Body"]) for each in found]

    yield read
    delivering.client("sns").unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=queue)


def register(approver: Approver, key: str, change: Change, kept_photos: str = "") -> int:
    """A further version: the model of version 1 with files that are changed. Returns its number."""
    specification = approver.package(1)["InferenceSpecification"]
    [container] = specification["Containers"]
    archive = changed(approver.read(container["ModelDataUrl"]), change)
    approver.s3.put_object(Bucket=BUCKET, Key=key, Body=archive)
    specification["Containers"] = [{"Image": container["Image"], "ModelDataUrl": f"s3://{BUCKET}/{key}"}]
    arn = approver.sagemaker.create_model_package(
        ModelPackageGroupName=NAME,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification=specification,
        CustomerMetadataProperties={"kept_photos": kept_photos} if kept_photos else {},
    )["ModelPackageArn"]
    return int(arn.rpartition("/")[2])


def changed(archive: bytes, change: Change) -> bytes:
    """An archive with files that are changed."""
    made = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(archive)) as old, tarfile.open(fileobj=made, mode="w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            content = file.read() if file else b""
            content = change(member.name.removeprefix("./"), content)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return made.getvalue()


def more_code(code: bytes) -> Change:
    """More code at the end of `code/inference.py`."""
    return lambda name, content: content + (code if name == "code/inference.py" else b"")


def mixed_up(name: str, content: bytes) -> bytes:
    """The model takes bicycles for motorcycles, the other way round as well, and is very sure of it."""
    if name != "model.json":
        return content
    model = json.loads(content)
    return json.dumps(
        {**model, "classes": model["classes"][::-1], "temperature": 0.05, "model_version": WRONG}
    ).encode()


def kept_with(approver: Approver, version: int) -> str:
    """Where the photos are that are kept with a version."""
    return str(approver.package(version)["CustomerMetadataProperties"]["kept_photos"])


def keep_as(approver: Approver, model_version: str) -> str:
    """Keeps the photos of version 1 with its answers, as those of another model; returns where."""
    document = json.loads(approver.read(kept_with(approver, 1)))
    content = json.dumps({**document, "model_version": model_version}).encode()
    key = f"executions/by-hand/kept-photos-{hashlib.sha256(content).hexdigest()}.json"
    approver.s3.put_object(Bucket=BUCKET, Key=key, Body=content)
    return f"s3://{BUCKET}/{key}"


@contextmanager
def baking_for_long(approver: Approver) -> Iterator[None]:
    """Deployments bake until an alarm rings, however busy this machine is."""
    functions = approver.scones.client("lambda")
    before = functions.get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    rollout = json.loads(before["DEPLOYMENT"])
    longer = {**before, "DEPLOYMENT": json.dumps({**rollout, "wait_seconds": LONG_SECONDS})}
    functions.update_function_configuration(FunctionName=FUNCTION, Environment={"Variables": longer})
    yield
    functions.update_function_configuration(FunctionName=FUNCTION, Environment={"Variables": before})


def answers_to_questions(approver: Approver) -> list[str]:
    """What the last executions that brought the endpoint to a version say of its answers, the newest first."""
    states = approver.scones.client("stepfunctions")
    listed = states.list_executions(stateMachineArn=f"{MACHINE}-deploy", statusFilter="SUCCEEDED")["executions"]
    ended = [states.describe_execution(executionArn=each["executionArn"]) for each in listed]
    return [found for each in ended if (found := json.loads(each["output"])["questions"])]


def come_to_rest(approver: Approver) -> None:
    """Waits until nobody looks any more: two who see the same rollback may both tell of it."""
    states = approver.scones.client("stepfunctions")
    running = {"stateMachineArn": f"{MACHINE}-deploy", "statusFilter": "RUNNING"}
    approver.scones.wait_for(lambda: not states.list_executions(**running)["executions"])


def look(approver: Approver) -> str:
    """What becomes of the execution that the hourly rule starts."""
    states = approver.scones.client("stepfunctions")
    started = states.start_execution(stateMachineArn=f"{MACHINE}-deploy", input='{"reconcile": {}}')["executionArn"]

    def status() -> str:
        return str(states.describe_execution(executionArn=started)["status"])

    approver.scones.wait_for(lambda: status() != "RUNNING")
    return status()


def test_a_version_that_fails_is_rolled_back_and_a_good_one_serves(approver: Approver, told: Any) -> None:
    failing = register(approver, "executions/by-hand/failing.tar.gz", more_code(FAILING))
    states = approver.scones.client("stepfunctions")
    traffic = Traffic(approver.scones, approver.scones.client("sagemaker-runtime"), states)
    with traffic.going():
        ran = approver.scones.here("registry", "approve", str(failing), "--reason", "looks good")
    assert ran.returncode == 5, ran.stdout + ran.stderr
    assert "was rolled back to its former model" in ran.stderr
    assert set(traffic.errors) == {"ModelError"}  # it has been asked
    assert traffic.answered > 10
    assert traffic.outcomes() == {"SUCCEEDED"}
    assert approver.served() == f"{PACKAGE}/1"

    listed = {"stateMachineArn": f"{MACHINE}-deploy", "statusFilter": "FAILED"}
    approver.scones.wait_for(lambda: states.list_executions(**listed)["executions"])
    [execution] = states.list_executions(**listed)["executions"]
    ended = states.describe_execution(executionArn=execution["executionArn"])
    assert (ended["error"], ended["cause"]) == (
        "DeploymentRolledBack",
        f"version {failing} was rolled back; approvers have been told why",
    )
    messages = [each for each in told() if "rolled back" in each["Subject"]]
    assert [each["Subject"] for each in messages] == [f"local: model version {failing} was rolled back"]
    assert f"{NAME}-v{failing}-" in messages[0]["Message"]

    changed = approver.sagemaker.describe_endpoint(EndpointName=NAME)["LastModifiedTime"]
    assert look(approver) == "SUCCEEDED"
    assert approver.sagemaker.describe_endpoint(EndpointName=NAME)["LastModifiedTime"] == changed
    assert approver.scones.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{NAME}-v")["MetricAlarms"] == []

    wrong = wrong_answers_are_found_out(approver, told)

    good = register(approver, "executions/by-hand/good.tar.gz", more_code(b"\n"), kept_with(approver, 1))
    approver.run("registry", "approve", str(good), "--reason", "the first one once more")
    assert approver.served() == f"{PACKAGE}/{good}"
    said = f"version {good} answered 10 kept photos as in its evaluation"
    approver.scones.wait_for(lambda: said in answers_to_questions(approver))
    for version in (good, wrong, failing):
        approver.run("registry", "reject", str(version), "--reason", "was for trying")
    approver.scones.wait_for(lambda: approver.served() == f"{PACKAGE}/1")


def wrong_answers_are_found_out(approver: Approver, told: Any) -> int:
    """Nobody sends a photo, and the model fails nowhere. Returns the version's number."""
    wrong = register(approver, "executions/by-hand/wrong.tar.gz", mixed_up, keep_as(approver, WRONG))
    with baking_for_long(approver):
        ran = approver.scones.here("registry", "approve", str(wrong), "--reason", "looks good")
    assert ran.returncode == 5, ran.stdout + ran.stderr
    described = approver.sagemaker.describe_endpoint(EndpointName=NAME)
    assert re.search(rf"state ALARM: {NAME}-v{wrong}-[0-9a-f]{{8}}-answers$", described["FailureReason"])
    assert approver.served() == f"{PACKAGE}/1"
    come_to_rest(approver)
    subject = f"local: model version {wrong} was rolled back"
    approver.scones.wait_for(lambda: subject in [each["Subject"] for each in told()], seconds=60)
    [config] = approver.sagemaker.list_endpoint_configs(NameContains=f"{NAME}-v{wrong}-")["EndpointConfigs"]
    tags = approver.sagemaker.list_tags(ResourceArn=config["EndpointConfigArn"])["Tags"]
    assert "rolled-back" in {each["Key"] for each in tags}
    return wrong
