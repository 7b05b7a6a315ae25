"""The model card follows SageMaker's schema, and no figure in it is known before the execution."""

import json
from typing import Any

import pytest

from pipelines.definitions import model_card
from pipelines.settings.reading import load

VALUES: dict[str, Any] = {**dict.fromkeys(model_card.MEASURED, 0.5), **dict.fromkeys(model_card.TEXTS, "a text")}


def content(environment: str) -> dict[str, Any]:
    """The card as it reads when SageMaker Pipelines has replaced the placeholders."""
    joined = model_card.fill(model_card.describe(load(environment)), VALUES)
    text = "".join(each if isinstance(each, str) else json.dumps(each) for each in joined.values)
    return dict(json.loads(text))


@pytest.mark.parametrize("environment", ["local", "prod"])
def test_the_card_follows_the_schema(environment: str) -> None:
    from sagemaker.core.shapes.model_card_shapes import ModelCardContent

    card = content(environment)
    # What the schema does not know would be lost on the way through it.
    assert ModelCardContent.model_validate(card).model_dump(mode="json", exclude_unset=True) == card
    assert set(card["model_overview"]) == {"model_creator", "model_artifact"}  # all that a model package's card has
    assert len(json.dumps(card)) < 100_000


def test_figures_are_numbers_and_texts_are_texts() -> None:
    card = content("local")
    metrics = card["evaluation_details"][0]["metric_groups"][0]["metric_data"]
    assert {each["name"]: each["value"] for each in metrics} == dict.fromkeys(model_card.MEASURED, 0.5)
    assert card["additional_information"]["custom_details"]["git_commit"] == "a text"


def test_no_placeholder_is_left() -> None:
    assert "<" not in json.dumps(content("local"))
    with pytest.raises(KeyError):
        model_card.fill(model_card.describe(load("local")), {})
