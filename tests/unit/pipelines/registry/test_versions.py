"""Which versions there are, and which of them can be deployed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from lambdas.shared.production import in_production
from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.registry.versions import ModelVersion, find, versions
from pipelines.settings.naming import Names

GROUP = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/scones-unlimited-local-vehicles"
ARCHIVE = {"Image": "image", "ModelDataUrl": "s3://bucket/model.tar.gz"}


def package(number: int, *containers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "ModelPackageArn": f"{GROUP}/{number}",
        "ModelPackageName": f"{number}",
        "ModelPackageVersion": number,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CreationTime": datetime(2026, 1, 2, tzinfo=UTC),
        **({"InferenceSpecification": {"Containers": list(containers)}} if containers else {}),
        **changes,
    }


def summary(described: dict[str, Any]) -> dict[str, Any]:
    keys = ("ModelPackageName", "ModelPackageArn", "ModelPackageStatus", "CreationTime")
    return {key: described[key] for key in keys}


@pytest.mark.parametrize(
    ("described", "uri", "defect"),
    [
        (package(1, ARCHIVE), "s3://bucket/model.tar.gz", ""),
        (package(1, {"Image": "image"}), "", "it names no model archive (ModelDataUrl)"),
        (package(1), "", "it has no containers, and one is needed"),
        (package(1, ARCHIVE, ARCHIVE), "", "it has 2 containers, and one is needed"),
        (package(1, ARCHIVE, ModelPackageStatus="Failed"), "", "its registration is Failed"),
    ],
)
def test_a_version_says_why_it_cannot_be_deployed(
    described: dict[str, Any], uri: str, defect: str, aws: Aws, sagemaker: Stubber, names: Names
) -> None:
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(described)]})
    sagemaker.add_response("describe_model_package", described)
    (found,) = versions(aws, names)
    assert (found.model_uri, found.defect, found.status) == (uri, defect, "PendingManualApproval")


def test_all_pages_are_read_even_empty_ones(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    numbers = [range(205, 105, -1), range(0), range(105, 5, -1), range(5, 0, -1)]
    for page, found in enumerate(numbers):
        token = {"NextToken": f"page-{page + 1}"} if page + 1 < len(numbers) else {}
        packages = [summary(package(number, ARCHIVE)) for number in found]
        sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": packages, **token})
    for number in range(205, 0, -1):
        approved = {"ModelApprovalStatus": "Approved"} if number == 3 else {}
        sagemaker.add_response("describe_model_package", package(number, ARCHIVE, **approved))
    known = versions(aws, names)
    assert [each.version for each in known] == list(range(205, 0, -1))
    champion = in_production(known, [])
    assert champion is not None
    assert champion.version == 3


def test_a_version_that_does_not_exist(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(package(2, ARCHIVE))]})
    sagemaker.add_response("describe_model_package", package(2, ARCHIVE))
    known = versions(aws, names)
    assert find(known, names, None) == find(known, names, 2) == known[0]
    with pytest.raises(DataError, match=r"has no version 3; it has 2, 1$"):
        find([*known, replace(known[0], version=1)], names, 3)


def test_all_of_a_version_is_read(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    bare = package(1, ARCHIVE)
    whole = package(
        2,
        ARCHIVE,
        ModelApprovalStatus="Approved",
        ApprovalDescription="good | bad",
        CustomerMetadataProperties={"code": "abc"},
    )
    asked = {"ModelPackageGroupName": names.model_package_group, "SortBy": "CreationTime", "SortOrder": "Descending"}
    sagemaker.add_response("list_model_packages", {"ModelPackageSummaryList": [summary(bare), summary(whole)]}, asked)
    for each in (bare, whole):
        sagemaker.add_response("describe_model_package", each)
    created, uri = bare["CreationTime"], ARCHIVE["ModelDataUrl"]
    assert versions(aws, names) == [
        ModelVersion(f"{GROUP}/2", 2, "Approved", created, "good | bad", uri, {"code": "abc"}),
        ModelVersion(f"{GROUP}/1", 1, "PendingManualApproval", created, "", uri, {}),
    ]


@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFound"])
def test_a_group_that_is_not_there_has_no_versions(code: str, aws: Aws, sagemaker: Stubber, names: Names) -> None:
    sagemaker.add_client_error("list_model_packages", code)
    assert versions(aws, names) == []


def test_other_errors_are_no_missing_group(aws: Aws, sagemaker: Stubber, names: Names) -> None:
    sagemaker.add_client_error("list_model_packages", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        versions(aws, names)


@pytest.mark.parametrize("asked", [None, 3])
def test_where_nothing_is_registered_there_is_no_version(asked: int | None, names: Names) -> None:
    with pytest.raises(DataError, match="-vehicles has no version yet; run the training pipeline first"):
        find([], names, asked)
