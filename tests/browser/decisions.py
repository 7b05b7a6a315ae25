"""Decision pages of made-up models: what the approver sees in each of the cases."""

from pathlib import Path

import numpy as np

from steps.arrays import Labels, Probabilities
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency, Scored
from steps.dataset.files import Dataset, Manifest
from steps.decision_page.figures import draw_figures
from steps.decision_page.page import Subject, render
from steps.evaluation.champion import assess
from steps.evaluation.evaluation import Archive, evaluate
from steps.evaluation.gates import Limits
from steps.evaluation.robustness import WAYS, Exam
from steps.network.description import Architecture, Normalisation

CLASSES = ("bicycle", "motorcycle")
PHOTOS = 200
LONG = "pipelines-abcdefghijkl-TrainModel-0123456789"


def labels() -> Labels:
    return np.arange(PHOTOS) % 2


def probabilities(seed: int, skill: float) -> Probabilities:
    """Answers that are right the more often, the greater the skill."""
    generator = np.random.default_rng(seed)
    logits = np.where(labels() == 1, skill, -skill) + generator.normal(size=PHOTOS)
    second = 1 / (1 + np.exp(-2 * logits))
    return np.stack([1 - second, second], axis=1)


def scored(name: str, answers: Probabilities, others: int = 50) -> Scored:
    """A model that answers to changed photos as to the others, and takes every tenth of other things for a bicycle."""
    strange = np.where(np.arange(others)[:, np.newaxis] % 10, (0.2, 0.1), (0.95, 0.01))
    further = np.concatenate([np.tile(answers, (len(WAYS), 1)), strange])
    return Scored(name, CLASSES, 0.9, answers, name, 1_234_567, Latency(2.25, 3.5, 100), further)


def info(*, synthetic: bool = False) -> ModelInfo:
    return ModelInfo(
        classes=CLASSES,
        image_size=32,
        architecture=Architecture(width=4, classes=2),
        networks=2,
        folds=3,
        normalisation=Normalisation((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
        temperature=0.8,
        threshold=0.9,
        target_precision=0.98,
        target_confidence=0.9,
        data_digest="d" * 64,
        synthetic=synthetic,
        code_digest="c" * 16,
        model_version=LONG,
        seed=7,
        validation={"accuracy": 0.9, "log_loss": 0.3, "coverage": 0.6, "accuracy_of_accepted": 0.99, "images": 800},
    )


def manifest(*, synthetic: bool = False) -> Manifest:
    counts = {split: dict.fromkeys(CLASSES, 100) for split in ("train", "test")}
    return Manifest(CLASSES, 32, counts, "a" * 64, "d" * 64, synthetic=synthetic, checksum="unknown")


def decision_page(path: Path, champion: Scored | None, *, synthetic: bool = False) -> Path:
    """Writes the page of a model of some skill against a champion; without one there are no photos of other things."""
    answers = probabilities(1, 1.3)
    challenger = scored(LONG, answers) if champion else scored(LONG, answers, others=0)
    exam = Exam(labels(), np.empty(0, np.uint8))
    assessed = assess(labels(), challenger, champion, exam) if champion else None
    model = info(synthetic=synthetic)
    archive = Archive(challenger.archive_bytes, challenger.latency)
    beyond = exam.measure(challenger.further, 0.9)
    evaluation = evaluate(labels(), answers, model, archive, assessed, Limits(0.8, 0.3, 0.02, 0.75, 0.15), beyond)
    images = np.random.default_rng(3).integers(0, 256, (PHOTOS, 32, 32, 3), dtype=np.uint8)
    test = Dataset(images, labels(), np.array([f"photo_{index}.png" for index in range(PHOTOS)]))
    pictures = draw_figures(evaluation, labels(), answers)
    page = render(Subject(evaluation, model, manifest(synthetic=synthetic), test, answers, champion), pictures)
    path.write_text(page, encoding="utf-8")
    return path
