"""The model card of a registered version.

Its text is known when the pipeline is built; placeholders stand for the figures that an execution measures. The schema
is "Model package model card schema" in the Amazon SageMaker Developer Guide. That text and the class of version 3 of
the SDK have the objective function flat; CloudFormation's schema and version 2 have it nested, as it is here. The
overview of a model package's card may only hold creator and artifact.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from sagemaker.core.workflow.functions import Join

from pipelines.settings.model import Settings

NUMBER, TEXT = "<number:{}>", "<text:{}>"
PLACEHOLDERS = re.compile(r'"<number:([a-z_]+)>"|<text:([a-z_]+)>')
MEASURED = {
    "accuracy": "Share of the test photos that are classified correctly",
    "coverage": "Share of the test photos at or above the confidence threshold, decided without a person",
    "accuracy_of_accepted": "Share of those that are right",
    "robust_accuracy": "Mean accuracy on test photos that are changed by noise, blur, compression, light, haze, "
    "distance and more, each at three strengths",
    "threshold": "The confidence threshold",
    "roc_auc": "Area under the ROC curve",
    "expected_calibration_error": "Mean distance of confidence and accuracy (Naeini et al., 2015)",
    "calibrated_error": "What a perfectly calibrated model shows of that on as many photos",
    "calibration_p_value": "P-value of the hypothesis that the model is calibrated (Vaicenavicius et al., 2019)",
    "log_loss": "Mean negative log-likelihood, in nats",
    "champion_floor": "Accuracy that the model in production asked for; 0 where there was none to compare with",
}
CAVEATS = (
    "With {confidence:.0%} confidence, at least {precision:.0%} of the photos that reach the threshold are classified "
    "correctly, in a mixture of photos like the training's: three quarters as they are, a quarter changed mildly or "
    "moderately in one of the ways of the evaluation. That is proven of a network drawn at random from those of the "
    "model, not of the model itself, which is their mean and usually does better. "
    "Each way by itself was only checked in cross-validation, not proven. Strong changes, changes of other kinds, "
    "photos of other things, other cameras and other places are not covered. Compare captured photos with the "
    "registered data statistics, and train anew when they differ."
)
TEXTS = ("data_digest", "data_uri", "model_uri", "verdict", "execution", "commit", "champion")


def fill(card: Mapping[str, Any], values: Mapping[str, Any]) -> Join:
    """The card as JSON, in which SageMaker Pipelines replaces each placeholder with its value on registration."""
    pieces: list[Any] = []
    text, end = json.dumps(card), 0
    for match in PLACEHOLDERS.finditer(text):
        pieces += [text[end : match.start()], values[match[1] or match[2]]]
        end = match.end()
    return Join(on="", values=[*pieces, text[end:]])


def describe(settings: Settings) -> dict[str, Any]:
    """The card, with placeholders for the values that an execution measures."""
    return {
        "model_overview": {"model_creator": settings.project, "model_artifact": [TEXT.format("model_uri")]},
        "intended_uses": _intended_uses(settings),
        "business_details": {
            "business_problem": "Drivers of different vehicles load at different bays and take orders from different "
            "distances; a photo at the gate says which vehicle has come.",
        },
        "training_details": _training(settings),
        "evaluation_details": [_evaluation()],
        "additional_information": {
            "caveats_and_recommendations": CAVEATS.format(
                precision=settings.training.target_precision, confidence=settings.training.target_confidence
            ),
            "custom_details": {
                "git_commit": TEXT.format("commit"),
                "execution": TEXT.format("execution"),
                "data_digest": TEXT.format("data_digest"),
                "compared_with": TEXT.format("champion"),
            },
        },
    }


def describe_rebased(settings: Settings) -> dict[str, Any]:
    """The card of a version that was rebased. How its model was trained, today's settings do not say."""
    card = describe(settings)
    origin = TEXT.format("rebased_from")
    details = card["additional_information"]["custom_details"]
    return {
        **card,
        "training_details": {
            "training_observations": f"Nothing was trained for this version. It has the archive of {origin}, and the "
            "card of that one says how it was trained.",
        },
        "additional_information": {
            "caveats_and_recommendations": f"Those of {origin}.",
            "custom_details": {**details, "rebased_from": origin, "image": TEXT.format("image")},
        },
    }


def _intended_uses(settings: Settings) -> dict[str, str]:
    classes = ", ".join(name.replace("_", " ") for name in settings.dataset.classes)
    return {
        "purpose_of_model": f"Tells which vehicle a photo shows: {classes}.",
        "intended_uses": "Sending drivers to a loading bay. Photos below the confidence threshold go to a person, "
        "marked as no known vehicle where the model has learnt to tell and finds that more probable than each class.",
        "factors_affecting_model_efficiency": "It sees 32 by 32 pixels. Noise, darkness, blur and distance make it "
        "decide less. What shows none of its classes it may still take for one of them, as often as was measured on "
        "photos of other classes (see the evaluation); several vehicles in a photo are not told apart.",
        "risk_rating": "Low",
        "explanations_for_risk_rating": "A mistake sends a driver to the wrong bay, which costs minutes.",
    }


def _training(settings: Settings) -> dict[str, Any]:
    hyperparameters = settings.training.hyperparameters
    parameters = [{"name": name, "value": str(value)} for name, value in hyperparameters.items()]
    return {
        "objective_function": {
            "function": {"function": "Minimize", "facet": "LOSS"},
            "notes": "Cross-entropy of one network; the model is the mean of several.",
        },
        "training_observations": "The mean of residual networks, each of which has learnt from the archive's training "
        "split without one of its folds. Images of other classes are learnt as none of these. Temperature and "
        "threshold come from cross-validation: each image is judged, as it is and changed, by the network that has "
        "not learnt from it.",
        "training_job_details": {
            "training_datasets": [TEXT.format("data_uri")],
            "user_provided_hyper_parameters": parameters,
        },
    }


def _evaluation() -> dict[str, Any]:
    metrics = [
        {"name": name, "notes": notes, "type": "number", "value": NUMBER.format(name)}
        for name, notes in MEASURED.items()
    ]
    return {
        "name": "Test split",
        "evaluation_observation": TEXT.format("verdict"),
        "datasets": [TEXT.format("data_uri")],
        "metric_groups": [{"name": "Classification", "metric_data": metrics}],
    }
