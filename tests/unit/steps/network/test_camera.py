"""What cameras do to photos: every photo in its own way, the same again with the same seed."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from steps.network import camera

CHANGES = (
    *(camera.recede, camera.occlude, camera.blur, camera.light, camera.haze, camera.noise, camera.specks),
    *(camera.lower_resolution, camera.compress),
)


def photos() -> Tensor:
    """Forty times the same photo, of stripes that grow brighter to the right."""
    stripes = torch.linspace(0.2, 0.8, 32) + 0.15 * (-1) ** torch.arange(32)
    return stripes.expand(40, 3, 32, 32).clone()


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("change", CHANGES)
def test_every_photo_is_changed_in_its_own_way(change: Callable[[Tensor, torch.Generator], Tensor]) -> None:
    x = photos()
    changed = change(x, generator(0))
    assert changed.shape == x.shape
    assert torch.equal(x, photos())
    assert len({round(float(each), 6) for each in (changed - x).square().mean(dim=(1, 2, 3))}) > 15
    assert torch.equal(changed, change(x, generator(0)))
    assert not torch.equal(changed, change(x, generator(1)))


def test_a_camera_leaves_some_photos_alone_and_all_within_range() -> None:
    x = photos().repeat(5, 1, 1, 1)
    taken = camera.photograph(x, generator(0))
    same = (taken == x).all(dim=3).all(dim=2).all(dim=1)
    assert 0 < int(same.sum()) < 100
    assert 0 <= float(taken.min()) < float(taken.max()) <= 1


@pytest.mark.parametrize("change", [camera.blur, camera.lower_resolution])
def test_what_takes_sharpness_keeps_brightness(change: Callable[[Tensor, torch.Generator], Tensor]) -> None:
    x = photos()
    changed = change(x, generator(0))
    assert torch.allclose(changed.mean(dim=(1, 2, 3)), x.mean(dim=(1, 2, 3)), atol=0.02)
    assert (changed.var(dim=(1, 2, 3)) < x.var(dim=(1, 2, 3))).all()


def test_light_compression_changes_little() -> None:
    x = photos()
    error = (camera.compress(x, generator(0)) - x).square().mean(dim=(1, 2, 3)).sqrt()
    assert float(error.min()) < 0.01 < float(error.max()) < 0.2


def test_a_photo_that_recedes_is_whole() -> None:
    """Of its light as much is left as of its area; all else is ground."""
    x = torch.ones(40, 3, 32, 32)
    far = camera.recede(x, generator(0))
    covered = (far > 0.999).all(dim=1).sum(dim=(1, 2))
    assert int(covered.min()) < 15**2
    assert int(covered.max()) > 29**2
