"""Tags, as SageMaker and the Resource Groups Tagging API tell them."""

from typing import Any

import pytest

from local.server.embedded import LocalAws
from tests.local.support import ROLE, client

MACHINE = '{"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true}}}'


@pytest.fixture
def tagging(aws: LocalAws) -> Any:
    return client(aws, "resourcegroupstaggingapi")


def test_tags_that_one_service_gives_the_others_find(aws: LocalAws, sagemaker: Any, tagging: Any) -> None:
    group = sagemaker.create_model_package_group(ModelPackageGroupName="tagged", Tags=[{"Key": "of", "Value": "me"}])
    states = client(aws, "stepfunctions")
    machine = states.create_state_machine(
        name="tagged", definition=MACHINE, roleArn=ROLE, tags=[{"key": "of", "value": "me"}]
    )
    arns = [group["ModelPackageGroupArn"], machine["stateMachineArn"]]
    tagging.tag_resources(ResourceARNList=arns, Tags={"more": "1"})
    tagging.untag_resources(ResourceARNList=arns, TagKeys=["of"])
    found = tagging.get_resources(TagFilters=[{"Key": "more", "Values": ["1"]}])["ResourceTagMappingList"]
    assert {each["ResourceARN"]: each["Tags"] for each in found} == {
        arn: [{"Key": "more", "Value": "1"}] for arn in arns
    }
    assert sagemaker.list_tags(ResourceArn=arns[0])["Tags"] == [{"Key": "more", "Value": "1"}]
    assert states.list_tags_for_resource(resourceArn=arns[1])["tags"] == [{"key": "more", "value": "1"}]
    only = tagging.get_resources(ResourceTypeFilters=["sagemaker:model-package-group"])["ResourceTagMappingList"]
    assert arns[0] in [each["ResourceARN"] for each in only]
    assert arns[1] not in [each["ResourceARN"] for each in only]
    assert tagging.get_tag_keys()["TagKeys"].count("more") == 1
