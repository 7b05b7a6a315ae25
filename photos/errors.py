"""What can be wrong with a photo."""


class PhotoError(Exception):
    """Base of the errors below."""


class UnreadablePhotoError(PhotoError):
    """The bytes are not an image in an accepted format, or the image is damaged; the message is the reason."""


class PhotoTooLargeError(PhotoError):
    """The file has more bytes, or the image more pixels, than are accepted; the message is a whole sentence."""
