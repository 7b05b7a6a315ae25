"""A training job's settings: hyperparameters from arguments, paths from the toolkit's environment variables."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps.classifier.proof import PrecisionTarget
from steps.errors import TrainingError
from steps.training.trainer import Schedule


@dataclass(frozen=True)
class Hyperparameters:
    """The hyperparameters of the training job."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    width: int
    folds: int
    seed: int
    target_precision: float
    target_confidence: float
    code_digest: str
    checkpoints: Path | None

    @property
    def schedule(self) -> Schedule:
        """Schedule of each network."""
        return Schedule(self.epochs, self.batch_size, self.learning_rate, self.weight_decay, self.seed)

    @property
    def target(self) -> PrecisionTarget:
        """What the confidence threshold must guarantee."""
        return PrecisionTarget(self.target_precision, self.target_confidence)


@dataclass(frozen=True)
class TrainingEnvironment:
    """What SageMaker tells the job: folders of the input channels and of the model, and the job's name."""

    train: Path
    manifest: Path
    others: Path
    model: Path
    job_name: str

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> "TrainingEnvironment":
        """Read the variables that sagemaker-training sets; raises TrainingError that names a missing one."""
        try:
            return cls(
                train=Path(variables["SM_CHANNEL_TRAIN"]),
                manifest=Path(variables["SM_CHANNEL_MANIFEST"]),
                others=Path(variables["SM_CHANNEL_OTHERS"]),
                model=Path(variables["SM_MODEL_DIR"]),
                job_name=variables["TRAINING_JOB_NAME"],
            )
        except KeyError as error:
            raise TrainingError(
                f"The environment variable {error.args[0]} is not set. The job needs the channels train, others and "
                "manifest, and to be started by SageMaker's training toolkit."
            ) from error


def parse(argv: Sequence[str]) -> Hyperparameters:
    """Parse the hyperparameters, which the toolkit passes as `--name value`."""
    parser = argparse.ArgumentParser(prog="steps.train", allow_abbrev=False)
    for name in ("epochs", "batch_size", "width", "folds", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("learning_rate", "weight_decay", "target_precision", "target_confidence"):
        parser.add_argument(f"--{name}", type=float, required=True)
    parser.add_argument("--code_digest", required=True)
    parser.add_argument("--checkpoints", type=Path, help="folder for checkpoints; none are kept without it")
    return Hyperparameters(**vars(parser.parse_args(argv)))
