"""Draws cars and what is larger: vans, buses, streetcars and pickup trucks."""

import numpy as np

from pipelines.data.drawing.colours import darker, grey, paint
from pipelines.data.drawing.pen import Colour, Pen


def draw_bus(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a bus: a tall box on wheels, with a row of windows and a large windscreen."""
    height, colour = rng.uniform(0.5, 0.7), paint(rng)
    _box(pen, -0.8, 0.8, 0.0, height, colour)
    _windows(pen, rng, (-0.74, 0.55), (height * 0.5, height * 0.85), count=int(rng.integers(4, 8)))
    pen.polygon([(0.62, height * 0.3), (0.8, height * 0.3), (0.8, height * 0.9), (0.62, height * 0.9)], _glass(rng))
    if rng.random() < 0.5:
        _box(pen, -0.8, 0.8, height * 0.22, height * 0.34, paint(rng))
    _wheels(pen, rng, (-0.5, 0.5), radius=0.12)


def draw_streetcar(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a streetcar: a box with rounded ends on rails, with a pole that touches a wire above."""
    height, colour = rng.uniform(0.5, 0.65), paint(rng)
    pen.line([(-2, -0.12), (2, -0.12)], 0.025, grey(rng, 60, 150))
    pen.line([(-2, height + 0.32), (2, height + 0.32)], 0.012, (40, 40, 45))
    pen.line([(-0.1, height), (0.12, height + 0.16), (-0.05, height + 0.32)], 0.025, (50, 50, 55))
    _box(pen, -0.6, 0.6, -0.1, 0.02, grey(rng, 20, 70))
    ends = [(-0.85, 0.0), (0.85, 0.0), (0.9, height * 0.5), (0.78, height), (-0.78, height), (-0.9, height * 0.5)]
    pen.polygon(ends, colour)
    pen.polygon([(-0.82, 0.0), (0.82, 0.0), (0.9, height * 0.45), (-0.9, height * 0.45)], paint(rng))
    _windows(pen, rng, (-0.78, 0.78), (height * 0.5, height * 0.85), count=int(rng.integers(6, 11)))
    _box(pen, -0.5, 0.5, height, height + 0.06, darker(colour, 0.7))


def draw_pickup_truck(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a pickup truck: bonnet, cab, and an open bed behind it."""
    colour, cab = paint(rng), rng.uniform(0.0, 0.15)
    _box(pen, -0.8, 0.85, 0.02, 0.28, colour)
    pen.polygon([(-0.12 - cab, 0.28), (-0.06 - cab, 0.55), (0.25, 0.55), (0.42, 0.28)], colour)
    pen.polygon([(-0.06 - cab, 0.3), (-0.02 - cab, 0.5), (0.22, 0.5), (0.35, 0.3)], _glass(rng))
    pen.line([(0.12, 0.28), (0.12, 0.52)], 0.03, colour)
    pen.line([(-0.8, 0.27), (-0.2 - cab, 0.27)], 0.04, darker(colour, 0.4))
    pen.disc((0.82, 0.2), 0.045, (240, 235, 200))
    _wheels(pen, rng, (-0.5, 0.52), radius=0.16)


def draw_car(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a car, from hatchback to saloon."""
    colour, boot, roof = paint(rng), rng.uniform(0.0, 0.25), rng.uniform(0.48, 0.6)
    pen.polygon([(-0.8, 0.02), (0.85, 0.02), (0.87, 0.22), (0.78, 0.29), (-0.78, 0.3)], colour)
    pen.polygon([(-0.75 + boot, 0.29), (-0.55 + boot, roof), (0.12, roof), (0.45, 0.28)], colour)
    pen.polygon([(-0.66 + boot, 0.3), (-0.5 + boot, roof - 0.05), (0.08, roof - 0.05), (0.36, 0.3)], _glass(rng))
    pen.line([(-0.16, 0.28), (-0.16, roof)], 0.04, colour)
    pen.disc((0.83, 0.19), 0.045, (240, 235, 200))
    _wheels(pen, rng, (-0.5, 0.52), radius=0.15)


def draw_van(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a delivery van: a tall body without windows behind a short bonnet."""
    colour, height = paint(rng), rng.uniform(0.62, 0.85)
    pen.polygon([(-0.85, 0.02), (0.85, 0.02), (0.85, 0.3), (0.62, 0.36), (0.42, height), (-0.85, height)], colour)
    pen.polygon([(0.2, 0.36), (0.58, 0.36), (0.4, height - 0.08), (0.2, height - 0.08)], _glass(rng))
    if rng.random() < 0.5:
        _box(pen, -0.7, 0.1, height * 0.45, height * 0.75, paint(rng))
    pen.disc((0.82, 0.22), 0.045, (240, 235, 200))
    _wheels(pen, rng, (-0.5, 0.52), radius=0.15)


def _box(pen: Pen, left: float, right: float, bottom: float, top: float, colour: Colour) -> None:
    pen.polygon([(left, bottom), (right, bottom), (right, top), (left, top)], colour)


def _glass(rng: np.random.Generator) -> Colour:
    return grey(rng, 30, 200)


def _windows(pen: Pen, rng: np.random.Generator, xs: tuple[float, float], ys: tuple[float, float], count: int) -> None:
    glass, step = _glass(rng), (xs[1] - xs[0]) / count
    for index in range(count):
        left = xs[0] + index * step
        _box(pen, left + 0.12 * step, left + 0.88 * step, ys[0], ys[1], glass)


def _wheels(pen: Pen, rng: np.random.Generator, xs: tuple[float, float], radius: float) -> None:
    tyre, rim = grey(rng, 5, 50), grey(rng, 90, 220)
    for x in xs:
        pen.disc((x, 0.0), radius, tyre)
        pen.disc((x, 0.0), radius * 0.5, rim)
