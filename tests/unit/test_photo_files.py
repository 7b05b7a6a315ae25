"""The workflow's first Lambda, the endpoint and monitoring read the same photos alike, and refuse the same files."""

import io
import re
import warnings
from pathlib import Path

import boto3
import numpy as np
import pytest
from moto import mock_aws
from photo_files import BAD, GOOD, PhotoFile, quarters_of
from PIL import Image

from lambdas.serialize_image import images as serialize_image
from lambdas.serialize_image import service
from lambdas.shared.errors import PhotoTooLarge, PhotoUnreadable
from lambdas.shared.events import Photo
from monitoring.features import images as monitoring
from steps import images as endpoint
from steps.errors import ImageTooLargeError, UnreadableImageError

DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"
good = pytest.mark.parametrize("file", GOOD, ids=lambda file: file.name)
bad = pytest.mark.parametrize("file", BAD, ids=lambda file: file.name)


@pytest.fixture(autouse=True)
def _bombs_are_expected() -> None:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)


def assert_shows_the_quarters(image: Image.Image, file: PhotoFile) -> None:
    assert image.mode == "RGB"
    assert np.allclose(quarters_of(image), file.quarters, atol=file.tolerance)


@good
def test_the_endpoint_reads_it(file: PhotoFile) -> None:
    pixels = endpoint.decode(file.make())
    assert (pixels.shape, pixels.dtype) == ((32, 32, 3), np.uint8)
    assert_shows_the_quarters(Image.fromarray(pixels), file)


@good
def test_the_first_lambda_reads_it_and_the_endpoint_sees_the_same(file: PhotoFile) -> None:
    content = file.make()
    small = serialize_image.to_small_png(content)
    with Image.open(io.BytesIO(small)) as image:
        assert max(image.size) <= 224
        assert_shows_the_quarters(image, file)
    difference = np.abs(endpoint.decode(small).astype(int) - endpoint.decode(content).astype(int))
    assert difference.mean() < 6  # the edges between the quarters are blurred by one filter more
    assert np.median(difference) <= 1


@good
def test_monitoring_sees_what_the_endpoint_saw(file: PhotoFile) -> None:
    content = file.make()
    seen = monitoring.decode(content).resize((32, 32), Image.Resampling.BICUBIC)
    assert_shows_the_quarters(seen, file)
    difference = np.abs(np.asarray(seen).astype(int) - endpoint.decode(content).astype(int))
    assert difference.max() <= (2 if "megapixels" not in file.name and "panorama" not in file.name else 64)


@bad
def test_the_endpoint_refuses_it(file: PhotoFile) -> None:
    with pytest.raises(ImageTooLargeError if file.answer == "too large" else UnreadableImageError):
        endpoint.decode(file.make())


@bad
def test_the_first_lambda_refuses_it(file: PhotoFile) -> None:
    photo = Photo("photos", "photos/run/file", "photo-1")
    with mock_aws():
        s3 = boto3.client("s3", "us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
        s3.create_bucket(Bucket=photo.s3_bucket)
        s3.put_object(Bucket=photo.s3_bucket, Key=photo.s3_key, Body=file.make())
        with pytest.raises(PhotoTooLarge if file.answer == "too large" else PhotoUnreadable):
            service.serialize(s3, photo)


def test_both_have_the_same_limits() -> None:
    assert service.MAXIMUM_BYTES == endpoint.MAX_BYTES
    assert serialize_image.FORMATS == endpoint.FORMATS
    assert endpoint.MAX_PIXELS == serialize_image.MAXIMUM_PIXELS
    assert endpoint.MAX_PIXELS_OF_JPEG == serialize_image.MAXIMUM_PIXELS_OF_JPEG


def test_the_documented_table_is_this_one() -> None:
    rows = re.findall(r"^\| (.+?) \| (read|unreadable|too large) \|", DOCUMENT.read_text(), re.MULTILINE)
    assert dict(rows) == {file.name: file.answer for file in [*GOOD, *BAD]}
