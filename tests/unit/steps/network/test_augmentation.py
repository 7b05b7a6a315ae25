"""Augmentation changes photos as far as it says, and no further."""

import pytest
import torch
from torch import Tensor

from steps.network.augmentation import AugmentationRanges, augment, rotate_quarter

NONE = AugmentationRanges(*[0.0] * 9)


def ramp() -> Tensor:
    """A photo that grows brighter to the right and, less so, downwards, many times."""
    across, down = torch.linspace(0.2, 0.6, 32), torch.linspace(0, 0.2, 32)
    return (across[None, :] + down[:, None]).expand(40, 3, 32, 32).clone()


def test_no_strength_only_mirrors() -> None:
    x = ramp()
    changed = augment(x, NONE, torch.Generator().manual_seed(0))
    same = (changed - x).abs().amax(dim=(1, 2, 3)) < 1e-5
    mirrored = (changed - x.flip(3)).abs().amax(dim=(1, 2, 3)) < 1e-5
    assert (same | mirrored).all()
    assert 8 <= int(mirrored.sum()) <= 32


def test_same_seed_same_photos() -> None:
    first, again, other = (
        augment(ramp(), AugmentationRanges(), torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_every_photo_is_changed_in_its_own_way() -> None:
    changed = augment(ramp(), AugmentationRanges(), torch.Generator().manual_seed(0))
    assert changed.shape == (40, 3, 32, 32)
    assert len({round(float(value), 5) for value in changed.mean(dim=(1, 2, 3))}) == 40
    assert -0.5 < float(changed.min()) < float(changed.max()) < 1.5


@pytest.mark.parametrize("change", ["brightness", "tint"])
def test_colours_move_as_far_as_they_may(change: str) -> None:
    x = torch.full((200, 3, 32, 32), 0.5)
    moved = augment(
        x, AugmentationRanges(**(dict.fromkeys(vars(NONE), 0.0) | {change: 0.1})), torch.Generator().manual_seed(0)
    )
    assert 0.08 < float((moved - 0.5).abs().max()) <= 0.1 + 1e-6


def test_each_photo_is_turned_by_its_own_quarters() -> None:
    x = torch.arange(5 * 3 * 4 * 4).float().view(5, 3, 4, 4)
    turned = rotate_quarter(x, torch.tensor([0, 1, 2, 3, 0]))
    assert torch.equal(turned[0], x[0])
    assert torch.equal(turned[1][:, 0, 0], x[1][:, 0, -1])  # to the left: the right upper corner becomes the left one
    assert torch.equal(turned[2], x[2].flip(1, 2))
    assert torch.equal(rotate_quarter(turned, torch.tensor([0, 3, 2, 1, 0])), x)
