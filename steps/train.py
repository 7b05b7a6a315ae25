"""TrainModel: train the model, calibrate it by cross-validation, choose its threshold, and write the model folder."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event

import numpy as np
from torch import Tensor

from jobs.entry_point import run_job
from steps.arrays import Logits
from steps.classifier.calibration import fit_temperature
from steps.classifier.classifier import Classifier, softmax
from steps.classifier.model_folder import write_model_folder
from steps.classifier.model_info import ModelInfo
from steps.classifier.selective import PrecisionTarget, choose_threshold, operating_point
from steps.dataset.files import Dataset, Manifest, load_dataset, load_manifest
from steps.errors import StepError, TrainingError
from steps.evaluation import metrics
from steps.network.architecture import Network
from steps.network.description import Architecture
from steps.training.auxiliary_task import AuxiliaryData
from steps.training.checkpoints import Checkpoints
from steps.training.distributed import ProcessGroup, join_process_group
from steps.training.hyperparameters import Hyperparameters, TrainingEnvironment, parse
from steps.training.interruption import interruption
from steps.training.networks import TrainedNetwork, TrainingInputs, fit_networks
from steps.training.plan import TrainingTask, full_data_tasks, stratified_folds
from steps.training.trainer import measure_normalisation


@dataclass(frozen=True)
class DecisionRule:
    """Temperature and confidence threshold, and their metrics on the held-out images of cross-validation."""

    temperature: float
    threshold: float
    validation: dict[str, float]


def train(
    parameters: Hyperparameters, environment: TrainingEnvironment, group: ProcessGroup, interrupted: Event
) -> Classifier:
    """Train the model's networks on all images, and cross-validation networks for temperature and threshold.

    Each cross-validation network predicts the fold that it was not trained on. Every process of the group returns the
    same classifier.
    """
    manifest = load_manifest(environment.manifest)
    images = load_dataset(environment.train, len(manifest.classes))
    architecture = Architecture(parameters.width, len(manifest.classes))
    others = _others(environment.others, parameters.others_weight)
    inputs = TrainingInputs(images, measure_normalisation(images), architecture, others)
    folds = stratified_folds(images.labels, parameters.folds, parameters.fold_schedule)
    tasks = (*full_data_tasks(images.labels, parameters.networks, parameters.schedule), *folds)
    checkpoints = _checkpoints(parameters, manifest)
    fitted = group.gather(fit_networks(inputs, group.share(tasks), checkpoints, interrupted, group.device))
    networks, judged = fitted[: parameters.networks], fitted[parameters.networks :]
    rule = choose_decision_rule(_held_out_logits(judged, folds), images, parameters.target)
    info = ModelInfo(
        classes=manifest.classes,
        image_size=manifest.image_size,
        architecture=architecture,
        networks=parameters.networks,
        folds=parameters.folds,
        normalisation=inputs.normalisation,
        temperature=rule.temperature,
        threshold=rule.threshold,
        target_precision=parameters.target_precision,
        target_confidence=parameters.target_confidence,
        data_digest=manifest.data_digest,
        synthetic=manifest.synthetic,
        code_digest=parameters.code_digest,
        model_version=environment.job_name,
        seed=parameters.seed,
        validation=rule.validation,
    )
    return Classifier(tuple(_network(architecture, each.weights) for each in networks), info)


def _others(folder: Path | None, weight: float) -> AuxiliaryData | None:
    if not weight:
        return None
    if folder is None:
        raise TrainingError("training.others_weight is above 0, and the job has no channel others.")
    return AuxiliaryData(load_dataset(folder), weight)


def _checkpoints(parameters: Hyperparameters, manifest: Manifest) -> Checkpoints | None:
    """Checkpoints that are valid only for these data, this code and these hyperparameters."""
    if parameters.checkpoints is None:
        return None
    made_from = asdict(replace(parameters, checkpoints=None)) | {"data_digest": manifest.data_digest}
    return Checkpoints(parameters.checkpoints, made_from)


def _held_out_logits(judged: Sequence[TrainedNetwork], folds: Sequence[TrainingTask]) -> Logits:
    """Logits (N, classes) of all training images, each from the network that was not trained on it."""
    rows = np.concatenate([fold.held_out_rows for fold in folds])
    return np.concatenate([each.logits for each in judged])[rows.argsort()]


def _network(architecture: Architecture, weights: dict[str, Tensor]) -> Network:
    network = Network(architecture)
    network.load_state_dict(weights)
    return network


def choose_decision_rule(logits: Logits, images: Dataset, target: PrecisionTarget) -> DecisionRule:
    """Fit temperature and threshold on the held-out logits (N, classes) of all training images."""
    temperature = fit_temperature(logits, images.labels)
    probabilities = softmax(logits / temperature)
    threshold = choose_threshold(images.labels, probabilities, target)
    operation = operating_point(images.labels, probabilities, threshold)
    return DecisionRule(
        temperature,
        threshold,
        {
            "accuracy": metrics.accuracy(images.labels, logits.argmax(axis=1)),
            "log_loss": metrics.log_loss(images.labels, probabilities),
            "coverage": operation.coverage,
            "accuracy_of_accepted": operation.accuracy,
            "images": len(images.labels),
        },
    )


def main(argv: Sequence[str], variables: Mapping[str, str]) -> None:
    """Train the model; the leading process writes its folder. Raises StepError."""
    parameters, environment = parse(argv), TrainingEnvironment.from_variables(variables)
    with interruption() as interrupted, join_process_group(variables) as group:
        classifier = train(parameters, environment, group, interrupted)
    if not group.is_leader:
        return
    write_model_folder(classifier, environment.model)
    info = classifier.info
    print(
        f"final validation_accuracy={info.validation['accuracy']:.4f} "
        f"validation_loss={info.validation['log_loss']:.4f} temperature={info.temperature:.4f} "
        f"threshold={info.threshold:.4f} coverage={info.validation['coverage']:.4f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(run_job(lambda: main(sys.argv[1:], os.environ), StepError))
