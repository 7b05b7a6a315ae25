import json

import pytest
from unit.pipelines.review.conftest import document

from pipelines.errors import DataError
from pipelines.review.records import Record
from pipelines.settings.naming import Names


def record(names: Names, **photo: object) -> Record:
    return Record.parse(json.dumps(document(names, "run-1", **photo)))


def test_why_a_person_is_asked(names: Names) -> None:
    unsure = record(names)
    assert unsure.why == "The model is not sure enough: it says bicycle (60.0 %), and decides alone from 90.0 % on."
    assert unsure.probabilities == [("bicycle", 0.6), ("motorcycle", 0.3), ("none of these", 0.1)]
    other = record(names, decision="not_a_known_vehicle", inferences=[0.2, 0.1], other=0.7, confidence=0.2)
    assert other.why == "The model finds none of the classes (70.0 %) more probable than bicycle (20.0 %)."
    assert other.probabilities[0] == ("none of these", 0.7)
    assert record(names, confidence=None).why.startswith("The model is not sure enough: it says bicycle (unknown), ")


def test_a_photo_that_could_not_be_used_has_its_reason_and_the_version_that_was_uploaded(names: Names) -> None:
    cause = json.dumps({"errorMessage": "not a readable photo", "stackTrace": ["x"]})
    given = {"s3_bucket": names.bucket, "s3_key": "photos/a.heic", "s3_version_id": "v9"}
    photo = {"s3_bucket": names.bucket, "s3_key": "photos/a.heic", "decision": "unusable", "input": given}
    photo["reason"] = {"Error": "PhotoUnreadable", "Cause": cause}
    found = Record.parse(json.dumps({"execution": "run-2", "photo": photo}))
    assert found.why == "The workflow could not use the photo (PhotoUnreadable): not a readable photo"
    assert (found.source.s3_version_id, found.inference_id, found.probabilities) == ("v9", "run-2", [])
    assert found.place == f"s3://{names.bucket}/photos/a.heic"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"execution": "a/b", "photo": {}}', '{"execution": "a", "photo": {"s3_bucket": 1}}']
)
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="not a record of a photo for review"):
        Record.parse(text)


def test_what_is_wrong_with_a_record_is_named() -> None:
    with pytest.raises(DataError, match=r"for review: photo\.s3_bucket: Input should be a valid string"):
        Record.parse('{"execution": "a", "photo": {"s3_bucket": 1}}')
