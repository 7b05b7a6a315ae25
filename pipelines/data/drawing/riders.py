"""Draws the rider of a two-wheeler."""

import numpy as np

from pipelines.data.drawing.colours import dull, paint, shade
from pipelines.data.drawing.pen import Pen, Point

SKIN = (200, 150, 120)


def draw_rider(pen: Pen, rng: np.random.Generator, hip: Point, hand: Point, foot: Point) -> None:
    """Draws a seated person, sometimes with a helmet. Positions are in vehicle coordinates."""
    lean = rng.uniform(0.05, 0.32)
    shoulder = (hip[0] + lean, hip[1] + rng.uniform(0.4, 0.5))
    knee = ((hip[0] + foot[0]) / 2 + 0.18, (hip[1] + foot[1]) / 2 + 0.06)
    pen.line([hip, knee, foot], 0.12, dull(rng))
    jacket = paint(rng)
    pen.line([hip, shoulder], 0.2, jacket)
    elbow = ((shoulder[0] + hand[0]) / 2, (shoulder[1] + hand[1]) / 2 - 0.05)
    pen.line([shoulder, elbow, hand], 0.08, shade(jacket, rng, 30))
    head = (shoulder[0] + 0.06, shoulder[1] + 0.17)
    pen.disc(head, 0.11, shade(SKIN, rng, 40))
    if rng.random() < 0.6:
        pen.disc((head[0] - 0.01, head[1] + 0.03), 0.12, paint(rng))
