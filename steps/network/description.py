"""What describes a network besides its weights. Reading it needs no PyTorch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    """Size of a network: channels of the first stage, which each later stage doubles, and number of classes."""

    width: int
    classes: int


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of each colour channel of the training images, on the scale 0 to 1."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
