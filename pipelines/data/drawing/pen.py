"""A pen that draws in the vehicle's coordinates, which its pose maps to pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

CIRCLE = [(float(np.cos(angle)), float(np.sin(angle))) for angle in np.linspace(0, 2 * np.pi, 33)]


@dataclass(frozen=True)
class Pen:
    """Draws on `picture`. `pose` (2, 3) maps vehicle coordinates (x forward, y up, wheelbase 1) to pixels."""

    picture: Image.Image
    pose: NDArray[np.float64]

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """Fills a polygon."""
        ImageDraw.Draw(self.picture).polygon(self._pixels(points), fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Draws a polyline with round joints. The width is in vehicle units."""
        pixels = self._pixels(points)
        thickness = max(1, round(width * self._scale()))
        draw = ImageDraw.Draw(self.picture)
        draw.line(pixels, fill=colour, width=thickness, joint="curve")

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Fills a circle, which the pose may distort into an ellipse."""
        self.polygon(_circle(centre, radius), colour)

    def ring(self, centre: Point, radius: float, width: float, colour: Colour) -> None:
        """Draws a circular outline inside the radius. The width is in vehicle units."""
        self.line(_circle(centre, radius - width / 2), width, colour)

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        vehicle = np.array([(x, y, 1.0) for x, y in points])
        return [(x, y) for x, y in (vehicle @ self.pose.T).tolist()]

    def _scale(self) -> float:
        return float(np.sqrt(abs(np.linalg.det(self.pose[:, :2]))))


def _circle(centre: Point, radius: float) -> list[Point]:
    return [(centre[0] + radius * x, centre[1] + radius * y) for x, y in CIRCLE]
