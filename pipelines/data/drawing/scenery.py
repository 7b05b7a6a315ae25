"""Draws the background behind a vehicle, and objects in front of it."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from pipelines.data.drawing.colours import darker, dull, grey, paint, shade
from pipelines.data.drawing.pen import Colour
from pipelines.data.drawing.riders import SKIN

Box = tuple[float, float, float, float]


def backdrop(size: int, rng: np.random.Generator) -> Image.Image:
    """Draws a background of `size` x `size` pixels: studio, street, wall or garden."""
    kinds: tuple[Callable[[int, np.random.Generator], Image.Image], ...] = (_studio, _street, _wall, _garden)
    return kinds[rng.choice(4, p=(0.2, 0.35, 0.2, 0.25))](size, rng)


def occlude(picture: Image.Image, rng: np.random.Generator) -> None:
    """Draws, in some pictures, an object in front: a post, a bush, the edge of a wall, a railing or a pedestrian."""
    if rng.random() > 0.4:
        return
    size, draw, colour = picture.width, ImageDraw.Draw(picture), dull(rng)
    kind = rng.integers(5)
    if kind == 0:
        left = rng.uniform(0.1, 0.9) * size
        draw.rectangle((left, 0, left + rng.uniform(0.04, 0.12) * size, size), fill=colour)
    elif kind == 1:
        _blobs(draw, rng, (0, rng.uniform(0.65, 0.8) * size, size, size), shade((60, 110, 50), rng, 40), count=14)
    elif kind == 2:
        edge = rng.uniform(0.08, 0.3) * size
        draw.rectangle((0, 0, edge, size) if rng.random() < 0.5 else (size - edge, 0, size, size), fill=colour)
    elif kind == 3:
        for left in np.arange(0, size, rng.uniform(0.12, 0.3) * size):
            draw.line((float(left), 0.4 * size, float(left), size), fill=colour, width=max(1, size // 50))
    else:
        _passer_by(draw, rng, size)


def _passer_by(draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: int) -> None:
    """Draws a pedestrian."""
    x, top, height = rng.uniform(0.1, 0.9) * size, rng.uniform(0.1, 0.35) * size, rng.uniform(0.5, 0.7) * size
    wide = height * 0.1
    for step in (-1, 1):
        legs = (x, top + height / 2, x + step * wide * rng.uniform(0.2, 1), top + height)
        draw.line(legs, fill=dull(rng), width=round(wide))
    draw.rounded_rectangle((x - wide, top + 0.2 * height, x + wide, top + 0.6 * height), wide, fill=paint(rng))
    draw.ellipse((x - 0.7 * wide, top, x + 0.7 * wide, top + 0.18 * height), fill=shade(SKIN, rng, 40))


def _studio(size: int, rng: np.random.Generator) -> Image.Image:
    return _gradient(size, grey(rng, 150, 256), grey(rng, 150, 256))


def _street(size: int, rng: np.random.Generator) -> Image.Image:
    picture = _gradient(size, shade((150, 185, 225), rng, 60), shade((205, 210, 215), rng, 45))
    draw, horizon = ImageDraw.Draw(picture), rng.uniform(0.3, 0.75) * size
    for _ in range(int(rng.integers(0, 6))):
        left, width = rng.uniform(-0.1, 1) * size, rng.uniform(0.1, 0.4) * size
        draw.rectangle((left, horizon - rng.uniform(0.1, 0.5) * size, left + width, horizon), fill=dull(rng))
    ground = _gradient(size, dull(rng), grey(rng, 50, 200))
    picture.paste(ground.crop((0, int(horizon), size, size)), (0, int(horizon)))
    return picture


def _wall(size: int, rng: np.random.Generator) -> Image.Image:
    colour = dull(rng)
    picture = _gradient(size, colour, darker(colour, rng.uniform(0.6, 1)))
    draw, step = ImageDraw.Draw(picture), rng.uniform(0.06, 0.2) * size
    for position in np.arange(0, size, step):
        line = (
            (0, float(position), size, float(position))
            if rng.random() < 0.8
            else (float(position), 0, float(position), size)
        )
        draw.line(line, fill=shade(colour, rng, 35), width=max(1, size // 60))
    floor = rng.uniform(0.65, 0.95) * size
    draw.rectangle((0, floor, size, size), fill=dull(rng))
    return picture


def _garden(size: int, rng: np.random.Generator) -> Image.Image:
    picture = _gradient(size, shade((110, 150, 90), rng, 45), shade((90, 110, 60), rng, 35))
    _blobs(ImageDraw.Draw(picture), rng, (0, 0, size, size), shade((85, 115, 60), rng, 30), count=45)
    return picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.03) * size))


def _blobs(draw: ImageDraw.ImageDraw, rng: np.random.Generator, box: Box, colour: Colour, count: int) -> None:
    reach = (box[2] - box[0]) * 0.1
    for _ in range(count):
        x, y, radius = rng.uniform(box[0], box[2]), rng.uniform(box[1], box[3]), rng.uniform(0.3, 1) * reach
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade(colour, rng, 22))


def _gradient(size: int, top: Colour, bottom: Colour) -> Image.Image:
    share = np.linspace(0, 1, size)[:, None, None]
    rows = (1 - share) * np.array(top) + share * np.array(bottom)
    return Image.fromarray(np.broadcast_to(rows, (size, size, 3)).astype(np.uint8))
