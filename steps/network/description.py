"""What describes a network besides its weights. Reading it needs no PyTorch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    """Size of a network: channels of the first stage, which each later stage doubles, and what it tells apart.

    `other` says that it has learnt "none of the classes" besides.
    """

    width: int
    classes: int
    other: bool = False  # models from before it could be learnt do not say so

    @property
    def outcomes(self) -> int:
        """The classes, and "none of them" where that is learnt, which is then the last."""
        return self.classes + self.other


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of each colour channel of the training images, on the scale 0 to 1."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
