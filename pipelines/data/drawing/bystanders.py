"""Draws what else stands at a loading bay: trees, people, and nothing at all."""

import numpy as np

from pipelines.data.drawing.colours import darker, dull, grey, paint, shade
from pipelines.data.drawing.pen import Pen
from pipelines.data.drawing.riders import SKIN


def draw_broadleaf(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a broad-leaved tree: a trunk and a crown of many leaves, green or in autumn colours."""
    height, crown = rng.uniform(0.3, 0.6), rng.uniform(0.25, 0.45)
    leaves = shade((70, 120, 50) if rng.random() < 0.7 else (190, 120, 40), rng, 40)
    pen.line([(0, -0.25), (rng.uniform(-0.1, 0.1), height)], rng.uniform(0.06, 0.14), shade((95, 70, 50), rng, 25))
    for _ in range(int(rng.integers(12, 25))):
        x, y = rng.normal(0, 0.45, 2) * crown
        pen.disc((x, height + y), rng.uniform(0.3, 0.6) * crown, shade(leaves, rng, 25))


def draw_conifer(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a conifer: tiers of branches, the lower the wider."""
    needles, tiers, wide = shade((40, 85, 50), rng, 30), int(rng.integers(3, 6)), rng.uniform(0.25, 0.45)
    pen.line([(0, -0.3), (0, 0.2)], rng.uniform(0.05, 0.1), shade((90, 65, 45), rng, 20))
    for tier in range(tiers):
        bottom, reach = -0.1 + tier * 0.9 / tiers, wide * (1 - tier / (tiers + 1))
        top = bottom + 1.4 / tiers
        pen.polygon([(-reach, bottom), (reach, bottom), (0, top)], shade(needles, rng, 15))


def draw_person(pen: Pen, rng: np.random.Generator) -> None:
    """Draws one to three people who stand or walk."""
    for x in rng.uniform(-0.4, 0.4, int(rng.integers(1, 4))):
        _person(pen, rng, float(x), rng.uniform(0.8, 1.1))


def draw_nothing(pen: Pen, rng: np.random.Generator) -> None:
    """Draws an empty bay: markings on the ground, and sometimes a kerb, boxes or a bollard."""
    line = grey(rng, 190, 256) if rng.random() < 0.7 else shade((215, 180, 40), rng, 30)
    for x in np.arange(-1.2, 1.3, rng.uniform(0.5, 1.2)):
        pen.line([(float(x), -0.4), (float(x) * 0.8, 0.0)], rng.uniform(0.03, 0.07), line)
    if rng.random() < 0.4:
        pen.line([(-2, 0.02), (2, 0.02)], rng.uniform(0.05, 0.1), grey(rng, 100, 200))
    for _ in range(int(rng.integers(0, 3))):
        left, size = rng.uniform(-0.8, 0.6), rng.uniform(0.12, 0.3)
        corners = [(left, -0.1), (left + size, -0.1), (left + size, size - 0.1), (left, size - 0.1)]
        pen.polygon(corners, shade((170, 130, 85), rng, 40) if rng.random() < 0.6 else dull(rng))


def _person(pen: Pen, rng: np.random.Generator, x: float, height: float) -> None:
    trousers, coat, wide = dull(rng), paint(rng), height * rng.uniform(0.07, 0.1)
    hip, shoulder, ground = 0.5 * height - 0.3, 0.8 * height - 0.3, -0.3
    for side in (-1, 1):
        pen.line([(x, hip), (x + side * rng.uniform(0.02, 0.16), ground)], wide, trousers)
        pen.line([(x, shoulder), (x + side * rng.uniform(0.1, 0.2), hip)], 0.6 * wide, darker(coat, 0.85))
    pen.line([(x, hip), (x, shoulder)], 2 * wide, coat)
    pen.disc((x, 0.93 * height - 0.3), 0.9 * wide, shade(SKIN, rng, 50))
    if rng.random() < 0.4:
        pen.disc((x, 0.96 * height - 0.3), 0.9 * wide, paint(rng))
