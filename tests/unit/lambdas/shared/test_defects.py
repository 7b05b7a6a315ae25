"""Why a version of the model cannot be deployed, in the words that people read."""

from typing import Any

import pytest

from lambdas.shared.defects import defect_of

ARCHIVE = {"Image": "pytorch:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
NONE = "it has no containers, and one is needed"


def containers(*found: dict[str, str]) -> dict[str, Any]:
    return {"InferenceSpecification": {"Containers": [*found]}}


@pytest.mark.parametrize(
    ("described", "defect"),
    [
        (containers(ARCHIVE), ""),  # a description that does not say how the registration went
        ({"ModelPackageStatus": "Completed", **containers(ARCHIVE)}, ""),
        ({"ModelPackageStatus": "Failed", **containers(ARCHIVE)}, "its registration is Failed"),
        ({"ModelPackageStatus": "Completed"}, NONE),
        ({"InferenceSpecification": {}}, NONE),
        (containers(ARCHIVE, ARCHIVE), "it has 2 containers, and one is needed"),
        (containers({"Image": "pytorch:1"}), "it names no model archive (ModelDataUrl)"),
    ],
)
def test_one_container_with_an_archive_can_be_deployed_once_it_is_registered(
    described: dict[str, Any], defect: str
) -> None:
    assert defect_of(described) == defect
