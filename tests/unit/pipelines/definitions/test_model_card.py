"""The model card follows SageMaker's schema, and no figure in it is known before the execution."""

import json
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from jsonschema import Draft7Validator

from pipelines.definitions import model_card
from pipelines.settings.reading import load

VALUES: dict[str, Any] = {**dict.fromkeys(model_card.MEASURED, 0.5), **dict.fromkeys(model_card.TEXTS, "a text")}


def content(environment: str) -> dict[str, Any]:
    """The card as it reads when SageMaker Pipelines has replaced the placeholders."""
    joined = model_card.fill(model_card.describe(load(environment)), VALUES)
    text = "".join(each if isinstance(each, str) else json.dumps(each) for each in joined.values)
    return dict(json.loads(text))


def as_cloudformation(part: Any) -> Any:
    """The same with CloudFormation's names of members: model_overview → ModelOverview."""
    if isinstance(part, dict):
        return {name.title().replace("_", ""): as_cloudformation(each) for name, each in part.items()}
    return [as_cloudformation(each) for each in part] if isinstance(part, list) else part


def defects(card: dict[str, Any]) -> list[str]:
    """What AWS's schema of model cards, as CloudFormation has it, finds fault with."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", "AWS::SageMaker::ModelCard").schema
    validator = Draft7Validator({**schema["definitions"]["Content"], "definitions": schema["definitions"]})
    return [error.json_path for error in validator.iter_errors(as_cloudformation(card))]


@pytest.mark.parametrize("environment", ["local", "prod"])
def test_the_card_follows_the_schema(environment: str) -> None:
    card = content(environment)
    assert defects(card) == []
    assert set(card["model_overview"]) == {"model_creator", "model_artifact"}  # all that a model package's card has
    assert len(json.dumps(card)) < 100_000


def test_the_schema_finds_faults() -> None:
    """The SDK's class has the objective function flat, so that it cannot be asked."""
    card = content("local")
    card["training_details"]["objective_function"] = {"function": "Minimize", "facet": "LOSS"}
    card["intended_uses"]["risk_rating"] = "Tiny"
    faulty = "$.TrainingDetails.ObjectiveFunction"
    assert set(defects(card)) == {faulty, f"{faulty}.Function", "$.IntendedUses.RiskRating"}


def test_figures_are_numbers_and_texts_are_texts() -> None:
    card = content("local")
    metrics = card["evaluation_details"][0]["metric_groups"][0]["metric_data"]
    assert {each["name"]: each["value"] for each in metrics} == dict.fromkeys(model_card.MEASURED, 0.5)
    assert card["additional_information"]["custom_details"]["git_commit"] == "a text"


def test_no_placeholder_is_left() -> None:
    assert "<" not in json.dumps(content("local"))
    with pytest.raises(KeyError):
        model_card.fill(model_card.describe(load("local")), {})
