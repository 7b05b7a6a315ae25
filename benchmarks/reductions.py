"""Ways to make 32 × 32 pixels of a camera's photo, for `reduction.py`.

Run as `python benchmarks/reductions.py WAY PHOTO`, prints the seconds that a way takes and the MB that it needs.
"""

import io
import sys
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageOps
from PIL.Image import Resampling, Transform

from lambdas.serialize_image.service import MAXIMUM_SIDE
from photos.reading import small_square, square

SIDE = 32
SIZE = (SIDE, SIDE)
GREY = (128, 128, 128)
RUNS = 3

Way = Callable[[bytes], Image.Image]


@lru_cache(maxsize=1)
def decoded(content: bytes) -> Image.Image:
    """All pixels of a photo. The ways look at the same photo one after the other."""
    return Image.open(io.BytesIO(content)).convert("RGB")


def by_workflow(content: bytes) -> Image.Image:
    """As the Lambda function makes it smaller and the endpoint reads it. However a PNG is packed, its pixels stay."""
    buffer = io.BytesIO()
    small_square(content, MAXIMUM_SIDE).image.save(buffer, "PNG", compress_level=1)
    return square(buffer.getvalue(), SIDE).image


def resized(resampling: Resampling) -> Way:
    """The whole photo by one of Pillow's filters, which average over all pixels that become one; NEAREST does not."""
    return lambda content: decoded(content).resize(SIZE, resampling)


def two_points(content: bytes) -> Image.Image:
    """Interpolation between neighbours without averaging, as OpenCV and PyTorch do by default."""
    image = decoded(content)
    steps = (image.width / SIDE, 0, 0, 0, image.height / SIDE, 0)
    return image.transform(SIZE, Transform.AFFINE, steps, Resampling.BILINEAR)


def centre(bleed: float) -> Way:
    """The largest square in the middle, without a share of it at each edge."""
    return lambda content: ImageOps.fit(decoded(content), SIZE, Resampling.BICUBIC, bleed)


def letterbox(content: bytes) -> Image.Image:
    """The whole photo in its own proportions, on grey."""
    return ImageOps.pad(decoded(content), SIZE, Resampling.BICUBIC, GREY)


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "as shipped": lambda content: square(content, SIDE).image,
        "Lambda, then endpoint": by_workflow,
        "squeeze, bicubic": resized(Resampling.BICUBIC),
        "squeeze, area": resized(Resampling.BOX),
        "squeeze, Lanczos": resized(Resampling.LANCZOS),
        "squeeze, bilinear of 4": two_points,
        "squeeze, nearest": resized(Resampling.NEAREST),
        "centre square": centre(0),
        "80 % of that": centre(0.1),
        "letterbox": letterbox,
    }
)


def main(name: str, path: str) -> None:
    """Measure one way on one photo, in a process of its own."""
    content, before, seconds = Path(path).read_bytes(), _peak(), []
    for _ in range(RUNS):
        decoded.cache_clear()
        began = time.process_time()
        WAYS[name](content)
        seconds.append(time.process_time() - began)
    print(f"{min(seconds):.3f} {_peak() - before:.0f}")


def _peak() -> float:
    """MB that this process has had at most. Not getrusage: its peak includes the process that started this one."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(*sys.argv[1:])
