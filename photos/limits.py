"""Which photos are read: formats, bytes and pixels, and how many at once."""

MAXIMUM_BYTES = 25_000_000
MAXIMUM_PHOTOS = 1_000  # in one request

# Pixels by format. These are the formats that cameras and phones write; Pillow reads more of them, some by starting
# external programs (EPS), which untrusted files must never reach.
#
# A Lambda function of 512 MB must survive every accepted file. Measured peaks of the whole process, with boto3 loaded:
# 412 MB for a progressive JPEG, 397 MB for a PNG one pixel wide, 298 MB for WebP, 258 MB for AVIF, 284 MB for TIFF.
MAXIMUM_PIXELS = {
    "JPEG": 60_000_000,
    "PNG": 30_000_000,
    "GIF": 30_000_000,
    "WEBP": 16_000_000,
    "TIFF": 30_000_000,
    "BMP": 30_000_000,
    "AVIF": 16_000_000,
}
MAXIMUM_PIXELS_OF_CMYK_JPEG = 40_000_000  # four channels instead of three
FORMATS = tuple(MAXIMUM_PIXELS)


def maximum_pixels(image_format: str, mode: str) -> int:
    """How many pixels of an image are decoded; format and mode are Pillow's names."""
    if image_format in {"JPEG", "MPO"}:  # MPO: several JPEGs in one file, of which the first is read
        return MAXIMUM_PIXELS_OF_CMYK_JPEG if mode == "CMYK" else MAXIMUM_PIXELS["JPEG"]
    return MAXIMUM_PIXELS[image_format]
