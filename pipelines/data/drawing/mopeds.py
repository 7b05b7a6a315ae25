"""Draws vehicles between bicycles and motorcycles, from electric bicycles to heavy mopeds."""

import numpy as np

from pipelines.data.drawing.colours import darker, grey, paint
from pipelines.data.drawing.pen import Pen, Point
from pipelines.data.drawing.riders import draw_rider

REAR: Point = (-0.5, 0.0)
FRONT: Point = (0.5, 0.0)
CRANK: Point = (-0.06, -0.04)


def draw_moped(pen: Pen, rng: np.random.Generator, heft: float) -> None:
    """Draws a two-wheeler with a step-through frame. `heft` goes from 0 (an electric bicycle) to 1 (a heavy moped)."""
    top = rng.uniform(0.42, 0.54)
    seat, steering = (-0.24, top), (0.36, top + 0.06)
    _wheels(pen, rng, heft)
    _frame(pen, rng, heft, (seat, steering))
    _saddle_and_bars(pen, rng, heft, (seat, steering))
    if rng.random() < 0.35:
        draw_rider(pen, rng, hip=(seat[0], top + 0.08), hand=steering, foot=CRANK)


def _wheels(pen: Pen, rng: np.random.Generator, heft: float) -> None:
    tyre, radius, width = grey(rng, 5, 70), 0.35 - 0.07 * heft, 0.035 + 0.05 * heft
    for centre in (REAR, FRONT):
        for angle in np.linspace(0, np.pi, 4, endpoint=False) + rng.uniform(0, 1):
            reach = (radius * float(np.cos(angle)), radius * float(np.sin(angle)))
            ends = [(centre[0] - reach[0], centre[1] - reach[1]), (centre[0] + reach[0], centre[1] + reach[1])]
            pen.line(ends, 0.01, (150, 150, 155))
        pen.ring(centre, radius, width, tyre)
        pen.disc(centre, 0.04 + 0.04 * heft, (80, 80, 85))


def _frame(pen: Pen, rng: np.random.Generator, heft: float, ends: tuple[Point, Point]) -> None:
    """Draws the tubes, and a battery or an engine between them."""
    (seat, steering), colour, tube = ends, paint(rng), 0.045 + 0.045 * heft
    head = (steering[0] + 0.03, steering[1] - 0.16)
    pen.line([head, (0.1, 0.06), CRANK, REAR], tube, colour)
    pen.line([CRANK, seat], tube, colour)
    pen.line([steering, head, FRONT], tube * 0.8, darker(colour, 0.8))
    size, motor = 0.06 + 0.1 * heft, grey(rng, 30, 150)
    x, y = CRANK
    pen.polygon([(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + 1.6 * size)], motor)
    if rng.random() < heft:
        pen.line([(x, y - size), (-0.55, -0.04)], 0.05, grey(rng, 120, 240))


def _saddle_and_bars(pen: Pen, rng: np.random.Generator, heft: float, ends: tuple[Point, Point]) -> None:
    (x, y), (bar_x, bar_y) = ends
    back = 0.1 + 0.25 * heft
    pen.polygon([(x - back, y + 0.07), (x + 0.13, y + 0.05), (x + 0.12, y), (x - back, y)], grey(rng, 10, 70))
    pen.line([(bar_x, bar_y), (bar_x - 0.02, bar_y + 0.1), (bar_x - 0.14, bar_y + 0.12)], 0.035, grey(rng, 20, 160))
    if rng.random() < 0.3 + 0.5 * heft:
        pen.disc((bar_x + 0.08, bar_y), 0.04 + 0.03 * heft, (235, 230, 205))
