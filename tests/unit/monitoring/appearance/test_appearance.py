"""What photos look like does not depend on the side from which they were taken, nor on their company."""

import json
from pathlib import Path

import numpy as np
import pytest

from monitoring.appearance.appearance import appearance
from monitoring.judgement.reference import FORMAT

GOLDEN = Path(__file__).parents[3] / "golden" / "monitoring" / f"appearance-{FORMAT}.json"

NOISE = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3)).repeat(8, 1).repeat(8, 2).astype(np.uint8)


def test_mirrored_photos_look_the_same() -> None:
    for found, mirrored in zip(appearance(NOISE), appearance(NOISE[:, :, ::-1]), strict=True):
        assert np.abs(found - mirrored).mean() < 0.01


def test_photos_look_the_same_in_any_company() -> None:
    many = np.concatenate([NOISE] * 60)
    for alone, together in zip(appearance(NOISE[:1]), appearance(many), strict=True):
        assert np.allclose(together[295], alone[0], atol=1e-5)


@pytest.mark.parametrize("level", [0, 255])
def test_even_photos_have_finite_numbers(level: int) -> None:
    even = np.full((2, 32, 32, 3), level, np.uint8)
    assert all(np.isfinite(found).all() for found in appearance(even))


def landscape() -> np.ndarray:
    """Three photos (3, 32, 32, 3) with slopes, edges, fine noise and patches of white, black and grey."""
    rows, columns = np.mgrid[:32, :32]
    draw = np.random.default_rng(7)
    slopes = np.stack([4 * rows + 2 * columns, 200 - 3 * rows, 60 + 5 * columns], axis=2)
    noisy = slopes + draw.integers(-9, 10, (32, 32, 3))
    edges = np.where(((rows // 5 + columns // 7) % 2)[..., None] == 0, slopes, 255 - slopes)
    edges[:6], edges[26:], edges[10:14] = 255, 0, edges[10:14, :, :1]
    dots = np.kron(draw.integers(0, 256, (8, 8, 3)), np.ones((4, 4, 1), np.int64)) // 2 + slopes // 3
    return np.stack([noisy, edges, dots]).clip(0, 255).astype(np.uint8)


def test_numbers_are_those_that_references_of_this_format_hold(request: pytest.FixtureRequest) -> None:
    """Whoever changes a formula raises FORMAT: a reference that was made before would judge photos by other numbers."""
    plain, fine = appearance(landscape())
    if request.config.getoption("--update-golden"):
        rounded = {"plain": plain.round(5).tolist(), "fine": fine.round(5).tolist()}
        GOLDEN.write_text(json.dumps(rounded) + "\n", encoding="utf-8")
    known = json.loads(GOLDEN.read_text(encoding="utf-8"))
    np.testing.assert_allclose(plain, known["plain"], atol=1e-4)
    np.testing.assert_allclose(fine, known["fine"], atol=1e-4)
