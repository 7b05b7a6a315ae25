"""After a restart an endpoint has the weights that it had, not those of its configuration; so after some updates."""

from typing import Any

import pytest

from local.protocol.errors import ValidationError
from local.sagemaker.hosting.records import changed_types, retained, weighted


def test_changed_weights_take_the_place_of_the_first_ones() -> None:
    config = {
        "EndpointConfigName": "c",
        "ProductionVariants": [
            {"VariantName": "a", "InitialVariantWeight": 1.0, "ModelName": "m"},
            {"VariantName": "b", "InitialVariantWeight": 2.0, "ModelName": "n"},
        ],
    }
    now = [{"VariantName": "a", "CurrentWeight": 0.5, "CurrentInstanceCount": 3}]
    first, second = weighted(config, now)["ProductionVariants"]
    assert first == {"VariantName": "a", "InitialVariantWeight": 0.5, "InitialInstanceCount": 3, "ModelName": "m"}
    assert second == config["ProductionVariants"][1]
    assert weighted(config, []) == config


FRESH = {
    "EndpointConfigName": "new",
    "ProductionVariants": [
        {"VariantName": "a", "InitialVariantWeight": 1.0, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    ],
}
SERVING = [{"VariantName": "a", "CurrentWeight": 0.5, "DesiredWeight": 0.6, "DesiredInstanceCount": 3}]


@pytest.mark.parametrize(
    ("request_", "weight", "count"),
    [
        ({}, 1.0, 1),
        ({"RetainAllVariantProperties": True}, 0.6, 3),
        (
            {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
            },
            1.0,
            3,
        ),
    ],
)
def test_an_update_retains_what_it_is_told_to(request_: dict[str, Any], weight: float, count: int) -> None:
    (variant,) = retained(FRESH, {}, request_, SERVING)["ProductionVariants"]
    assert (variant["InitialVariantWeight"], variant["InitialInstanceCount"]) == (weight, count)


def test_other_data_capture_is_not_retained() -> None:
    request = {"RetainAllVariantProperties": True}
    serving = {"DataCaptureConfig": {"InitialSamplingPercentage": 1}}
    with pytest.raises(ValidationError, match="does not retain another DataCaptureConfig; exclude it"):
        retained(FRESH, serving, request, SERVING)
    excluded = {**request, "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DataCaptureConfig"}]}
    assert "DataCaptureConfig" not in retained(FRESH, serving, excluded, SERVING)


def test_changed_and_missing_variants_are_found() -> None:
    assert changed_types(FRESH, FRESH) == set()
    other = {"ProductionVariants": [{**FRESH["ProductionVariants"][0], "InstanceType": "ml.c5.large"}]}  # type: ignore[dict-item]
    assert changed_types(FRESH, other) == {"a"}
    assert changed_types({"ProductionVariants": []}, FRESH) == {"a"}
    assert changed_types(FRESH, {}) == set()
