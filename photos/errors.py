"""What can be wrong with a photo."""


class PhotoError(Exception):
    """Base of the errors below."""


class UnreadablePhotoError(PhotoError):
    """The bytes are not an image in an accepted format, or the image is damaged; the message is the reason."""


class PhotoTooLargeError(PhotoError):
    """The file has more bytes, or the image more pixels, than are accepted; the message is a whole sentence."""


class InvalidBodyError(PhotoError):
    """The body of a request is not what it must be; the message is the reason."""


class TooManyPhotosError(PhotoError):
    """A request has more photos or bytes than are accepted at once; the message is a whole sentence."""
