"""What photos look like does not depend on the side from which they were taken, nor on their company."""

import json
from pathlib import Path

import numpy as np
import pytest

from monitoring.appearance.appearance import appearance, by_name
from monitoring.appearance.light import colour, light
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
    named = [{name: values.tolist() for name, values in numbers.items()} for numbers in by_name(landscape())]
    if request.config.getoption("--update-golden"):
        rounded = [{name: np.round(values, 5).tolist() for name, values in numbers.items()} for numbers in named]
        lines = json.dumps(dict(zip(("plain", "fine"), rounded, strict=True))).replace("], ", "],\n")
        GOLDEN.write_text(lines + "\n", encoding="utf-8")
    known = json.loads(GOLDEN.read_text(encoding="utf-8"))
    for numbers, stacked, kind in zip(named, appearance(landscape()), ("plain", "fine"), strict=True):
        assert list(numbers) == list(known[kind])
        np.testing.assert_allclose(stacked.T, list(known[kind].values()), atol=1e-4)
        assert stacked.dtype == np.float32


def test_numbers_are_computed_in_32_bits_of_which_processors_do_twice_as_many_at_once() -> None:
    plain, fine = by_name(landscape())
    assert {values.dtype for values in (*plain.values(), *fine.values())} == {np.dtype(np.float32)}


def test_white_and_black_begin_at_a_level() -> None:
    for level, white, black in ((247, 0, 0), (248, 1, 0), (9, 0, 0), (8, 0, 1)):
        found = light(np.full((1, 32, 32), level, np.float32))
        assert (found["white"], found["black"]) == (white, black)


def test_quantiles_are_of_1024_pixels_in_order_of_their_light() -> None:
    found = light(np.random.default_rng(0).permutation(1024).reshape(1, 32, 32).astype(np.float32))
    assert {name: round(255 * float(found[name][0])) for name in found if name.startswith("luma_")} == {
        f"luma_{place}": place for place in (51, 256, 512, 768, 972)
    }


def test_colours_that_are_hardly_any() -> None:
    """A photo has no colour as long as no two channels are more than 6 levels apart."""
    found = colour(np.stack([np.full((32, 32, 3), (100, 100, level), np.uint8) for level in (94, 93)]))
    assert found["no_colour"].tolist() == [1, 0]
    assert colour(np.full((1, 32, 32, 3), (1, 0, 0), np.uint8))["saturation"].tolist() == [1]
