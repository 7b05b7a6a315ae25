"""The workflow's first Lambda, the endpoint and monitoring read the same photos alike, and refuse the same files."""

import io
import re
import warnings
from pathlib import Path

import boto3
import numpy as np
import pytest
from botocore.client import BaseClient
from botocore.response import StreamingBody
from botocore.stub import Stubber
from photo_files import BAD, GOOD, PhotoFile, quarters_of
from PIL import Image

from lambdas.serialize_image import service
from lambdas.shared.errors import PhotoTooLarge, PhotoUnreadable
from lambdas.shared.events import Photo
from monitoring.errors import UnreadableImageError
from monitoring.features import images as monitoring
from steps import inference
from steps.arrays import Images

Refusal = inference.GenericInferenceToolkitError
DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"
# With this scope pytest goes from file to file, and each is made once for all that read it.
good = pytest.mark.parametrize("file", GOOD, ids=lambda file: file.name, scope="module")
bad = pytest.mark.parametrize("file", BAD, ids=lambda file: file.name, scope="module")


@pytest.fixture(autouse=True)
def _bombs_are_expected() -> None:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)


@pytest.fixture(scope="module")
def content(file: PhotoFile) -> bytes:
    return file.make()


@pytest.fixture(scope="module")
def s3() -> BaseClient:
    return boto3.client("s3", "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")


def assert_shows_the_quarters(image: Image.Image, file: PhotoFile) -> None:
    assert image.mode == "RGB"
    assert np.allclose(quarters_of(image), file.quarters, atol=file.tolerance)


def seen_by_the_endpoint(content: bytes) -> Images:
    return inference.input_fn(content, "image/png")[0]


@good
def test_the_endpoint_reads_it(file: PhotoFile, content: bytes) -> None:
    pixels = seen_by_the_endpoint(content)
    assert (pixels.shape, pixels.dtype) == ((32, 32, 3), np.uint8)
    assert_shows_the_quarters(Image.fromarray(pixels), file)


@good
def test_the_first_lambda_reads_it_and_the_endpoint_sees_the_same(file: PhotoFile, content: bytes) -> None:
    small = service.to_small_png(content)
    with Image.open(io.BytesIO(small)) as image:
        assert max(image.size) <= 224
        assert_shows_the_quarters(image, file)
    difference = np.abs(seen_by_the_endpoint(small).astype(int) - seen_by_the_endpoint(content).astype(int))
    assert difference.mean() < 6  # the edges between the quarters are blurred by one filter more
    assert np.median(difference) <= 1


@good
def test_monitoring_describes_what_the_endpoint_saw(content: bytes) -> None:
    seen = io.BytesIO()
    Image.fromarray(seen_by_the_endpoint(content)).save(seen, "PNG")
    found, expected = monitoring.facts([monitoring.see(content)]), monitoring.facts([monitoring.see(seen.getvalue())])
    for name in ("brightness", "contrast", "saturation", "sharpness"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


@bad
def test_the_endpoint_refuses_it(file: PhotoFile, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        inference.input_fn(content, "image/png")
    assert refused.value.status_code == 400
    assert ("cannot be decoded" in str(refused.value.message)) == (file.answer == "unreadable")


@bad
def test_monitoring_refuses_it(content: bytes) -> None:
    with pytest.raises(UnreadableImageError):
        monitoring.see(content)


@bad
def test_the_first_lambda_refuses_it(file: PhotoFile, content: bytes, s3: BaseClient) -> None:
    photo = Photo("photos", "photos/run/file", "photo-1")
    answer = {"Body": StreamingBody(io.BytesIO(content), len(content)), "ContentLength": len(content)}
    with Stubber(s3) as stubber:
        stubber.add_response("get_object", answer, {"Bucket": photo.s3_bucket, "Key": photo.s3_key})
        with pytest.raises(PhotoTooLarge if file.answer == "too large" else PhotoUnreadable):
            service.serialize(s3, photo)
        stubber.assert_no_pending_responses()


def test_the_documented_table_is_this_one() -> None:
    rows = re.findall(r"^\| (.+?) \| (read|unreadable|too large) \|", DOCUMENT.read_text(), re.MULTILINE)
    assert dict(rows) == {file.name: file.answer for file in [*GOOD, *BAD]}
