"""What is said of windows of which one knows what is wrong with them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageFilter
from profiled import window

from monitoring.appearance import changes
from monitoring.features.training_images import Labelled
from monitoring.judgement.reference import Reference
from monitoring.judgement.verdict import References, Verdict, judge
from windows.spans import EVERYTHING, Span

NOW = datetime(2026, 3, 10, tzinfo=UTC)
Capture = Callable[..., None]


def said(folder: Path, reference: Reference | None, span: Span = EVERYTHING) -> Verdict:
    return judge(window(folder, span, NOW), References(reference))


def causes(verdict: Verdict) -> list[str]:
    return [cause.cause for cause in verdict.causes]


def test_good_photos_with_right_answers_are_trusted(
    traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path
) -> None:
    capture(tmp_path, traffic.images, traffic.labels)
    verdict = said(tmp_path, reference)
    assert (verdict.word, causes(verdict)) == ("trust", [])
    assert verdict.document["records"] == 120
    assert verdict.document["window"] == {"from": "2026-03-09T00:00:00Z", "to": "2026-03-09T01:59:00.000001Z"}
    assert verdict.document["baseline"] == {"photos": 120, "classes": ["bicycle", "motorcycle"]}
    assert [each["what"] for each in verdict.document["not_compared"]] == [
        "traffic",
        "confidence",
        "upright",
        "accuracy",
    ]


def test_mirrored_photos_are_trusted(traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path) -> None:
    capture(tmp_path, traffic.images[:, :, ::-1], traffic.labels)
    assert said(tmp_path, reference).word == "trust"


@pytest.mark.parametrize(
    ("cause", "change"),
    [
        ("dark", lambda pixels: changes.scaled(pixels, 0.25)),
        ("bright", lambda pixels: changes.scaled(pixels, 2.0, 20)),
        ("low_contrast", lambda pixels: changes.faded(pixels, 0.75, 200)),
        ("blur", lambda pixels: changes.filtered(pixels, ImageFilter.GaussianBlur(1.4))),
        ("noise", lambda pixels: changes.noisy(pixels, 24)),
        ("compression", lambda pixels: changes.compressed(pixels, 15)),
        ("low_resolution", lambda pixels: changes.rescaled(pixels, 9, changes.SCALINGS[0])),
        ("turned", changes.sideways),
        ("turned", changes.upside_down),
        ("greyscale", changes.greyscale),
        ("channel_order", changes.exchanged),
    ],
)
def test_changed_photos_are_named(
    cause: str,
    change: Callable[[np.ndarray], np.ndarray],
    traffic: Labelled,
    reference: Reference,
    capture: Capture,
    tmp_path: Path,
) -> None:
    capture(tmp_path, change(traffic.images), traffic.labels)
    verdict = said(tmp_path, reference)
    assert (verdict.word, causes(verdict)[0]) == ("do_not_trust", cause)
    assert verdict.causes[0].share > 0.5
    assert verdict.causes[0].text.endswith("120 photos")


def test_when_it_began_is_said(traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path) -> None:
    images = traffic.images.copy()
    images[60:] = changes.upside_down(images[60:])
    capture(tmp_path, images, traffic.labels)
    verdict = said(tmp_path, reference)
    assert verdict.headline.startswith("Do not trust: pictures are turned upside down since 0")
    assert abs(datetime.fromisoformat(verdict.document["since"]) - datetime(2026, 3, 9, 1, tzinfo=UTC)).seconds < 900


def test_the_photos_that_show_it_best_are_changed_ones(
    traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path
) -> None:
    images = traffic.images.copy()
    images[60:] = changes.upside_down(images[60:])
    capture(tmp_path, images, traffic.labels)
    shown = said(tmp_path, reference).causes[0].shown
    assert len(set(shown)) == 10
    assert sum(place >= 60 for place in shown) >= 9


def test_photos_whose_answers_do_not_fit_are_shown(
    traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path
) -> None:
    labels = np.where(np.arange(len(traffic.labels)) % 2, 1 - traffic.labels, traffic.labels)
    capture(tmp_path, traffic.images, labels)
    shown = said(tmp_path, reference).causes[0].shown
    assert sum(place % 2 for place in shown) >= 8


def test_exchanged_labels_do_not_agree_with_the_photos(
    traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path
) -> None:
    capture(tmp_path, traffic.images, 1 - traffic.labels)
    verdict = said(tmp_path, reference)
    assert (verdict.word, causes(verdict)) == ("do_not_trust", ["labels_disagree"])
    assert verdict.causes[0].share == pytest.approx(1, abs=0.2)


def test_a_model_that_always_says_the_same_is_bad(
    traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path
) -> None:
    capture(tmp_path, traffic.images, np.ones_like(traffic.labels), sure=0.55)
    assert causes(said(tmp_path, reference)) == ["model_answers", "unsure"]


def test_another_mix_of_classes_is_a_reason_to_look(
    traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path
) -> None:
    only = traffic.labels == 1
    capture(tmp_path, traffic.images[only], traffic.labels[only])
    verdict = said(tmp_path, reference)
    assert (verdict.word, causes(verdict)) == ("look", ["class_mix"])


def test_traffic_is_compared_with_the_days_before(
    traffic: Labelled, reference: Reference, capture: Capture, tmp_path: Path
) -> None:
    for day, count in ((6, 120), (7, 110), (8, 120), (9, 25)):
        capture(tmp_path, traffic.images[:count], traffic.labels[:count], day=day)
    span = Span(datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
    verdict = said(tmp_path, reference, span)
    assert (verdict.word, causes(verdict)) == ("look", ["traffic"])
    assert verdict.causes[0].text == "traffic fell to 21 % of the days before: 25 photos"


def test_sinking_confidence_is_compared_with_the_days_before(
    traffic: Labelled, capture: Capture, tmp_path: Path
) -> None:
    capture(tmp_path, traffic.images, traffic.labels, day=8, sure=0.99)
    capture(tmp_path, traffic.images, traffic.labels, day=9, sure=0.75)
    span = Span(datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
    assert causes(said(tmp_path, None, span)) == ["unsure"]
