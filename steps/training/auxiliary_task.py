"""The auxiliary task: the same features also learn to tell the archive's other classes apart."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from steps.dataset.files import Dataset
from steps.network.architecture import Network, to_tensor
from steps.network.augmentation import AugmentationRanges, augment
from steps.network.initialisation import seeded


@dataclass(frozen=True)
class AuxiliaryData:
    """Photos of the other classes, and the weight of their loss relative to the main one."""

    photos: Dataset
    weight: float


class AuxiliaryTask(nn.Module):
    """A second head on a network's features, used only in training."""

    def __init__(self, others: AuxiliaryData, network: Network, seed: int) -> None:
        super().__init__()
        with seeded(seed):
            self.head = nn.Linear(network.head.in_features, int(others.photos.labels.max()) + 1)
        self._x = to_tensor(others.photos.images)
        self._labels = torch.from_numpy(others.photos.labels)
        self._weight = others.weight

    def draw(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """A random batch: augmented photos (count, 3, H, W) and their labels (count,)."""
        rows = torch.randint(len(self._x), (count,), generator=generator)
        return augment(self._x[rows], AugmentationRanges(), generator), self._labels[rows]

    def loss(self, features: Tensor, labels: Tensor) -> Tensor:
        """The weighted loss of features (N, 4 · width) and labels (N,)."""
        return self._weight * functional.cross_entropy(self.head(features), labels)
