"""Every accepted photo can be read within the memory of the Lambda function."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from photos.limits import MAXIMUM_PIXELS, MAXIMUM_PIXELS_OF_CMYK_JPEG

# Of the function's 512, which the Lambda runtime needs 62 of; 8 are of files that a forked process has not touched.
ALLOWED_MB = 442
# A process that has all that the function has, and reads each photo in a copy of itself.
READER = """
import os, sys
import boto3
boto3.client("s3", "us-east-1")
from photos.reading import small_square
for line in sys.stdin:
    if os.fork() == 0:
        small_square(open(line.strip(), "rb").read(), 224)
        # Not getrusage: its peak includes the process that this one was forked from.
        peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
        print(peak, flush=True)
        os._exit(0)
    elif os.wait()[1]:
        print("failed", flush=True)
"""


@pytest.fixture(scope="module")
def peak() -> Iterator[Callable[[Path], float]]:
    """Reads a photo as the function does, and returns the most memory that this took, in MB."""
    command = [sys.executable, "-c", READER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], **pipes) as reader:  # type: ignore[call-overload]

        def read(photo: Path) -> float:
            reader.stdin.write(f"{photo}\n")
            return int(reader.stdout.readline()) / 1024

        yield read
        reader.stdin.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak memory of a process is read from /proc")
@pytest.mark.parametrize(
    ("kind", "mode", "size", "options"),
    [
        ("JPEG", "RGB", (10_000, 6_000), {"progressive": True, "subsampling": 0}),
        ("JPEG", "CMYK", (8_000, 5_000), {"progressive": True, "subsampling": 0}),
        ("PNG", "RGBA", (6_000, 5_000), {"compress_level": 1}),
        ("PNG", "RGB", (30_000_000, 1), {"compress_level": 1}),
        ("PNG", "RGB", (1, 30_000_000), {"compress_level": 1}),
        ("WEBP", "RGBA", (4_800, 3_333), {"method": 0}),
        ("AVIF", "RGB", (4_800, 3_333), {"speed": 10, "subsampling": "4:4:4"}),
        ("TIFF", "CMYK", (6_000, 5_000), {"compression": "tiff_adobe_deflate", "strip_size": 200_000_000}),
    ],
    ids=lambda value: str(value).replace(" ", "") if not isinstance(value, dict) else "",
)
def test_the_largest_photos_fit(
    kind: str,
    mode: str,
    size: tuple[int, int],
    options: dict[str, object],
    tmp_path: Path,
    peak: Callable[[Path], float],
) -> None:
    limit = MAXIMUM_PIXELS_OF_CMYK_JPEG if (kind, mode) == ("JPEG", "CMYK") else MAXIMUM_PIXELS[kind]
    assert limit * 0.99 <= size[0] * size[1] <= limit
    Image.new(mode, size).save(tmp_path / "photo", kind, **options)  # type: ignore[arg-type]
    assert peak(tmp_path / "photo") < ALLOWED_MB
