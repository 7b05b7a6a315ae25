"""A version that fails is approved while photos come: none is lost, and the version before serves again."""

import io
import json
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from end_to_end.delivery.test_registry import NAME, PACKAGE, Approver
from end_to_end.support import MARKS, Scones
from PIL import Image

pytestmark = MARKS

BUCKET = "scones-unlimited-local-123456789012-eu-west-1"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local"
PHOTO = "test-photos/rollback.png"
FAILING = b"\n\ndef predict_fn(images, classifier):\n    raise RuntimeError('this version answers nothing')\n"


@dataclass
class Traffic:
    """Photos that go to the endpoint ten times a second, each until it is answered, and to the workflow each second."""

    scones: Scones
    runtime: Any
    states: Any
    errors: list[str] = field(default_factory=list)
    executions: list[str] = field(default_factory=list)
    answered: int = 0

    @contextmanager
    def going(self) -> Iterator[None]:
        """Photos come as long as this lasts."""
        end = threading.Event()
        threads = [threading.Thread(target=each, args=(end,)) for each in (self._ask, self._start)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            end.set()
            for thread in threads:
                thread.join()

    def _ask(self, end: threading.Event) -> None:
        photo = picture()
        while not end.wait(0.1):
            while True:
                try:
                    self.runtime.invoke_endpoint(EndpointName=NAME, ContentType="image/png", Body=photo)["Body"].read()
                except ClientError as error:
                    self.errors.append(error.response["Error"]["Code"])
                    time.sleep(0.1)
                else:
                    self.answered += 1
                    break

    def _start(self, end: threading.Event) -> None:
        given = json.dumps({"s3_bucket": BUCKET, "s3_key": PHOTO})
        while not end.wait(1):
            started = self.states.start_execution(stateMachineArn=f"{MACHINE}-inference", input=given)
            self.executions.append(started["executionArn"])

    def outcomes(self) -> set[str]:
        """How the executions ended; waits for them."""

        def statuses() -> set[str]:
            return {self.states.describe_execution(executionArn=each)["status"] for each in self.executions}

        self.scones.wait_for(lambda: "RUNNING" not in statuses())
        return statuses()


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (90, 120, 150)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def approver(delivering: Scones, approved: list[str]) -> Approver:
    found = Approver(delivering, delivering.client("sagemaker"), delivering.client("s3"))
    assert found.served() == f"{PACKAGE}/1"
    found.s3.put_object(Bucket=BUCKET, Key=PHOTO, Body=picture())
    return found


@pytest.fixture(scope="module")
def told(delivering: Scones, approved: list[str]) -> Any:
    """Reads what the topic of decisions tells from now on."""
    sqs = delivering.client("sqs")
    queue = sqs.create_queue(QueueName="approvers")["QueueUrl"]
    topic = "arn:aws:sns:eu-west-1:123456789012:scones-unlimited-local-decisions"
    arn = "arn:aws:sqs:eu-west-1:123456789012:approvers"
    subscription = delivering.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]

    def read() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(each["Body"]) for each in found]

    yield read
    delivering.client("sns").unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=queue)


def register(approver: Approver, key: str, code: bytes) -> int:
    """A further version: the model of version 1 with a little more code. Returns its number."""
    specification = approver.package(1)["InferenceSpecification"]
    [container] = specification["Containers"]
    archive = extended(approver.read(container["ModelDataUrl"]), code)
    approver.s3.put_object(Bucket=BUCKET, Key=key, Body=archive)
    specification["Containers"] = [{"Image": container["Image"], "ModelDataUrl": f"s3://{BUCKET}/{key}"}]
    arn = approver.sagemaker.create_model_package(
        ModelPackageGroupName=NAME,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification=specification,
    )["ModelPackageArn"]
    return int(arn.rpartition("/")[2])


def extended(archive: bytes, code: bytes) -> bytes:
    """An archive whose `code/inference.py` has more code at its end."""
    made = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(archive)) as old, tarfile.open(fileobj=made, mode="w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            content = file.read() if file else b""
            content += code if member.name.removeprefix("./") == "code/inference.py" else b""
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return made.getvalue()


def look(approver: Approver) -> str:
    """What becomes of the execution that the hourly rule starts."""
    states = approver.scones.client("stepfunctions")
    started = states.start_execution(stateMachineArn=f"{MACHINE}-deploy", input='{"reconcile": {}}')["executionArn"]

    def status() -> str:
        return str(states.describe_execution(executionArn=started)["status"])

    approver.scones.wait_for(lambda: status() != "RUNNING")
    return status()


def test_a_version_that_fails_is_rolled_back_and_a_good_one_serves(approver: Approver, told: Any) -> None:
    failing = register(approver, "executions/by-hand/failing.tar.gz", FAILING)
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

    good = register(approver, "executions/by-hand/good.tar.gz", b"\n")
    approver.run("registry", "approve", str(good), "--reason", "the first one once more")
    assert approver.served() == f"{PACKAGE}/{good}"
    for version in (good, failing):
        approver.run("registry", "reject", str(version), "--reason", "was for trying")
    approver.scones.wait_for(lambda: approver.served() == f"{PACKAGE}/1")
