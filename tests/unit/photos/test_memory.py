"""Every accepted photo can be read within the memory of the Lambda function."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from photos.limits import MAXIMUM_PIXELS, MAXIMUM_PIXELS_OF_CMYK_JPEG

ALLOWED_MB = 450  # of the function's 512, which the Lambda runtime needs a part of
READ = """
import sys
import boto3
boto3.client("s3", "us-east-1")
from photos.reading import small_square
small_square(open(sys.argv[1], "rb").read(), 224)
# Not getrusage: its peak includes the process that this one was forked from.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


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
    kind: str, mode: str, size: tuple[int, int], options: dict[str, object], tmp_path: Path
) -> None:
    limit = MAXIMUM_PIXELS_OF_CMYK_JPEG if (kind, mode) == ("JPEG", "CMYK") else MAXIMUM_PIXELS[kind]
    assert limit * 0.99 <= size[0] * size[1] <= limit
    Image.new(mode, size).save(tmp_path / "photo", kind, **options)  # type: ignore[arg-type]
    command = [sys.executable, "-c", READ, str(tmp_path / "photo")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert int(done.stdout) / 1024 < ALLOWED_MB
