"""A reference of a few traits, with which results can be worked out by hand."""

from dataclasses import replace

import numpy as np

from monitoring.judgement.eye import Eye
from monitoring.judgement.looks import Looks
from monitoring.judgement.reference import Reference

# Its traits: two plain numbers, and the scores of two classes.
REFERENCE = Reference(
    classes=("bicycle", "motorcycle"),
    photos=100,
    plain=2,
    centre=np.zeros(3),
    scale=np.ones(3),
    weights=np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0]]),
    offsets=np.array([10.0, 20.0]),
    mean=np.zeros(4),
    covariance=np.eye(4),
    far=4.0,
    causes=("dark", "dark", "turned", "turned"),
    shifts=np.array([[2.0, 0, 0, 0], [8, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0]]),
    harmless=np.zeros((1, 4)),
    class_shifts=np.zeros((2, 4)),
    class_shares=np.array([0.5, 0.5]),
    recognised=np.array([[0.9, 0.1], [0.2, 0.8]]),
)


def looks(traits: np.ndarray, alike: np.ndarray | None = None, eye: Eye | None = None, **changed: object) -> Looks:
    """Photos with these traits, all different unless `alike` says otherwise; `eye` sees none of them turned."""
    same = np.eye(len(traits), dtype=bool) if alike is None else alike
    return Looks(replace(REFERENCE, **changed), traits, same, eye, np.zeros(len(traits)))  # type: ignore[arg-type]  # of any field


def seen(classes: list[int]) -> np.ndarray:
    """Traits of photos that look like these classes."""
    return np.concatenate([np.zeros((len(classes), 2)), np.eye(2)[classes]], axis=1)
