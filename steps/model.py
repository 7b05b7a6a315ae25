"""A small residual network for 32×32 photos (after He et al., "Deep Residual Learning", 2016), on whitened patches."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from steps.arrays import Images

TURNS = 4  # quarter turns: 0, 90, 180 and 270 degrees
WHITENING_SIDE = 3  # pixels
WHITENING_FILTERS = 2 * 3 * WHITENING_SIDE**2
SMALLEST_VARIANCE = 5e-4  # keeps noise, which is all that the weakest filters see, from being blown up


@dataclass(frozen=True)
class Architecture:
    """What a network is built from: channels of the first stage (each later one doubles them), and its classes."""

    width: int
    classes: int


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of the training images, one of each a channel, on the scale 0 to 1."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]


class Residual(nn.Module):
    """Two convolutions, of patches of `side` pixels and of 3×3, around a shortcut; the image keeps its size."""

    def __init__(self, inputs: int, outputs: int, side: int = 3) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, side, padding=side // 2, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H, W)."""
        y = functional.gelu(self.norm1(self.conv1(x)))
        return functional.gelu(self.norm2(self.conv2(y)) + self.shortcut(x))


class Network(nn.Module):
    """Whitening filters, which are computed and not learnt, three residual stages, maximum over the image, linear head.

    The stages work at sides of 16, 8 and 4 pixels. The head tells class and quarter turn of a photo together
    (Lee et al., "Self-supervised Label Augmentation via Input Transformations", 2020): what one must see to tell how a
    photo was turned helps to tell its class, which counts where there are few photos.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        width = architecture.width
        self.classes = architecture.classes
        self.whitening = nn.Conv2d(3, WHITENING_FILTERS, WHITENING_SIDE, padding=WHITENING_SIDE // 2, bias=False)
        self.whitening.weight.requires_grad = False
        self.stage1 = Residual(WHITENING_FILTERS, width, side=1)  # the whitening filters have looked at patches already
        self.stage2 = Residual(width, 2 * width)
        self.stage3 = Residual(2 * width, 4 * width)
        self.head = nn.Linear(4 * width, TURNS * architecture.classes)

    def features(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → what is seen in them (N, 4 · width)."""
        x = x.contiguous(memory_format=torch.channels_last)  # a third faster on CPUs, mostly in pooling
        x = functional.gelu(functional.max_pool2d(self.whitening(x), 2))
        x = functional.max_pool2d(self.stage1(x), 2)
        x = functional.max_pool2d(self.stage2(x), 2)
        features: Tensor = self.stage3(x).amax(dim=(2, 3))
        return features

    def read(self, features: Tensor) -> Tensor:
        """Features (N, 4 · width) → logits (N, turns, classes) of each turn and class together."""
        logits: Tensor = self.head(features)
        return logits.view(len(features), TURNS, -1)

    def forward(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → logits (N, turns, classes)."""
        return self.read(self.features(x))

    def classify(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → logits (N, classes).

        The mean over an image's four turns and their mirror images, each read at the outputs of its turn.
        """
        views = [torch.rot90(side, turn, (2, 3)) for turn in range(TURNS) for side in (x, x.flip(3))]
        logits: Tensor = self(torch.cat(views)).view(TURNS, 2, len(x), TURNS, -1)
        return torch.stack([logits[turn, :, :, turn] for turn in range(TURNS)]).mean(dim=(0, 1))

    def whiten(self, x: Tensor) -> None:
        """Compute the whitening filters from normalised images (N, 3, 32, 32)."""
        self.whitening.weight.data = whitening_filters(x)


def whitening_filters(x: Tensor) -> Tensor:
    """Filters (54, 3, 3, 3) whose answers to patches of the images (N, 3, H, W) are uncorrelated and equally strong.

    The eigenvectors of the patches' covariance, each scaled by its deviation, and once more with the opposite sign,
    since the activation that follows keeps positive answers only (K. Jordan, "94% on CIFAR-10 in 3.29 Seconds", 2024).
    """
    patches = functional.unfold(x, WHITENING_SIDE).transpose(1, 2).flatten(0, 1)
    variances, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / (variances + SMALLEST_VARIANCE).sqrt()).T.reshape(-1, 3, WHITENING_SIDE, WHITENING_SIDE)
    return torch.cat([filters, -filters])


def to_tensor(images: Images) -> Tensor:
    """Photos uint8 (N, H, W, 3) → float32 (N, 3, H, W) from 0 to 1: the one way into the network."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous().float() / 255


def normalise(x: Tensor, normalisation: Normalisation) -> Tensor:
    """Pixels (N, 3, H, W) from 0 to 1 → zero mean and unit deviation over the training images."""
    mean, std = torch.tensor(normalisation.mean), torch.tensor(normalisation.std)
    return (x - mean[:, None, None]) / std[:, None, None]
