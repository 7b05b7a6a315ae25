import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint

from local.states.definition import refuse_definition
from local.states.validation.programs import check_text
from pipelines.aws import Aws
from pipelines.definitions.workflows.batch import READER_CONFIGS, build_batch_workflow
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

GOLDEN = Path(__file__).parents[4] / "golden" / "batch.asl.json"
MAPS = ["PrefixPhotos", "CsvPhotos", "JsonPhotos", "JsonlPhotos", "InventoryPhotos"]


def definition_of(settings: Settings, names: Names, aws: Aws) -> dict[str, Any]:
    return dict(json.loads(build_batch_workflow(settings, names, aws.stepfunctions).definition.to_json(pretty=True)))


@pytest.fixture
def definition(settings: Settings, names: Names, aws: Aws) -> dict[str, Any]:
    return definition_of(settings, names, aws)


def test_the_definition_is_what_was_agreed(definition: dict[str, Any], golden: Any) -> None:
    golden(GOLDEN, json.dumps(definition, indent=2) + "\n")


def test_it_is_valid_amazon_states_language(definition: dict[str, Any]) -> None:
    """cfn-lint carries AWS's schema; the local AWS has checks of its own."""
    properties = {"RoleArn": "arn:aws:iam::123456789012:role/batch", "Definition": definition}
    resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Machine": resource}}
    assert [match.message for match in lint(json.dumps(template), regions=["eu-west-1"])] == []
    assert list(check_text(json.dumps(definition))) == []
    refuse_definition(json.dumps(definition))


def test_each_format_has_its_map_and_no_other_is_taken(definition: dict[str, Any]) -> None:
    choose = definition["States"][definition["StartAt"]]
    assert {rule["StringEquals"]: rule["Next"] for rule in choose["Choices"]} == dict(
        zip(READER_CONFIGS, MAPS, strict=True)
    )
    assert "Default" not in choose


@pytest.mark.parametrize("name", MAPS)
def test_what_the_configuration_says(name: str, settings: Settings, names: Names, aws: Aws) -> None:
    batch = settings.batch.model_copy(
        update={
            "child_type": "STANDARD",
            "max_concurrency": 7,
            "photos_per_call": 25,
            "tolerated_failure_percentage": 5,
            "lambda_timeout_seconds": 60,
        }
    )
    state = definition_of(settings.model_copy(update={"batch": batch}), names, aws)["States"][name]
    processor = state["ItemProcessor"]
    assert processor["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert (state["MaxConcurrency"], state["ToleratedFailurePercentage"]) == (7, 5)
    assert state["ItemBatcher"]["MaxItemsPerBatch"] == 25
    assert state["ItemBatcher"]["BatchInput"]["routes"]["bicycle"] == {"loading_bay": "A", "order_radius_km": 3.0}
    (task,) = processor["States"].values()
    assert task["TimeoutSeconds"] == 65
    assert {"EndpointNotReady", "ModelFailed"} <= set(task["Retry"][1]["ErrorEquals"])


def test_names_of_states_are_unique(definition: dict[str, Any]) -> None:
    inner = [name for state in MAPS for name in definition["States"][state]["ItemProcessor"]["States"]]
    assert len({*inner, *definition["States"]}) == len(inner) + len(definition["States"])
