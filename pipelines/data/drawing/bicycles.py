"""Draws bicycles: two large thin wheels and a frame of tubes, through which the background shows."""

from dataclasses import dataclass

import numpy as np

from pipelines.data.drawing.colours import grey, paint
from pipelines.data.drawing.mopeds import draw_moped
from pipelines.data.drawing.pen import Colour, Pen, Point
from pipelines.data.drawing.riders import draw_rider

REAR: Point = (-0.5, 0.0)
FRONT: Point = (0.5, 0.0)
CRANK: Point = (-0.08, -0.04)


@dataclass(frozen=True)
class Frame:
    """A bicycle's frame: end points of its tubes, their width and colour. `step_through` frames have no top tube."""

    seat: Point
    steering: Point
    tube: float
    colour: Colour
    step_through: bool


def draw_bicycle(pen: Pen, rng: np.random.Generator) -> None:
    """Draws a bicycle, sometimes with rider, mudguards, basket or spokes. One in ten is an electric bicycle."""
    if rng.random() < 1 / 10:
        draw_moped(pen, rng, heft=rng.uniform(0, 0.4))
        return
    height = rng.uniform(0.42, 0.58)
    frame = Frame(
        seat=(-0.2 - rng.uniform(0, 0.06), height),
        steering=(0.36 + rng.uniform(-0.03, 0.05), height + rng.uniform(-0.04, 0.08)),
        tube=rng.uniform(0.03, 0.055),
        colour=paint(rng),
        step_through=rng.random() < 0.3,
    )
    _wheels(pen, rng, radius=rng.uniform(0.29, 0.36))
    _tubes(pen, frame)
    _saddle_and_bars(pen, frame, rng)
    if rng.random() < 0.3:
        draw_rider(pen, rng, hip=(frame.seat[0], frame.seat[1] + 0.1), hand=frame.steering, foot=CRANK)


def _wheels(pen: Pen, rng: np.random.Generator, radius: float) -> None:
    tyre, width = grey(rng, 5, 70), rng.uniform(0.025, 0.06)
    spokes = int(rng.integers(0, 9))
    for x, y in (REAR, FRONT):
        for angle in np.linspace(0, np.pi, spokes, endpoint=False) + rng.uniform(0, 1):
            reach = (radius * float(np.cos(angle)), radius * float(np.sin(angle)))
            pen.line([(x - reach[0], y - reach[1]), (x + reach[0], y + reach[1])], 0.008, (170, 170, 175))
        pen.ring((x, y), radius, width, tyre)
        pen.disc((x, y), 0.035, (90, 90, 95))
    if rng.random() < 0.25:
        guard = [
            (-0.5 + (radius + 0.03) * float(np.cos(a)), (radius + 0.03) * float(np.sin(a)))
            for a in np.linspace(0.7, 3, 9)
        ]
        pen.line(guard, 0.025, paint(rng))


def _tubes(pen: Pen, frame: Frame) -> None:
    head = (frame.steering[0] + 0.04, frame.steering[1] - 0.14)
    top = (
        (frame.seat[0] + 0.05, frame.seat[1] - 0.28)
        if frame.step_through
        else (frame.seat[0] + 0.01, frame.seat[1] - 0.06)
    )
    tubes = [
        (REAR, CRANK),
        (REAR, top),
        (CRANK, frame.seat),
        (CRANK, head),
        (top, head),
        (frame.steering, head),
        (head, FRONT),
    ]
    for start, end in tubes:
        pen.line([start, end], frame.tube, frame.colour)
    pen.disc(CRANK, 0.07, (60, 60, 62))
    pen.line([(CRANK[0] - 0.09, CRANK[1] - 0.12), (CRANK[0] + 0.09, CRANK[1] + 0.12)], 0.025, (50, 50, 52))


def _saddle_and_bars(pen: Pen, frame: Frame, rng: np.random.Generator) -> None:
    x, y = frame.seat
    pen.polygon([(x - 0.11, y + 0.07), (x + 0.12, y + 0.04), (x + 0.12, y), (x - 0.1, y + 0.01)], grey(rng, 10, 70))
    x, y = frame.steering
    bar = grey(rng, 20, 200)
    if rng.random() < 0.4:  # drop bars
        pen.line([(x, y), (x + 0.14, y + 0.02), (x + 0.17, y - 0.08), (x + 0.08, y - 0.12)], 0.03, bar)
    else:
        pen.line([(x, y), (x - 0.01, y + 0.09), (x - 0.13, y + 0.11)], 0.03, bar)
    if rng.random() < 0.2:
        pen.polygon([(x + 0.06, y), (x + 0.28, y), (x + 0.24, y - 0.17), (x + 0.1, y - 0.17)], (150, 110, 60))
