"""Draws motorcycles: two thick wheels with engine, tank and seat as a solid body between them."""

from dataclasses import dataclass

import numpy as np

from pipelines.data.drawing.colours import darker, grey, paint
from pipelines.data.drawing.mopeds import draw_moped
from pipelines.data.drawing.pen import Colour, Pen, Point
from pipelines.data.drawing.riders import draw_rider

REAR: Point = (-0.5, 0.0)
FRONT: Point = (0.5, 0.0)


@dataclass(frozen=True)
class Build:
    """Properties in which motorcycles differ. Lengths are in vehicle units (wheelbase 1)."""

    radius: float
    rake: float  # how far the steering head lies behind the front axle
    top: float  # height of the tank
    colour: Colour
    fairing: bool


def draw_motorcycle(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a motorcycle, sometimes with fairing, rider or case. One in ten is a moped."""
    if rng.random() < 1 / 10:
        draw_moped(pen, rng, heft=rng.uniform(0.45, 1))
        return
    build = Build(
        radius=rng.uniform(0.22, 0.3),
        rake=rng.uniform(0.16, 0.34),
        top=rng.uniform(0.4, 0.52),
        colour=paint(rng),
        fairing=rng.random() < 0.35,
    )
    _wheels(pen, rng, build)
    _engine(pen, rng, build)
    _body(pen, rng, build)
    _front(pen, rng, build)
    if rng.random() < 0.3:
        draw_rider(pen, rng, hip=(-0.2, build.top + 0.02), hand=(0.2, build.top + 0.18), foot=(0.0, 0.0))


def _wheels(pen: Pen, rng: np.random.Generator, build: Build) -> None:
    tyre, width, rim = grey(rng, 5, 60), rng.uniform(0.07, 0.11), grey(rng, 60, 230)
    for centre in (REAR, FRONT):
        if rng.random() < 0.5:
            pen.disc(centre, build.radius - width / 2, darker(rim, 0.6))
        pen.ring(centre, build.radius, width, tyre)
        pen.ring(centre, build.radius - width, 0.025, rim)
        pen.disc(centre, 0.07, rim)


def _engine(pen: Pen, rng: np.random.Generator, build: Build) -> None:
    metal = grey(rng, 40, 190)
    pen.line([REAR, (-0.05, 0.02)], 0.07, darker(metal, 0.6))
    pen.polygon([(-0.25, -0.13), (0.2, -0.13), (0.26, 0.12), (0.12, build.top - 0.1), (-0.2, build.top - 0.12)], metal)
    for height in np.arange(0.05, build.top - 0.14, 0.06):
        pen.line([(-0.1, float(height)), (0.18, float(height) + 0.03)], 0.02, darker(metal, 0.5))
    pen.disc((-0.12, 0.0), 0.1, darker(metal, 0.75))
    if rng.random() < 0.85:
        end = -0.5 - rng.uniform(0, 0.22)
        pen.line(
            [(0.22, 0.1), (0.16, -0.12), (-0.25, -0.13), (end, -0.06 + rng.uniform(0, 0.1))], 0.07, grey(rng, 120, 245)
        )


def _body(pen: Pen, rng: np.random.Generator, build: Build) -> None:
    top, neck = build.top, 0.5 - build.rake
    tail = rng.uniform(-0.02, 0.12)
    pen.polygon(
        [(-0.66, top - 0.1 + tail), (-0.1, top - 0.12), (-0.06, top - 0.02), (-0.62, top + tail)], grey(rng, 10, 70)
    )
    pen.polygon(
        [(-0.72, top - 0.12 + tail), (-0.4, top - 0.22), (-0.12, top - 0.14), (-0.6, top - 0.03 + tail)], build.colour
    )
    pen.polygon(
        [(-0.12, top - 0.1), (-0.02, top + 0.1), (neck - 0.08, top + 0.12), (neck + 0.05, top - 0.06)], build.colour
    )
    if rng.random() < 0.25:
        pen.polygon([(-0.75, top), (-0.45, top), (-0.45, top + 0.2), (-0.75, top + 0.22)], grey(rng, 10, 120))


def _front(pen: Pen, rng: np.random.Generator, build: Build) -> None:
    neck = (0.5 - build.rake, build.top + 0.06)
    pen.line([neck, FRONT], 0.06, grey(rng, 90, 240))
    if build.fairing:
        x, y = neck
        pen.polygon(
            [(x - 0.05, y + 0.12), (x + 0.2, y - 0.02), (x + 0.12, 0.06), (x - 0.2, -0.1), (x - 0.12, y - 0.1)],
            build.colour,
        )
        pen.polygon([(x - 0.05, y + 0.12), (x + 0.02, y + 0.24), (x + 0.16, y + 0.02)], (150, 170, 185))
    pen.line([neck, (neck[0] - 0.06, neck[1] + 0.14), (neck[0] - 0.2, neck[1] + 0.13)], 0.04, grey(rng, 15, 90))
    pen.disc((neck[0] + 0.08, neck[1] + 0.02), 0.075, (235, 230, 205))
    arc = [
        (0.5 + (build.radius + 0.03) * float(np.cos(a)), (build.radius + 0.03) * float(np.sin(a)))
        for a in np.linspace(0.6, 2.4, 7)
    ]
    pen.line(arc, 0.06, build.colour)
