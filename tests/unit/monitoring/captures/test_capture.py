import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from monitoring.captures import capture, files
from monitoring.captures.capture import Captures, read_answers_to, read_captures, read_image
from monitoring.captures.files import Line, Part
from monitoring.captures.payloads import Defaults
from monitoring.captures.photos import COLUMNS, rows_of
from monitoring.captures.record import Record, digest_of, parse
from monitoring.errors import UnusableLineError
from monitoring.features.images import digest, facts, see
from monitoring.profiles.parts import Reader, Task, profile_part

DEFAULTS = Defaults(("bicycle", "motorcycle"), 0.93)


@pytest.fixture
def found(captures: Path) -> Captures:
    return read_captures(captures, DEFAULTS)


def row(found: Captures, event: str, position: int = 0) -> dict[str, Any]:
    photos = found.photos
    (found_row,) = photos[(photos["event_id"] == event) & (photos["position"] == position)].to_dict("records")
    return {str(key): value for key, value in found_row.items()}


def test_every_line_is_a_photo_a_repetition_or_a_problem(found: Captures) -> None:
    assert len(found.photos) == 9
    assert found.duplicates == 1
    assert len(found.unusable_lines) == 3
    assert len(found.files) == 2


def test_our_response_is_decided_by_its_own_threshold(found: Captures) -> None:
    photo = row(found, "event-1")
    assert photo["predicted"] == "bicycle"
    assert photo["confidence"] == pytest.approx(0.97)
    assert photo["threshold"] == 0.9
    assert photo["decision"] == "accepted"
    assert photo["model_version"] == "train-1"
    assert photo["inference_id"] == "photo-1"
    assert str(photo["time"]) == "2026-03-01 10:00:00+00:00"
    assert (photo["width"], photo["height"]) == (32, 32)
    assert photo["file"].endswith("00-00-000-a.jsonl")
    assert photo["line"] == 1


def test_bare_probabilities_take_classes_and_threshold_from_the_defaults(found: Captures) -> None:
    photo = row(found, "event-4")
    assert photo["labels"] == ("bicycle", "motorcycle")
    assert (photo["threshold"], photo["decision"]) == (0.93, "accepted")


def test_a_request_of_several_images_gives_a_row_each(found: Captures) -> None:
    first, second = row(found, "event-3", 0), row(found, "event-3", 1)
    assert (first["predicted"], second["predicted"]) == ("motorcycle", "bicycle")
    assert (first["decision"], second["decision"]) == ("accepted", "low_confidence")
    assert first["image_digest"] != second["image_digest"]


def test_at_the_threshold_a_photo_is_accepted(found: Captures) -> None:
    assert row(found, "event-11")["decision"] == "accepted"


def test_an_answer_in_base64_without_its_request(found: Captures) -> None:
    photo = row(found, "event-7")
    assert (photo["predicted"], photo["decision"], photo["threshold"]) == ("motorcycle", "accepted", 0.75)
    assert pd.isna(photo["image_digest"])
    assert pd.isna(photo["content_type"])
    assert photo["status"] == "ok"


def test_a_row_says_what_was_sent(found: Captures, draw: Callable[[int], bytes]) -> None:
    photo = row(found, "event-2")
    assert (photo["status"], photo["content_type"]) == ("ok", "image/png")
    assert photo["image_digest"] == digest(draw(2))
    assert pd.isna(photo["reason"])


def test_a_row_says_how_the_image_looks(found: Captures, draw: Callable[[int], bytes]) -> None:
    photo, looks = row(found, "event-2"), facts([see(draw(2))])
    for name in ("brightness", "contrast", "saturation", "sharpness"):
        assert photo[name] == pytest.approx(getattr(looks, name)[0])


def test_images_of_few_records_are_looked_at_and_the_others_only_glanced_at(
    record: Callable[..., Any], payload: Callable[..., Any]
) -> None:
    wide = io.BytesIO()
    Image.new("RGB", (40, 30)).save(wide, "PNG")
    content = json.dumps(record(1, request=payload(wide.getvalue(), "image/png"))).encode()
    read, number = parse(Record, content), digest_of("event-1")
    (looked_at,) = rows_of(read, DEFAULTS, Line("x.jsonl", 1, content), most=number)
    (glanced_at,) = rows_of(read, DEFAULTS, Line("x.jsonl", 1, content), most=number - 1)
    assert ("seen" in looked_at, "seen" in glanced_at) == (True, False)
    assert glanced_at == {name: value for name, value in looked_at.items() if name != "seen"}
    assert (glanced_at["width"], glanced_at["height"], glanced_at["status"]) == (40, 30, "ok")


def test_an_id_that_is_no_unicode_has_a_digest_too() -> None:
    assert digest_of("a\ud800") == digest_of("a?")


def test_many_photos_make_the_same_table_as_few(
    found: Captures, captures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "ROWS_AT_ONCE", 2)
    again = read_captures(captures, DEFAULTS)
    pd.testing.assert_frame_equal(again.photos, found.photos)


def test_questions_of_deployments_are_counted_nowhere(
    tmp_path: Path, record: Callable[..., Any], respond: Callable[..., Any], write_lines: Callable[..., Path]
) -> None:
    asked, refused, other = record(1, respond(0.97)), record(2, {"error": "no answer"}), record(3, respond(0.97))
    for each, name in ((asked, "kept-photo/3/1"), (refused, "kept-photo/3/2"), (other, "kept-photo-of-somebody")):
        each["eventMetadata"]["inferenceId"] = name
    write_lines(tmp_path / "x.jsonl", asked, asked, refused, other)
    found = read_captures(tmp_path, DEFAULTS)
    assert (list(found.photos["event_id"]), found.duplicates, found.problems) == (["event-3"], 0, ())
    part = profile_part(Reader(tmp_path, DEFAULTS), Task(Part("x.jsonl"), "2026-03-01T10Z"))
    assert [profile.counts.photos for profile in part.profiles.values()] == [1]


def test_what_is_no_file_is_told_apart_from_lines(tmp_path: Path) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "x.jsonl").write_bytes(b"broken\n")
    found = read_captures(tmp_path, DEFAULTS)
    assert [each.place for each in found.unreadable_files] == ["folder.jsonl"]
    assert [each.place for each in found.unusable_lines] == ["x.jsonl:1"]
    assert found.files == ("x.jsonl",)


def test_an_image_that_cannot_be_read_keeps_its_answer(found: Captures) -> None:
    photo = row(found, "event-9")
    assert photo["status"] == "unreadable"
    assert photo["reason"] == "no readable image in 10 bytes: cannot identify image file"
    assert photo["image_digest"] == digest(b"no picture")
    assert photo["decision"] == "accepted"


def test_problems_name_file_line_and_reason(found: Captures) -> None:
    problems = {problem.line: problem for problem in found.problems}
    assert sorted(problems) == [2, 3, 4, 5]
    assert all(problem.file.endswith("30-00-000-b.jsonl") for problem in found.problems)
    assert "Invalid JSON" in problems[2].reason
    assert problems[3].reason == "a request of type 'text/csv' is not a photo"
    assert problems[4].reason == "the request has 1 images, the answer 2"
    assert problems[5].reason == "no readable image in 10 bytes: cannot identify image file"


def test_an_unreadable_image_keeps_its_decision(found: Captures) -> None:
    photo = row(found, "event-9")
    assert (photo["status"], photo["decision"]) == ("unreadable", "accepted")


def test_images_are_found_again(found: Captures, captures: Path, draw: Callable[[int], bytes]) -> None:
    photo = row(found, "event-3", 1)
    image = read_image(captures, photo["file"], photo["place"], photo["position"])
    assert image == draw(21)
    assert digest(image) == photo["image_digest"]


def test_an_answer_only_has_no_image(found: Captures, captures: Path) -> None:
    photo = row(found, "event-7")
    with pytest.raises(UnusableLineError, match="captured no request"):
        read_image(captures, photo["file"], photo["place"], 0)


def test_every_repetition_is_counted(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", *[record(1, [0.9, 0.1])] * 4)
    found = read_captures(tmp_path, DEFAULTS)
    assert (len(found.photos), found.duplicates) == (1, 3)


def test_photos_are_numbered_in_the_order_of_time(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    lines = [record(1, [0.9, 0.1], minute=30), record(2, [0.9, 0.1], minute=10), record(3, [0.9, 0.1], minute=20)]
    write_lines(tmp_path / "x.jsonl", *lines)
    photos = read_captures(tmp_path, DEFAULTS).photos
    assert photos["event_id"].to_dict() == {0: "event-2", 1: "event-3", 2: "event-1"}


def test_columns_have_the_same_types_however_many_photos_there_are(found: Captures, tmp_path: Path) -> None:
    empty = read_captures(tmp_path, DEFAULTS)
    assert empty.photos.empty
    assert empty.photos.dtypes.astype(str).to_dict() == found.photos.dtypes.astype(str).to_dict()
    assert list(empty.photos) == list(COLUMNS)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"captureData": {}}, "captureData has neither photos nor predictions"),
        ({"eventMetadata": {"inferenceTime": "2026-03-01T10:00:00Z"}}, "eventMetadata.eventId: Field required"),
        ({"eventMetadata": {"eventId": "e", "inferenceTime": "soon"}}, "eventMetadata.inferenceTime: Input should be"),
        ({"eventMetadata": {"eventId": "e", "inferenceTime": "2026-03-01T10:00:00"}}, "should have timezone"),
    ],
)
def test_a_line_that_lacks_something(
    change: dict[str, Any], reason: str, record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", {**record(1, [0.9, 0.1]), **change})
    found = read_captures(tmp_path, DEFAULTS)
    assert found.photos.empty
    assert reason in found.unusable_lines[0].reason


def test_lines_that_are_no_text_or_no_object(write_lines: Callable[..., Path], tmp_path: Path) -> None:
    write_lines(tmp_path / "x.jsonl", b"\xff\xfe\x00", b"[]", b"null", json.dumps("text").encode())
    found = read_captures(tmp_path, DEFAULTS)
    assert [problem.line for problem in found.unusable_lines] == [1, 2, 3, 4]


def test_answers_are_found_by_inference_id_or_event_id(captures: Path, found: Captures) -> None:
    photos = read_answers_to({"photo-1", "event-3", "elsewhere"}, captures, found.files, DEFAULTS)
    assert photos["event_id"].tolist() == ["event-1", "event-3", "event-3"]
    assert photos["predicted"].tolist() == ["bicycle", "motorcycle", "bicycle"]
    assert photos["confidence"].tolist() == pytest.approx(
        [row(found, "event-1")["confidence"], *(row(found, "event-3", place)["confidence"] for place in (0, 1))]
    )
    assert photos["threshold"].tolist()[0] == 0.9
    assert (photos["width"].tolist(), photos["brightness"].isna().all()) == ([32, 32, 32], True)  # only glanced at
    assert read_answers_to({"event-4"}, captures, found.files, DEFAULTS)["threshold"].tolist() == [0.93]


def test_the_first_answer_to_a_request_counts_and_what_cannot_be_read_is_passed_over(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [b"broken", record(1, [0.9, 0.1]), record(1, [0.1, 0.9]), b"", b"x" * 100_000, record(2, [0.2, 0.8])]
    write_lines(tmp_path / "x.jsonl", *lines)
    monkeypatch.setattr(files, "MOST_BYTES", 50_000)
    photos = read_answers_to({"event-1", "event-2"}, tmp_path, ["x.jsonl", "gone.jsonl"], DEFAULTS)
    assert photos["predicted"].tolist() == ["bicycle", "motorcycle"]
