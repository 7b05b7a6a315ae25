"""The whole function, against moto: approvers are told of what waits, with the verdict, and of nothing else."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from unit.lambdas.context import CONTEXT
from unit.lambdas.deployment import ARN, BUCKET, GROUP, event_of

from lambdas.announce_version.handler import handler
from lambdas.shared.errors import InvalidRequest

EVALUATION = f"s3://{BUCKET}/executions/4/evaluation"
METADATA = {
    "accuracy": "0.9312",
    "coverage": "unknown",
    "evaluation": f"{EVALUATION}/evaluation.json",
    "decision_page": f"{EVALUATION}/decision.html",
}


@pytest.fixture
def mail(sagemaker: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """The function's environment, and what approvers were told since the last look."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic, queue = sns.create_topic(Name="decisions")["TopicArn"], sqs.create_queue(QueueName="mail")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    monkeypatch.setenv("TOPIC_ARN", topic)
    monkeypatch.setenv("ENVIRONMENT", "prod")
    return lambda: [json.loads(each["Body"]) for each in sqs.receive_message(QueueUrl=queue).get("Messages", [])]


def register(sagemaker: Any, **metadata: str) -> None:
    """Version 4, which waits."""
    container = {"Image": "i", "ModelDataUrl": f"s3://{BUCKET}/executions/4/model.tar.gz"}
    sagemaker.create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["a"],
            "SupportedResponseMIMETypes": ["a"],
        },
        CustomerMetadataProperties=metadata,
    )


def told(version: int) -> dict[str, Any]:
    return handler(event_of(version, None), CONTEXT)


def test_approvers_get_verdict_figures_page_and_commands(sagemaker: Any, artefacts: Any, mail: Any) -> None:
    register(sagemaker, **METADATA)
    document = {"headline": "Better than the model in production"}
    artefacts.put_object(Bucket=BUCKET, Key="executions/4/evaluation/evaluation.json", Body=json.dumps(document))
    assert told(4) == {"told": True, "reason": ""}
    [message] = mail()
    assert message["Subject"] == "prod: model version 4 waits for your decision"
    assert message["Message"].splitlines() == [
        "Better than the model in production",
        "  accuracy: 93.1%",
        "  decided without a person: unknown",
        f"Decision page: https://eu-west-1.console.aws.amazon.com/s3/object/{BUCKET}?region=eu-west-1"
        "&prefix=executions/4/evaluation/decision.html",
        "A link to the page that works without a console, for an hour:",
        "  scones --env prod registry page 4",
        "Decide, with a reason that is kept:",
        "  scones --env prod registry approve 4 --reason …",
        "  scones --env prod registry reject 4 --reason …",
        f"{ARN}/4",
    ]


def test_approvers_hear_that_a_version_is_the_model_of_another_one_in_another_image(sagemaker: Any, mail: Any) -> None:
    register(sagemaker, rebased_from=f"{ARN}/2", image="registry/inference@sha256:1")
    assert told(4)["told"]
    assert mail()[0]["Message"].splitlines()[1] == (
        "It is the model of version 2, in another image: registry/inference@sha256:1"
    )


def test_an_evaluation_that_is_gone_does_not_keep_them_from_hearing(sagemaker: Any, mail: Any) -> None:
    register(sagemaker, **METADATA)
    assert told(4)["told"]
    assert mail()[0]["Message"].startswith("Its evaluation cannot be read: ")


def test_a_version_of_another_tool(sagemaker: Any, mail: Any) -> None:
    assert told(3)["told"]
    assert mail()[0]["Message"].startswith("It refers to no evaluation")


def test_what_was_decided_meanwhile_is_not_told(sagemaker: Any, mail: Any) -> None:
    assert told(1) == {"told": False, "reason": "the version is Approved"}
    assert mail() == []


def test_a_version_that_is_not_there(sagemaker: Any, mail: Any) -> None:
    with pytest.raises(InvalidRequest, match="the registry has no"):
        told(99)
    with pytest.raises(InvalidRequest, match="ModelPackageArn"):
        handler({"detail": {}}, CONTEXT)
