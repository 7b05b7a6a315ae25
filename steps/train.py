"""TrainModel: train a network for each fold, choose temperature and threshold by the folds, write the model folder."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from threading import Event

import numpy as np
from torch import Tensor

from jobs.entry_point import run_job
from steps.arrays import Logits
from steps.classifier.classifier import Classifier
from steps.classifier.model_folder import write_model_folder
from steps.classifier.model_info import ModelInfo
from steps.dataset.files import Dataset, Manifest, load_dataset, load_manifest
from steps.errors import StepError
from steps.network.architecture import Network
from steps.network.description import Architecture
from steps.robustness.copies import Copies, plan_copies
from steps.training.checkpoints import Checkpoints
from steps.training.decision_rule import Judged, choose_decision_rule
from steps.training.distributed import ProcessGroup, join_process_group
from steps.training.hyperparameters import Hyperparameters, TrainingEnvironment, parse
from steps.training.interruption import interruption
from steps.training.networks import TrainedNetwork, TrainingInputs, fit_networks
from steps.training.plan import TrainingTask, plan_networks
from steps.training.trainer import measure_normalisation


def train(
    parameters: Hyperparameters, environment: TrainingEnvironment, group: ProcessGroup, interrupted: Event
) -> Classifier:
    """Train the networks of a cross-validation, whose mean is the model.

    Each judges the fold that it was not trained on, and on all of these judgements temperature and threshold are
    chosen. Every process of the group returns the same classifier.
    """
    manifest = load_manifest(environment.manifest)
    inputs = gather(parameters, environment, len(manifest.classes))
    labels = inputs.photos.labels
    tasks = plan_networks(labels, parameters.folds, parameters.schedule)
    checkpoints = _checkpoints(parameters, manifest)
    networks = group.gather(fit_networks(inputs, group.share(tasks), checkpoints, interrupted, group.device))
    judged = Judged(labels, len(manifest.classes), inputs.copies, _held_out_logits(networks, tasks, inputs.copies))
    rule = choose_decision_rule(judged, parameters.target, parameters.seed)
    info = ModelInfo(
        classes=manifest.classes,
        image_size=manifest.image_size,
        architecture=inputs.architecture,
        networks=len(networks),
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
    return Classifier(tuple(_network(inputs.architecture, each.weights) for each in networks), info)


def gather(parameters: Hyperparameters, environment: TrainingEnvironment, classes: int) -> TrainingInputs:
    """Read the photos, and plan in which copies the networks shall judge them."""
    images, others = load_dataset(environment.train, classes), load_dataset(environment.others, fewest=0)
    if len(others.labels) < parameters.folds:  # too few for each network to have seen one
        others = others.take(np.arange(0))
    photos = _together(images, replace(others, labels=np.full_like(others.labels, classes)))
    return TrainingInputs(
        photos=photos,
        normalisation=measure_normalisation(images),
        architecture=Architecture(parameters.width, classes, other=bool(len(others.labels))),
        copies=plan_copies(photos.labels < classes, parameters.seed),
        seed=parameters.seed,
    )


def _together(first: Dataset, second: Dataset) -> Dataset:
    pairs = zip(vars(first).values(), vars(second).values(), strict=True)
    return Dataset(*(np.concatenate(pair) for pair in pairs))


def _checkpoints(parameters: Hyperparameters, manifest: Manifest) -> Checkpoints | None:
    """Checkpoints that are valid only for these data, this code and these hyperparameters."""
    if parameters.checkpoints is None:
        return None
    made_from = asdict(replace(parameters, checkpoints=None)) | {"data_digest": manifest.data_digest}
    return Checkpoints(parameters.checkpoints, made_from)


def _held_out_logits(networks: Sequence[TrainedNetwork], tasks: Sequence[TrainingTask], copies: Copies) -> Logits:
    """Logits (N, outcomes) of all copies, each from the network that was not trained on its photo."""
    logits = np.empty((len(copies.rows), networks[0].logits.shape[1]))
    for network, task in zip(networks, tasks, strict=True):
        logits[np.isin(copies.rows, task.held_out_rows)] = network.logits
    return logits


def _network(architecture: Architecture, weights: dict[str, Tensor]) -> Network:
    network = Network(architecture)
    network.load_state_dict(weights)
    return network


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
