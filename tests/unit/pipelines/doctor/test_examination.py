"""An environment on moto that is looked over: in order, and with one thing after the other out of order."""

import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber
from unit.pipelines.aws_in_memory import account_with_bucket

from pipelines.aws import Aws
from pipelines.delivery import rules
from pipelines.delivery.deployment import deploy
from pipelines.doctor import account, deployed, stuck
from pipelines.doctor.examination import examine
from pipelines.doctor.findings import Finding, State, good, look
from pipelines.registry.versions import ModelVersion
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


@pytest.fixture(scope="module")
def session(names: Names) -> Iterator[boto3.Session]:
    """One account for all tests of this file; each takes back what it changes."""
    with account_with_bucket(names) as session:
        yield session


@pytest.fixture(scope="module")
def environment(session: boto3.Session, settings: Settings, names: Names) -> Aws:
    """A deployed environment."""
    aws = Aws(session)
    aws.s3.delete_bucket(Bucket=names.bucket)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # moto tells of the resources that it leaves out
        deploy(settings, aws)
    return aws


def states(found: Iterator[Finding] | list[Finding]) -> dict[str, State]:
    return {each.subject: each.state for each in found}


def refuse_quotas(**_: object) -> tuple[AWSResponse, dict[str, object]]:
    """What the service answers to somebody who may not ask; moto has no such service."""
    return AWSResponse("", 403, {}, None), {"Error": {"Code": "AccessDeniedException", "Message": "not you"}}


def test_all_of_a_new_environment(environment: Aws, settings: Settings, names: Names) -> None:
    environment.session.events.register("before-call.service-quotas", refuse_quotas)
    listings: list[object] = []
    environment.sagemaker.meta.events.register(
        "before-call.sagemaker.ListModelPackages", lambda **_: listings.append(None)
    )
    found = states(list(examine(environment, settings, names)))
    assert len(listings) == 1
    assert found["account"] == found["rules"] == found["registry"] == "ok"
    assert [found[f"stack {names.prefix}-{each}"] for each in ("storage", "application", "delivery")] == ["ok"] * 3
    assert found[f"pipeline {names.training_pipeline}"] == "do"
    assert found[f"endpoint {names.endpoint}"] == "ok"
    assert found["topic alarms"] == found["topic decisions"] == found["topic failures"] == "do"
    assert found["quotas"] == "unknown"
    queues = [found.get(f"queue {names.prefix}-{each}-dead-letters") for each in stuck.DEAD_LETTERS]
    assert queues == ["ok"] * (len(queues) - 1) + [None]  # no topic of routes is asked for


def test_a_setting_that_is_not_deployed(environment: Aws, settings: Settings, names: Names) -> None:
    larger = settings.model_copy(update={"endpoint": settings.endpoint.model_copy(update={"instance_count": 7})})
    found = states(deployed.stacks(environment, larger, names))
    assert list(found.values()) == ["ok", "do", "ok"]


def test_rules_that_are_off(environment: Aws, settings: Settings, names: Names) -> None:
    environment.events.disable_rule(Name=f"{names.prefix}-monitoring")
    assert list(deployed.rules(environment, settings, names)) == [
        Finding("do", "rules", "monitoring disabled; `scones deploy` enables them")
    ]
    rules.resume(environment, settings, names)
    assert states(deployed.rules(environment, settings, names)) == {"rules": "ok"}


def test_an_alarm_that_rings(environment: Aws, names: Names) -> None:
    cloudwatch, name = environment.client("cloudwatch"), f"{names.prefix}-start-fails"
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Statistic="Maximum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    assert list(stuck.alarms(environment, names)) == [good("alarms", "none of 1 rings")]
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="One is there.")
    [found] = stuck.alarms(environment, names)
    assert (found.state, found.subject) == ("do", "alarm start-fails")
    assert found.text == "rings: One is there. docs/runbook.md, 'An alarm rang'"
    cloudwatch.delete_alarms(AlarmNames=[name])


def test_a_dead_letter(environment: Aws, settings: Settings, names: Names) -> None:
    url = environment.sqs.get_queue_url(QueueName=f"{names.prefix}-start-dead-letters")["QueueUrl"]
    environment.sqs.send_message(QueueUrl=url, MessageBody="{}")
    assert [each.text[:10] for each in stuck.dead_letters(environment, settings, names) if each.state == "do"] == [
        "1 messages"
    ]
    environment.sqs.purge_queue(QueueUrl=url)


def test_queues_and_topics_that_are_not_there(environment: Aws, settings: Settings, names: Names) -> None:
    elsewhere = replace(names, prefix="scones-elsewhere")
    found = [
        *stuck.dead_letters(environment, settings, elsewhere),
        *stuck.subscriptions(environment, settings, elsewhere),
    ]
    assert {(each.state, each.text) for each in found} == {("do", "does not exist; run `scones deploy`")}
    assert {"queue scones-elsewhere-start-dead-letters", "topic alarms"} < {each.subject for each in found}


def test_somebody_who_hears(environment: Aws, settings: Settings, names: Names) -> None:
    topic = f"arn:aws:sns:eu-west-1:123456789012:{names.prefix}-alarms"
    made = environment.client("sns").subscribe(TopicArn=topic, Protocol="sms", Endpoint="+12025550123")
    assert states(stuck.subscriptions(environment, settings, names)) == {
        "topic alarms": "ok",
        "topic decisions": "do",
        "topic failures": "do",
    }
    environment.client("sns").unsubscribe(SubscriptionArn=made["SubscriptionArn"])


@pytest.mark.parametrize(
    ("hour", "state", "said"), [(12, "do", "although a version is approved"), (20, "ok", "outside of its hours")]
)
def test_an_endpoint_with_hours(
    hour: int, state: State, said: str, aws: Aws, sagemaker: Stubber, settings: Settings, names: Names
) -> None:
    working = settings.model_copy(update={"endpoint": settings.endpoint.model_copy(update={"hours": "MON-FRI 6-19"})})
    sagemaker.add_client_error("describe_endpoint", "ValidationException", "Could not find endpoint")
    moment = datetime(2026, 3, 9, hour, tzinfo=UTC)
    [found] = stuck.endpoint(aws, working, names, lambda: [approved(2)], moment)
    assert (found.state, said in found.text) == (state, True)


def approved(number: int, *, rolled_back: bool = False) -> ModelVersion:
    made = datetime(2026, 1, 2, tzinfo=UTC)
    return ModelVersion(f"arn/{number}", number, "Approved", made, "", "s3://b/k", {}, rolled_back=rolled_back)


def test_a_version_that_was_rolled_back() -> None:
    first, second = stuck.waiting_versions(lambda: [approved(2, rolled_back=True), approved(1)])
    assert (first.state, first.text) == ("do", "version 2 was rolled back; docs/runbook.md says what to do")
    assert second.state == "ok"
    [alone] = stuck.waiting_versions(lambda: [approved(2), approved(1, rolled_back=True)])
    assert alone.state == "ok"  # a better one serves


def test_a_version_for_which_there_are_no_instances() -> None:
    lacking = replace(approved(2), lacks_instances=True)
    first, _ = stuck.waiting_versions(lambda: [lacking, approved(1)])
    assert (first.state, first.text) == ("do", "version 2 waits for instances; docs/runbook.md says what to do")
    [alone] = stuck.waiting_versions(lambda: [approved(3), lacking])
    assert alone.state == "ok"  # a better one serves


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (6, "do"), (-6, "do")])
def test_the_clock(minutes: int, state: State, aws: Aws) -> None:
    now = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    with Stubber(aws.sts) as sts:
        answer = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/alice"}
        dated = {"HTTPHeaders": {"date": "Fri, 02 Jan 2026 03:04:00 GMT"}}
        sts.add_response("get_caller_identity", answer | {"ResponseMetadata": dated})
        found = list(account.caller(aws, now + timedelta(minutes=minutes)))
    assert found[0].text == "123456789012 in eu-west-1, as user/alice"
    assert found[1].state == state


def test_quotas(settings: Settings, session: boto3.Session) -> None:
    aws = Aws(session)
    aws.session.events.unregister("before-call.service-quotas", refuse_quotas)
    client = aws.client("service-quotas")
    object.__setattr__(aws, "client", lambda _: client)
    names = ("ml.m5.large for endpoint usage", "ml.m5.xlarge for training job usage")
    listed = [{"QuotaName": name, "Value": float(value)} for value, name in enumerate(names)]
    with Stubber(client) as stubber:
        stubber.add_response("list_service_quotas", {"Quotas": listed}, {"ServiceCode": "sagemaker"})
        assert [each.state for each in account.quotas(aws, settings)] == ["do", "ok", "unknown"]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListRules"),
        EndpointConnectionError(endpoint_url="https://events"),
    ],
)
def test_what_cannot_be_told_is_unknown_and_said_with_the_reason(error: Exception) -> None:
    def check() -> Iterator[Finding]:
        yield good("first", "fine")
        raise error

    first, second = look("rules", check)
    assert (first.state, second.state, second.subject) == ("ok", "unknown", "rules")
    assert second.line().startswith("unknown rules: AWS ")
