"""The model registry, and the event that an approval publishes."""

import json
import uuid
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.support import IMAGE, Hear, Wait, client

METRICS = {
    "ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://bucket/quality.json"}},
    "Bias": {},
    "Explainability": {},
}
SPECIFICATION = {
    "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://bucket/model.tar.gz", "Environment": {"A": "b"}}],
    "SupportedContentTypes": ["image/png"],
    "SupportedResponseMIMETypes": ["application/json"],
}


@pytest.fixture
def register(sagemaker: Any) -> Callable[..., str]:
    def create(group: str, **more: Any) -> str:
        request = {"ModelPackageGroupName": group, "InferenceSpecification": SPECIFICATION, **more}
        return str(sagemaker.create_model_package(**request)["ModelPackageArn"])

    return create


def test_versions_count_up_and_give_everything_back(sagemaker: Any, register: Callable[..., str]) -> None:
    with pytest.raises(ClientError, match=r"ModelPackageGroup .*/vehicles does not exist"):
        register("vehicles")
    sagemaker.create_model_package_group(ModelPackageGroupName="vehicles")
    given = {
        "ModelMetrics": METRICS,
        "CustomerMetadataProperties": {"commit": "abc", "accuracy": "0.9"},
        "ModelApprovalStatus": "PendingManualApproval",
        "SkipModelValidation": "None",
        "ModelPackageDescription": "one of many",
    }
    arns = [register("vehicles", **given) for _ in range(3)]
    assert [arn.rpartition(":")[2] for arn in arns] == [f"model-package/vehicles/{n}" for n in (1, 2, 3)]
    described = sagemaker.describe_model_package(ModelPackageName=arns[1])
    assert {key: described[key] for key in given} == given
    assert described["ModelPackageVersion"] == 2
    assert described["InferenceSpecification"] == SPECIFICATION
    assert described["ModelPackageStatus"] == "Completed"
    listed = sagemaker.list_model_packages(
        ModelPackageGroupName="vehicles", SortBy="CreationTime", SortOrder="Descending", MaxResults=2
    )
    assert [item["ModelPackageVersion"] for item in listed["ModelPackageSummaryList"]] == [3, 2]
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName="vehicles", PaginationConfig={"PageSize": 2}
    )
    assert [item["ModelPackageVersion"] for page in pages for item in page["ModelPackageSummaryList"]] == [1, 2, 3]
    sagemaker.delete_model_package(ModelPackageName=arns[2])
    assert register("vehicles").endswith("/4")


def test_an_update_changes_what_it_names_only(sagemaker: Any, register: Callable[..., str]) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="updated")
    arn = register("updated", CustomerMetadataProperties={"commit": "abc", "old": "1"})
    sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="better on all classes"
    )
    sagemaker.update_model_package(
        ModelPackageArn=arn, CustomerMetadataProperties={"new": "2"}, CustomerMetadataPropertiesToRemove=["old"]
    )
    described = sagemaker.describe_model_package(ModelPackageName=arn)
    assert described["ModelApprovalStatus"] == "Approved"
    assert described["ApprovalDescription"] == "better on all classes"
    assert described["CustomerMetadataProperties"] == {"commit": "abc", "new": "2"}
    approved = sagemaker.list_model_packages(ModelPackageGroupName="updated", ModelApprovalStatus="Approved")
    assert len(approved["ModelPackageSummaryList"]) == 1
    with pytest.raises(ClientError, match="Member must satisfy enum value set"):
        sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Perhaps")


def test_an_approval_reaches_the_function_of_a_rule(
    aws: Any, sagemaker: Any, register: Callable[..., str], create_function: Any, tmp_path: Path, wait: Wait
) -> None:
    source = f"""
    import json, pathlib
    def handler(event, context):
        path = pathlib.Path("{tmp_path}", "unfinished")
        path.write_text(json.dumps(event))
        path.rename(path.with_name(event["detail"]["ModelApprovalStatus"]))
    """
    function = create_function("on-approval", source)
    events = client(aws, "events")
    pattern = {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {"ModelPackageGroupName": ["watched"], "ModelApprovalStatus": ["Approved"]},
    }
    events.put_rule(Name="approvals", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="approvals", Targets=[{"Id": "1", "Arn": function}])
    sagemaker.create_model_package_group(ModelPackageGroupName="watched")
    arn = register("watched", ModelApprovalStatus="PendingManualApproval")
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    wait(lambda: {"arrived": tmp_path.joinpath("Approved").exists()}, "arrived", True)
    assert [path.name for path in tmp_path.iterdir()] == ["Approved"]
    event = json.loads(tmp_path.joinpath("Approved").read_text())
    assert event["source"] == "aws.sagemaker"
    assert event["detail-type"] == "SageMaker Model Package State Change"
    assert event["account"] == "123456789012"
    assert event["resources"] == [arn]
    assert event["detail"]["ModelPackageArn"] == arn
    assert event["detail"]["ModelPackageVersion"] == 1
    assert event["detail"]["InferenceSpecification"] == SPECIFICATION


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"CustomerMetadataProperties": {"note": "seen"}}, ["CustomerMetadataProperties"]),
        ({"CustomerMetadataPropertiesToRemove": ["note"]}, ["CustomerMetadataProperties"]),
        (
            {"ApprovalDescription": "good", "ModelApprovalStatus": "Approved"},
            ["ModelApprovalStatus", "ApprovalDescription"],
        ),
        ({"SourceUri": "s3://bucket/source"}, ["sourceUri"]),
        ({"ModelLifeCycle": {"Stage": "Development", "StageStatus": "Approved"}}, ["ModelLifeCycle"]),
    ],
    ids="+".join,
)
def test_an_event_says_which_fields_have_changed(
    aws: Any, sagemaker: Any, register: Callable[..., str], wait: Wait, change: dict[str, Any], fields: list[str]
) -> None:
    group = f"changing-{uuid.uuid4().hex[:8]}"
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    arn = register(group)
    events, sqs = client(aws, "events"), client(aws, "sqs")
    queue = sqs.create_queue(QueueName=group)["QueueUrl"]
    queue_arn = f"arn:aws:sqs:eu-west-1:123456789012:{group}"
    allowed = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**allowed, "Resource": queue_arn}]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    pattern = {"source": ["aws.sagemaker"], "detail": {"ModelPackageGroupName": [group]}}
    events.put_rule(Name=group, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=group, Targets=[{"Id": "1", "Arn": queue_arn}])
    sagemaker.update_model_package(ModelPackageArn=arn, **change)
    heard: list[dict[str, Any]] = []

    def receive() -> dict[str, Any]:
        heard.extend(json.loads(each["Body"]) for each in sqs.receive_message(QueueUrl=queue).get("Messages", []))
        return {"heard": len(heard)}

    wait(receive, "heard", 1)
    assert heard[0]["detail"]["UpdatedModelPackageFields"] == fields
    assert heard[0]["detail"]["LastModifiedTime"] >= heard[0]["detail"]["CreationTime"]


def test_every_approval_may_follow_every_other(
    sagemaker: Any, register: Callable[..., str], hear: Hear, lines: list[str]
) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="turning")
    arn = register("turning", ModelApprovalStatus="PendingManualApproval")
    order = ["Approved", "PendingManualApproval", "Rejected", "Approved", "Rejected", "PendingManualApproval"]
    for status in order:
        sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus=status)
        assert sagemaker.describe_model_package(ModelPackageName=arn)["ModelApprovalStatus"] == status
    hear("turning/1: Rejected → PendingManualApproval")
    said = [line.partition("turning/1: ")[2] for line in lines if "turning/1: " in line]
    expected = ["PendingManualApproval", *order]
    assert said[-6:] == [f"{before} → {after}" for before, after in pairwise(expected)]


def test_a_group_is_deleted_after_its_versions(sagemaker: Any, register: Callable[..., str]) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="leaving")
    arn = register("leaving")
    with pytest.raises(ClientError, match="cannot be deleted: it has Model Packages"):
        sagemaker.delete_model_package_group(ModelPackageGroupName="leaving")
    sagemaker.delete_model_package(ModelPackageName=arn)
    with pytest.raises(ClientError, match=r"ModelPackage .*leaving/1 does not exist"):
        sagemaker.describe_model_package(ModelPackageName=arn)
    sagemaker.delete_model_package_group(ModelPackageGroupName="leaving")
    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.describe_model_package_group(ModelPackageGroupName="leaving")
