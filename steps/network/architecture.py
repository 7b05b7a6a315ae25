"""A small residual network for 32×32 photos (after He et al., "Deep Residual Learning", 2016), on whitened patches."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional

from steps.arrays import Images
from steps.network.description import Architecture, Normalisation

TURNS = 4  # rotations by 0, 90, 180 and 270 degrees
SIDES = (1, -1)  # which way round a photo is turned in a view, and in its mirror image
WHITENING_SIDE = 3  # pixels
WHITENING_FILTERS = 3 * WHITENING_SIDE**2
WHITENED_AT_ONCE = 16  # photos; their activations, the largest in the network, then fit into a core's cache
CLASSIFIED_AT_ONCE = 32  # views of photos, for the same reason
SMALLEST_VARIANCE = 1e-2  # added to every variance, so that the weakest filters do not amplify noise


class Residual(nn.Module):
    """A convolution of `side` × `side` pixels, then a 3×3 convolution with a shortcut; the image keeps its size."""

    def __init__(self, inputs: int, outputs: int, side: int = 3) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, side, padding=side // 2, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) → (N, outputs, H, W)."""
        y = self.norm1(self.conv1(x))
        return functional.silu(y + self.norm2(self.conv2(functional.silu(y))))


class Network(nn.Module):
    """Fixed whitening filters, three residual stages, global max pooling and a linear head.

    The stages work on images of 16, 8 and 4 pixels a side. The head predicts the outcome (a class, or none of them)
    together with the photo's rotation (Lee et al., "Self-supervised Label Augmentation via Input Transformations",
    2020): the features that reveal the rotation also help to tell the class, which matters when there are few photos.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        width = architecture.width
        self.outcomes = architecture.outcomes
        self.whitening = nn.Conv2d(3, WHITENING_FILTERS, WHITENING_SIDE, padding=WHITENING_SIDE // 2, bias=False)
        self.whitening.weight.requires_grad = False
        self.stage1 = Residual(2 * WHITENING_FILTERS, width, side=1)  # the whitening filters have covered 3×3 already
        self.stage2 = Residual(width, 2 * width)
        self.stage3 = Residual(2 * width, 4 * width)
        self.head = nn.Linear(4 * width, TURNS * architecture.outcomes)

    def features(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → features (N, 4 · width)."""
        x = x.contiguous(memory_format=torch.channels_last)  # a third faster on CPUs, mostly in pooling
        x = functional.silu(torch.cat([self._whitened(photos) for photos in torch.split(x, WHITENED_AT_ONCE)]))
        x = functional.max_pool2d(self.stage1(x), 2)
        x = functional.max_pool2d(self.stage2(x), 2)
        features: Tensor = self.stage3(x).amax(dim=(2, 3))
        return features

    def _whitened(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) → (N, 54, H/2, W/2): the filters' responses and their negatives, max-pooled."""
        answers = self.whitening(x)
        return torch.cat([of_four(torch.maximum, answers), -of_four(torch.minimum, answers)], dim=1)

    def head_logits(self, features: Tensor) -> Tensor:
        """Features (N, 4 · width) → logits (N, turns, outcomes), one for each pair of rotation and outcome."""
        logits: Tensor = self.head(features)
        return logits.view(len(features), TURNS, -1)

    def forward(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → logits (N, turns, outcomes)."""
        return self.head_logits(self.features(x))

    def judge(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → logits (N, turns, outcomes): how a photo was turned, and what it shows.

        The mean over eight views: four rotations and their mirror images. A photo that was turned once, and twice more
        to make a view, must be seen turned three times. In a mirror image it is turned the other way round.
        """
        views = torch.split(quarter_rotations(torch.cat([x, x.flip(3)])), CLASSIFIED_AT_ONCE)
        logits = torch.cat([self(some) for some in views]).view(TURNS, 2, len(x), TURNS, -1)
        view, side, seen = _looked_at()
        return logits[view, side, :, seen].mean(dim=1).transpose(0, 1)

    def classify(self, x: Tensor) -> Tensor:
        """Normalised images (N, 3, 32, 32) → logits (N, outcomes) of photos that were not turned."""
        return self.judge(x)[:, 0]

    def whiten(self, x: Tensor) -> None:
        """Set the whitening filters from normalised images (N, 3, 32, 32)."""
        self.whitening.weight.data = whitening_filters(x)


@cache  # for a single photo, making these took longer than using them
def _looked_at() -> tuple[Tensor, Tensor, Tensor]:
    """For each turn of a photo, its eight views: how they were made, from which side, and how turned they must look."""
    with torch.inference_mode(mode=False):  # tensors of an inference, kept by the cache, would be no use in training
        views = torch.arange(TURNS).repeat_interleave(len(SIDES)).expand(TURNS, -1)
        sides = torch.arange(len(SIDES)).repeat(TURNS).expand(TURNS, -1)
        return views, sides, (views + torch.tensor(SIDES)[sides] * torch.arange(TURNS)[:, None]) % TURNS


def quarter_rotations(x: Tensor) -> Tensor:
    """Photos (N, 3, H, H) → (4 · N, 3, H, H): rotated to the left by 0, then by 90, 180 and 270 degrees."""
    return torch.cat([torch.rot90(x, turn, (2, 3)) for turn in range(TURNS)])


def whitening_filters(x: Tensor) -> Tensor:
    """Filters (27, 3, 3, 3) whose responses to patches of images (N, 3, H, W) are uncorrelated, with equal variance.

    They are the eigenvectors of the patches' covariance, each divided by its standard deviation. The network uses both
    signs of each response, because the activation that follows keeps only positive values (K. Jordan, "94% on CIFAR-10
    in 3.29 Seconds", 2024).
    """
    patches = functional.unfold(x, WHITENING_SIDE).transpose(1, 2).flatten(0, 1)
    variances, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters: Tensor = vectors / (variances + SMALLEST_VARIANCE).sqrt()
    return filters.T.reshape(-1, 3, WHITENING_SIDE, WHITENING_SIDE)


def of_four(extreme: Callable[[Tensor, Tensor], Tensor], x: Tensor) -> Tensor:
    """(N, C, H, W) → (N, C, H/2, W/2), the maximum, or minimum, of each 2×2 pixels.

    On CPUs this is much faster than `max_pool2d`.
    """
    x = extreme(x[:, :, ::2], x[:, :, 1::2])
    return extreme(x[:, :, :, ::2], x[:, :, :, 1::2])


def to_tensor(images: Images) -> Tensor:
    """Photos uint8 (N, H, W, 3) → float32 (N, 3, H, W) from 0 to 1; training and serving both use it."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous().float() / 255


def normalise(x: Tensor, normalisation: Normalisation) -> Tensor:
    """Pixels (N, 3, H, W) from 0 to 1 → zero mean and unit deviation over the training images."""
    mean, std = torch.tensor(normalisation.mean), torch.tensor(normalisation.std)
    return (x - mean[:, None, None]) / std[:, None, None]
