"""Turns whatever goes wrong while a request is answered into an error that its client understands."""

import errno
from xml.parsers.expat import ExpatError

from werkzeug.exceptions import HTTPException

from local.protocol.documents import too_deep
from local.protocol.errors import ServiceError

# The last is the one of a limit on the size of files (`ulimit -f`).
FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "a file would be too large",
}


def service_error(error: Exception) -> ServiceError | None:
    """The error for a client; None for a defect of the local AWS."""
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, RecursionError):
        return too_deep()
    if isinstance(error, ExpatError) or str(error) == "entities are disabled":
        return ServiceError("MalformedXML", f"The XML you provided was not well-formed: {error}", 400)
    if isinstance(error, HTTPException) and (error.code or 500) < 500:
        return ServiceError(type(error).__name__, error.description or error.name, error.code or 400)
    if text := disk_full(error):
        return ServiceError("InternalError", f"The local AWS cannot write: {text}. Make room, and try again", 500)
    return None


def disk_full(error: BaseException | None) -> str:
    """Says that there was no room to write, if that is what an error or its cause says; otherwise empty."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return f"{FULL[error.errno]} ({error.strerror})"
        error = error.__cause__ or error.__context__
    return ""
