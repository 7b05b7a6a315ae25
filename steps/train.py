"""TrainModel: train the network, calibrate it, choose its threshold, and write the model folder."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps import job, metrics
from steps.arrays import Logits
from steps.calibration import fit_temperature
from steps.classifier import Classifier, ModelInfo, predict_logits, softmax
from steps.dataset import Dataset, load_dataset, load_manifest
from steps.errors import TrainingError
from steps.fit import Epoch, Schedule, fit, measure_normalisation
from steps.model import Architecture
from steps.model_folder import write_model_folder
from steps.selective import choose_threshold, operate


@dataclass(frozen=True)
class Hyperparameters:
    """What the training job is asked for."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    width: int
    seed: int
    target_precision: float
    code_digest: str

    @property
    def schedule(self) -> Schedule:
        """The part that the training loop needs."""
        return Schedule(self.epochs, self.batch_size, self.learning_rate, self.weight_decay, self.seed)


@dataclass(frozen=True)
class Surroundings:
    """Where SageMaker put the channels, wants the model, and how it calls the job."""

    train: Path
    validation: Path
    manifest: Path
    model: Path
    job_name: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Surroundings":
        """Read the variables that sagemaker-training sets; raises TrainingError naming the one that lacks."""
        try:
            return cls(
                train=Path(environment["SM_CHANNEL_TRAIN"]),
                validation=Path(environment["SM_CHANNEL_VALIDATION"]),
                manifest=Path(environment["SM_CHANNEL_MANIFEST"]),
                model=Path(environment["SM_MODEL_DIR"]),
                job_name=environment["TRAINING_JOB_NAME"],
            )
        except KeyError as error:
            raise TrainingError(
                f"The environment variable {error.args[0]} is not set. The job needs the channels train, validation "
                "and manifest, and to be started by SageMaker's training toolkit."
            ) from error


@dataclass(frozen=True)
class Decision:
    """What turns logits into decisions, and what it does to the validation images."""

    temperature: float
    threshold: float
    validation: dict[str, float]


def parse(argv: Sequence[str]) -> Hyperparameters:
    """The hyperparameters, which the toolkit passes under their own names."""
    parser = argparse.ArgumentParser(prog="steps.train", description=__doc__, allow_abbrev=False)
    for name in ("epochs", "batch_size", "width", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("learning_rate", "weight_decay", "target_precision"):
        parser.add_argument(f"--{name}", type=float, required=True)
    parser.add_argument("--code_digest", required=True)
    return Hyperparameters(**vars(parser.parse_args(argv)))


def train(parameters: Hyperparameters, places: Surroundings) -> Classifier:
    """Train a network on the channels, calibrate it on the validation images, and choose its threshold there."""
    manifest = load_manifest(places.manifest)
    training = load_dataset(places.train, len(manifest.classes))
    validation = load_dataset(places.validation, len(manifest.classes))
    network = Architecture(parameters.width, len(manifest.classes))
    normalisation = measure_normalisation(training)
    for epoch in fit(training, normalisation, network, parameters.schedule):
        logits = predict_logits(epoch.network, normalisation, validation.images)
        _print_epoch(epoch, logits, validation)
    fitted = _fit_decision(logits, validation, parameters.target_precision)
    info = ModelInfo(
        classes=manifest.classes,
        image_size=manifest.image_size,
        architecture=network,
        normalisation=normalisation,
        temperature=fitted.temperature,
        threshold=fitted.threshold,
        target_precision=parameters.target_precision,
        data_digest=manifest.data_digest,
        synthetic=manifest.synthetic,
        code_digest=parameters.code_digest,
        model_version=places.job_name,
        seed=parameters.seed,
        validation=fitted.validation,
    )
    return Classifier(epoch.network, info)


def _print_epoch(epoch: Epoch, logits: Logits, validation: Dataset) -> None:
    loss = metrics.log_loss(validation.labels, softmax(logits))
    accuracy = metrics.accuracy(validation.labels, logits.argmax(axis=1))
    print(
        f"epoch={epoch.number} train_loss={epoch.train_loss:.4f} "
        f"validation_loss={loss:.4f} validation_accuracy={accuracy:.4f}",
        flush=True,
    )


def _fit_decision(logits: Logits, validation: Dataset, target_precision: float) -> Decision:
    """Temperature and threshold, and what they do to the validation images (N, classes)."""
    temperature = fit_temperature(logits, validation.labels)
    probabilities = softmax(logits / temperature)
    threshold = choose_threshold(validation.labels, probabilities, target_precision)
    operation = operate(validation.labels, probabilities, threshold)
    return Decision(
        temperature,
        threshold,
        {
            "accuracy": metrics.accuracy(validation.labels, logits.argmax(axis=1)),
            "log_loss": metrics.log_loss(validation.labels, probabilities),
            "coverage": operation.coverage,
            "accuracy_of_accepted": operation.accuracy,
            "images": len(validation.labels),
        },
    )


def main(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    """Train the model and write its folder; raises StepError."""
    places = Surroundings.of(environment)
    classifier = train(parse(argv), places)
    write_model_folder(classifier, places.model)
    info = classifier.info
    print(
        f"final validation_accuracy={info.validation['accuracy']:.4f} temperature={info.temperature:.4f} "
        f"threshold={info.threshold:.4f} coverage={info.validation['coverage']:.4f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(job.run(lambda: main(sys.argv[1:], os.environ)))
