"""Draws one photo: a vehicle or something else in a random pose and surroundings, taken by an imperfect camera."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from pipelines.data.drawing.bicycles import draw_bicycle
from pipelines.data.drawing.bystanders import draw_broadleaf, draw_conifer, draw_nothing, draw_person
from pipelines.data.drawing.large_vehicles import draw_bus, draw_car, draw_pickup_truck, draw_streetcar, draw_van
from pipelines.data.drawing.motorcycles import draw_motorcycle
from pipelines.data.drawing.pen import Pen
from pipelines.data.drawing.scenery import backdrop, occlude

SIZE = 32  # width and height of a photo in pixels
OVERSAMPLING = 4  # the scene is drawn this many times larger and then scaled down, for smooth edges

Painter = Callable[[Pen, np.random.Generator], None]

PAINTERS: Mapping[str, Painter] = MappingProxyType(  # of vehicles that a model can be trained to tell apart
    {
        "bicycle": draw_bicycle,
        "motorcycle": draw_motorcycle,
        "bus": draw_bus,
        "pickup_truck": draw_pickup_truck,
        "streetcar": draw_streetcar,
    }
)
OTHERS: Mapping[str, Painter] = MappingProxyType(  # of what else comes before the camera
    {
        "car": draw_car,
        "van": draw_van,
        "maple_tree": draw_broadleaf,
        "pine_tree": draw_conifer,
        "man": draw_person,
        "road": draw_nothing,
    }
)


def draw_photo(thing: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draws a photo, uint8 (32, 32, 3) RGB, of something in PAINTERS or OTHERS."""
    size = SIZE * OVERSAMPLING
    picture = backdrop(size, rng)
    _traffic(picture, rng)
    {**PAINTERS, **OTHERS}[thing](Pen(picture, _pose(size, rng)), rng)
    occlude(picture, rng)
    blurred = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.6) * OVERSAMPLING))
    return _expose(blurred.resize((SIZE, SIZE), Image.Resampling.BOX), rng)


def _traffic(picture: Image.Image, rng: np.random.Generator) -> None:
    """Draws, in some pictures, another vehicle in the distance."""
    if rng.random() < 0.3:
        size = picture.width
        length = size * rng.uniform(0.14, 0.22)
        centre = size * np.array([rng.choice((rng.uniform(0, 0.25), rng.uniform(0.75, 1))), rng.uniform(0.35, 0.55)])
        pose = np.column_stack([length * np.diag((rng.choice((-1.0, 1.0)), -1.0)), centre])
        PAINTERS[rng.choice(list(PAINTERS))](Pen(picture, pose), rng)


def _pose(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A random pose: the affine matrix (2, 3) from vehicle coordinates to pixels."""
    length = rng.uniform(0.42, 0.68) * size
    turned = rng.uniform(0.45, 1.0)
    angle = np.radians(rng.uniform(-12, 12))
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    side = rng.choice((-1.0, 1.0))
    perspective = np.array([[side * turned, 0.0], [rng.uniform(-0.2, 0.2), -1.0]])
    centre = size * np.array([rng.uniform(0.35, 0.65), rng.uniform(0.55, 0.78)])
    return np.column_stack([length * rotation @ perspective, centre])


def _expose(picture: Image.Image, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Applies random contrast, brightness, colour cast and sensor noise."""
    pixels = np.asarray(picture, dtype=np.float64)
    pixels = (pixels - 128) * rng.uniform(0.45, 1.2) + 128 + rng.uniform(-35, 35) + rng.uniform(-12, 12, 3)
    pixels += rng.normal(0, rng.uniform(0, 14), pixels.shape)
    return pixels.clip(0, 255).round().astype(np.uint8)
