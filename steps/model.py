"""A small residual network for 32×32 photos (after He et al., "Deep Residual Learning", 2016)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from steps.arrays import Images


@dataclass(frozen=True)
class Architecture:
    """What a network is built from: channels of the first stage (each later one doubles them), and its outputs."""

    width: int
    outputs: int


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of the training images, one of each a channel, on the scale 0 to 1."""

    mean: tuple[float, float, float]
    std: tuple[float, float, float]


class Residual(nn.Module):
    """Two 3×3 convolutions with batch normalisation around a shortcut; halves the sides when `stride` is 2."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H / stride, W / stride)."""
        y = functional.relu(self.norm1(self.conv1(x)))
        return functional.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class Network(nn.Module):
    """Stem, four residual stages, average pooling, linear head."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        width = architecture.width
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        )
        self.stages = nn.Sequential(
            Residual(width, width, 2), Residual(width, 2 * width, 2), Residual(2 * width, 4 * width, 2)
        )
        self.head = nn.Linear(4 * width, architecture.outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → logits (N, outputs)."""
        features: Tensor = self.stages(self.stem(x))
        logits: Tensor = self.head(features.mean(dim=(2, 3)))
        return logits


def to_tensor(images: Images) -> Tensor:
    """Photos uint8 (N, H, W, 3) → float32 (N, 3, H, W) from 0 to 1: the one way into the network."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous().float() / 255


def normalise(x: Tensor, normalisation: Normalisation) -> Tensor:
    """Pixels (N, 3, H, W) from 0 to 1 → zero mean and unit deviation over the training images."""
    mean, std = torch.tensor(normalisation.mean), torch.tensor(normalisation.std)
    return (x - mean[:, None, None]) / std[:, None, None]
