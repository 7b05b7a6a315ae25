"""Deployments of a real endpoint under traffic: a good version takes over, and a broken one is rolled back."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.sagemaker.hosting.conftest import INFERENCE
from tests.local.support import client

Ask = Callable[..., dict[str, Any]]
Configure = Callable[..., str]

NAME = "guarded"
BROKEN = INFERENCE.replace('if data == b"crash"', "if data")
PACE = {"PAUSE": "0.02", "SAGEMAKER_MODEL_SERVER_WORKERS": "1"}
ERROR = "ModelError"  # what the broken version answers
STATUSES = {  # of which events tell; the last one of the good version is about the end of the old fleet
    "guarded-good": {"Creating": 1, "ActivatingTraffic": 2, "Baking": 3},
    "guarded-broken": {"Creating": 1, "ActivatingTraffic": 1, "Baking": 1, "Deleting": 1},
}


def deployment(alarm: str, wait: int) -> dict[str, Any]:
    """A canary of one of two instances."""
    routing = {
        "Type": "CANARY",
        "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
        "WaitIntervalInSeconds": wait,
    }
    policy = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 30}
    return {"BlueGreenUpdatePolicy": policy, "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]}}


@pytest.fixture
def alarm(aws: LocalAws) -> Callable[[str], str]:
    """`alarm(config)`: the name of an alarm on the errors of an endpoint configuration, one error within a minute."""

    def create(config: str) -> str:
        named = {"EndpointName": NAME, "VariantName": "AllTraffic", "EndpointConfigName": f"guarded-{config}"}
        client(aws, "cloudwatch").put_metric_alarm(
            AlarmName=f"{config}-fails",
            Namespace="AWS/SageMaker",
            MetricName="Invocation5XXErrors",
            Dimensions=[{"Name": name, "Value": value} for name, value in named.items()],
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
        )
        return f"{config}-fails"

    return create


@pytest.fixture
def traffic(ask: Ask) -> Iterator[Callable[[], Counter[str]]]:
    """Eight clients that ask all the time; call it to end them, and for how often each answer came."""
    over = Event()

    def load() -> Counter[str]:
        found: Counter[str] = Counter()
        while not over.is_set():
            try:
                found[str(ask(NAME)["greeting"])] += 1
            except ClientError as error:
                found[error.response["Error"]["Code"]] += 1
        return found

    with ThreadPoolExecutor(8) as pool:
        clients: list[Future[Counter[str]]] = []

        def end() -> Counter[str]:
            over.set()
            return sum((each.result() for each in clients), Counter())

        clients += [pool.submit(load) for _ in range(8)]
        yield end
        over.set()


@pytest.fixture
def told(aws: LocalAws, queue: tuple[str, str], sqs: Any) -> Callable[[], list[dict[str, Any]]]:
    """Events of the endpoint's deployments that came so far."""
    events = client(aws, "events")
    pattern = {"detail-type": ["SageMaker Endpoint Deployment State Change"], "detail": {"EndpointName": [NAME]}}
    events.put_rule(Name="deployments", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="deployments", Targets=[{"Id": "queue", "Arn": queue[1]}])
    found: list[dict[str, Any]] = []

    def look() -> list[dict[str, Any]]:
        while messages := sqs.receive_message(QueueUrl=queue[0], MaxNumberOfMessages=10).get("Messages"):
            found.extend(json.loads(each["Body"])["detail"] for each in messages)
            for each in messages:
                sqs.delete_message(QueueUrl=queue[0], ReceiptHandle=each["ReceiptHandle"])
        return found

    return look


def pending_status(described: dict[str, Any]) -> str:
    variants = described.get("PendingDeploymentSummary", {}).get("ProductionVariants", [])
    return str(variants[0]["VariantStatus"][0]["Status"]) if variants else ""


@pytest.fixture
def endpoint(
    sagemaker: Any, configure: Configure, alarm: Callable[[str], str], wait: Any
) -> Callable[[], dict[str, Any]]:
    """An endpoint in service, made with a deployment for later, and three configurations; call it to describe it."""
    for name, code in {"old": INFERENCE, "broken": BROKEN, "good": INFERENCE}.items():
        configure(f"guarded-{name}", code=code, environment={**PACE, "GREETING": name}, instances=2)
    later = deployment(alarm("good"), 120)
    sagemaker.create_endpoint(EndpointName=NAME, EndpointConfigName="guarded-old", DeploymentConfig=later)
    describe = lambda: dict(sagemaker.describe_endpoint(EndpointName=NAME))  # noqa: E731
    wait(describe, "EndpointStatus", "InService")
    return describe


def test_a_good_version_takes_over_and_a_broken_one_is_rolled_back(
    sagemaker: Any,
    ask: Ask,
    endpoint: Callable[[], dict[str, Any]],
    alarm: Callable[[str], str],
    traffic: Callable[[], Counter[str]],
    told: Callable[[], list[dict[str, Any]]],
    wait: Any,
) -> None:
    def update(config: str, **more: Any) -> None:
        sagemaker.update_endpoint(EndpointName=NAME, EndpointConfigName=f"guarded-{config}", **more)

    with pytest.raises(ClientError, match=r"must exist; there is none of: \['unknown'\]"):
        update("broken", DeploymentConfig=deployment("unknown", 600))
    update("good", RetainDeploymentConfig=True)
    wait(lambda: {"status": pending_status(endpoint())}, "status", "Baking")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        update("old")
    done = wait(endpoint, "EndpointStatus", "InService")
    assert (done["EndpointConfigName"], "PendingDeploymentSummary" in done) == ("guarded-good", False)
    assert done["LastDeploymentConfig"] == deployment("good-fails", 120)

    guarded = deployment(alarm("broken"), 3600)
    update("broken", DeploymentConfig=guarded)
    assert endpoint()["EndpointConfigName"] == "guarded-good"
    rolled_back = wait(endpoint, "EndpointStatus", "InService")
    assert (rolled_back["EndpointConfigName"], rolled_back["LastDeploymentConfig"]) == ("guarded-good", guarded)
    assert "broken-fails" in rolled_back["FailureReason"]
    assert ask(NAME)["greeting"] == "good"
    answers = traffic()
    assert set(answers) == {"old", "good", ERROR}
    assert answers[ERROR] < answers["good"]
    wait(lambda: {"statuses": statuses(told())}, "statuses", STATUSES)
    sagemaker.delete_endpoint(EndpointName=NAME)


def statuses(found: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """How often events told of each status of a variant, by configuration."""
    seen: dict[str, Counter[str]] = {}
    for detail in found:
        assert detail["EndpointStatus"] == "UPDATING"
        summary = detail["PendingDeploymentSummary"]
        status = summary["ProductionVariants"][0]["VariantStatus"][0]["Status"]
        seen.setdefault(summary["EndpointConfigName"], Counter())[status] += 1
    return seen
