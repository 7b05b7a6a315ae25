"""Data augmentation: random changes to a batch of training photos that do not change their class."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class AugmentationRanges:
    """Largest change of each kind, in either direction; each photo draws its own values uniformly."""

    rotation: float = 10.0  # degrees
    scale: float = 0.15  # of the natural logarithm
    aspect: float = 0.1  # of the natural logarithm
    shear: float = 0.1  # of the height
    shift: float = 0.12  # of half a side
    contrast: float = 0.3  # of the natural logarithm
    saturation: float = 0.3  # of the natural logarithm
    brightness: float = 0.15  # of the range of pixels
    tint: float = 0.05  # of the range of pixels, each channel on its own


def augment(x: Tensor, ranges: AugmentationRanges, generator: torch.Generator) -> Tensor:
    """Photos (N, 3, H, W) from 0 to 1 → randomly mirrored, shifted, rotated, stretched and recoloured.

    Recoloured pixels may lie a little outside 0 to 1.
    """
    return _recolour(_move(x, ranges, generator), ranges, generator)


def rotate_quarter(x: Tensor, turns: Tensor) -> Tensor:
    """Photos (N, 3, H, H), each rotated to the left by its number of quarter turns in `turns` (N,)."""
    return torch.stack([torch.rot90(photo, count, (1, 2)) for photo, count in zip(x, turns.tolist(), strict=True)])


def _between(count: int, reach: float, generator: torch.Generator) -> Tensor:
    return reach * (2 * torch.rand(count, generator=generator) - 1)


def _move(x: Tensor, ranges: AugmentationRanges, generator: torch.Generator) -> Tensor:
    count = len(x)
    mirror = (torch.rand(count, generator=generator) < 0.5).float() * 2 - 1
    angle = _between(count, math.radians(ranges.rotation), generator)
    scale = _between(count, ranges.scale, generator).exp()
    aspect = _between(count, ranges.aspect, generator).exp()
    shear = _between(count, ranges.shear, generator)
    # The matrix maps each point of the result to the source's x and y, both from -1 to 1.
    across = torch.stack(
        [
            mirror * angle.cos() * scale * aspect,
            (shear - angle.sin()) * scale * aspect,
            _between(count, ranges.shift, generator),
        ],
        dim=1,
    )
    down = torch.stack(
        [
            mirror * angle.sin() * scale / aspect,
            angle.cos() * scale / aspect,
            _between(count, ranges.shift, generator),
        ],
        dim=1,
    )
    grid = functional.affine_grid(torch.stack([across, down], dim=1), list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, padding_mode="reflection", align_corners=False)


def _recolour(x: Tensor, ranges: AugmentationRanges, generator: torch.Generator) -> Tensor:
    count = len(x)
    contrast = _between(count, ranges.contrast, generator).exp()[:, None, None, None]
    saturation = _between(count, ranges.saturation, generator).exp()[:, None, None, None]
    brightness = _between(count, ranges.brightness, generator)[:, None, None, None]
    tint = _between(3 * count, ranges.tint, generator).view(count, 3, 1, 1)
    mean = x.mean(dim=(1, 2, 3), keepdim=True)
    x = (x - mean) * contrast + mean + brightness
    grey = x.mean(dim=1, keepdim=True)
    return grey + (x - grey) * saturation + tint
