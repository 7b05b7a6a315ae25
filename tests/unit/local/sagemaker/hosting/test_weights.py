"""After a restart an endpoint has the weights that it had, not those of its configuration."""

from local.sagemaker.hosting.records import weighted


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
