"""Changes that cameras and weather make to photos, drawn at random for each photo of a batch in training.

Every function takes photos (N, 3, 32, 32) from 0 to 1 and changes each by a strength of its own. Blur, resolution and
compression are linear maps of rows and columns, so they are computed as products of small matrices.
"""

from functools import cache

import torch
from torch import Tensor

SIDE = 32
BLOCK = 8  # pixels a side of the squares that JPEG compresses
LUMA_AND_CHROMA = ((0.299, 0.587, 0.114), (-0.1687, -0.3313, 0.5), (0.5, -0.4187, -0.0813))  # of JPEG
CHANCE = 0.12  # that a photo undergoes each of the nine changes: on average about one a photo


def photograph(x: Tensor, generator: torch.Generator) -> Tensor:
    """Photos as cameras take them: each change happens to some, in the order in which light meets its causes."""
    x = x.clone()
    for change in (recede, occlude, blur, light, haze, noise, specks, lower_resolution, compress):
        rows = torch.nonzero(torch.rand(len(x), generator=generator) < CHANCE).flatten()
        if len(rows):
            x[rows] = change(x[rows], generator)
    return x.clamp(0, 1)


def between(low: float, high: float, count: int, generator: torch.Generator) -> Tensor:
    """Values (count, 1, 1, 1) between two limits, uniformly."""
    return low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)


def recede(x: Tensor, generator: torch.Generator) -> Tensor:
    """Show each photo smaller, somewhere on a ground of one colour: the vehicle is far away."""
    count = len(x)
    side = between(14, SIDE, count, generator)
    across, down = (_smaller(side, between(0, 1, count, generator) * (SIDE - side)) for _ in range(2))
    inside = down.sum(dim=3, keepdim=True) * across.sum(dim=3).unsqueeze(2)
    ground = torch.rand(count, 3, 1, 1, generator=generator)
    return down @ x @ across.transpose(2, 3) + (1 - inside) * ground


def _smaller(side: Tensor, start: Tensor) -> Tensor:
    """Matrices (N, 1, 32, 32) that average a column to a length `side` (N, 1, 1, 1), from a pixel `start` on."""
    place = torch.arange(SIDE)
    first = (place[:, None] - start) * SIDE / side
    shares = torch.minimum(first + SIDE / side, place + 1) - torch.maximum(first, place)
    return shares.clamp(min=0) * side / SIDE


def occlude(x: Tensor, generator: torch.Generator) -> Tensor:
    """Lay a rectangle of one colour over each photo."""
    count = len(x)
    place = torch.arange(SIDE)
    inside = []
    for shape in ((1, 1, SIDE, 1), (1, 1, 1, SIDE)):
        size, middle = between(5, 15, count, generator), between(0, SIDE, count, generator)
        inside.append((place.view(shape) - middle).abs() < size / 2)
    colour = torch.rand(count, 3, 1, 1, generator=generator)
    return torch.where(inside[0] & inside[1], colour, x)


def blur(x: Tensor, generator: torch.Generator) -> Tensor:
    """Blur rows and columns by Gaussians of their own widths: out of focus, or moved."""
    across, down = (_gaussian(between(0.2, 1.5, len(x), generator)) for _ in range(2))
    return down @ x @ across.transpose(2, 3)


def _gaussian(deviation: Tensor) -> Tensor:
    """Matrices (N, 1, 32, 32) that blur a column by a deviation (N, 1, 1, 1) in pixels."""
    place = torch.arange(SIDE)
    weights = (-((place[:, None] - place) ** 2) / (2 * deviation**2)).clamp(min=-20).exp()
    return weights / weights.sum(dim=3, keepdim=True)


def lower_resolution(x: Tensor, generator: torch.Generator) -> Tensor:
    """Average the pixels to fewer, and interpolate between those."""
    sides = torch.randint(11, SIDE, (len(x),), generator=generator).tolist()
    matrices = torch.stack([_resolution(side) for side in sides])[:, None]
    return matrices @ x @ matrices.transpose(2, 3)


@cache
def _resolution(side: int) -> Tensor:
    """The matrix (32, 32) that averages a column to `side` pixels, and interpolates between them."""
    edges = torch.arange(side + 1) * SIDE / side
    place = torch.arange(SIDE)
    shares = (torch.minimum(place + 1, edges[1:, None]) - torch.maximum(place, edges[:-1, None])).clamp(min=0)
    where = ((place + 0.5) * side / SIDE - 0.5).clamp(0, side - 1)
    spread = (1 - (where[:, None] - torch.arange(side)).abs()).clamp(min=0)
    return spread @ (shares * side / SIDE)


def light(x: Tensor, generator: torch.Generator) -> Tensor:
    """Too little or too much light: a factor, and a gamma that lifts or lowers the middle tones."""
    gain = (between(-1.5, 0.6, len(x), generator)).exp()
    gamma = between(-0.6, 0.6, len(x), generator).exp()
    return (gain * x.clamp(1e-3, 1) ** gamma).clamp(0, 1)


def haze(x: Tensor, generator: torch.Generator) -> Tensor:
    """Mix each photo with one shade of grey, as fog and dirty lenses do, which takes contrast away."""
    share, shade = between(0.2, 0.8, len(x), generator), between(0.2, 1, len(x), generator)
    return (1 - share) * x + share * shade


def noise(x: Tensor, generator: torch.Generator) -> Tensor:
    """Noise of the sensor, equally strong everywhere, and of the light, which is stronger where there is more of it."""
    even, shot = between(0, 0.1, len(x), generator), between(0, 0.2, len(x), generator)
    deviation = (even**2 + shot**2 * x.clamp(0, 1)).sqrt()
    return (x + deviation * torch.randn(x.shape, generator=generator)).clamp(0, 1)


def specks(x: Tensor, generator: torch.Generator) -> Tensor:
    """Dead, hot and wrong pixels."""
    share = between(0, 0.08, len(x), generator)
    wrong = torch.rand(len(x), 1, SIDE, SIDE, generator=generator) < share
    return torch.where(wrong, torch.rand(x.shape, generator=generator).round(), x)


def compress(x: Tensor, generator: torch.Generator) -> Tensor:
    """Round the frequencies of blocks of 8 × 8 pixels, as JPEG does, with the colours at half the resolution."""
    colours, cosines, steps = torch.tensor(LUMA_AND_CHROMA), _cosines(), _steps()
    steps = steps * between(-5.5, -2, len(x), generator).exp()
    half = torch.kron(torch.eye(SIDE // 2), torch.full((2, 2), 0.5))
    y = torch.einsum("dc,nchw->ndhw", colours, x)
    y = torch.cat([y[:, :1], half @ y[:, 1:] @ half.T], dim=1)
    y = cosines.T @ ((cosines @ y @ cosines.T / steps).round() * steps) @ cosines
    return torch.einsum("dc,nchw->ndhw", colours.inverse(), y).clamp(0, 1)


@cache
def _cosines() -> Tensor:
    """The matrix (32, 32) that turns each block of a column into its frequencies."""
    place = torch.arange(BLOCK)
    rows = (torch.pi * place[:, None] * (place + 0.5) / BLOCK).cos() * (2 / BLOCK) ** 0.5
    rows[0] /= 2**0.5
    return torch.kron(torch.eye(SIDE // BLOCK), rows)


@cache
def _steps() -> Tensor:
    """How coarsely each frequency of a block (32, 32) is rounded: the higher ones more."""
    frequency = torch.arange(SIDE) % BLOCK
    return 1 + 0.5 * (frequency[:, None] + frequency)
