"""Evaluations of six photos, and what models answer to them."""

import numpy as np

from steps.arrays import Probabilities
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency, Scored
from steps.evaluation.champion import Champion, assess
from steps.evaluation.evaluation import Archive, Evaluation, evaluate
from steps.evaluation.gates import Limits
from steps.evaluation.robustness import WAYS, Exam

PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.05, 0.95], [0.6, 0.4], [0.3, 0.7]])
LABELS = np.array([0, 1, 0, 1, 0, 1])
EASY, HARD = Limits(0.5, 0.5, 0.02, 0.5, 0.3), Limits(0.95, 0.5, 0.02, 0.5, 0.3)
OTHERS = np.array([[0.2, 0.1], [0.1, 0.1], [0.3, 0.3], [0.8, 0.1]])  # answers to photos of other things
LATENCY = Latency(2.0, 3.0, 100)
ARCHIVE = Archive(500_000, LATENCY)


def scored(probabilities: Probabilities, sha256: str, classes: tuple[str, ...] = ("bicycle", "motorcycle")) -> Scored:
    """What a model answers to the six photos."""
    further = np.concatenate([np.tile(probabilities, (len(WAYS), 1)), OTHERS])
    return Scored(f"job-{sha256}", classes, 0.7, probabilities, sha256, 500_000, LATENCY, further)


EXAM = Exam(LABELS, np.empty(0, np.uint8))
CHALLENGER = scored(PROBABILITIES, "new")
PERFECT = scored(np.eye(2)[LABELS], "perfect")
POOR = scored(1 - np.eye(2)[LABELS], "poor")


def judge(info: ModelInfo, limits: Limits = EASY, champion: Scored | None = None) -> Evaluation:
    """An evaluation of six photos, of which the third is mistaken with confidence."""
    beyond = EXAM.measure(CHALLENGER.further, info.threshold)
    return evaluate(LABELS, PROBABILITIES, info, ARCHIVE, rival(champion), limits, beyond)


def rival(champion: Scored | None) -> Champion | None:
    """The model in production, if there is one, beside the challenger."""
    return assess(LABELS, CHALLENGER, champion, EXAM) if champion else None
