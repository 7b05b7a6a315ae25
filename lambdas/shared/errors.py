"""Every error of the functions. The workflow matches the class names: they are a contract, without `Error` suffix."""
# ruff: noqa: N818


class InvalidRequest(Exception):
    """The event lacks a key or has a value that no retry can cure."""


class ConfigurationError(Exception):
    """The function's environment is incomplete or wrong."""


class PhotoNotFound(Exception):
    """The bucket or the key does not exist."""


class PhotoUnreadable(Exception):
    """The object is no photo in a format that is read here."""


class PhotoTooLarge(Exception):
    """The object has too many bytes, or its picture too many pixels."""


class PhotoRejected(Exception):
    """The model answered that it cannot use this photo (HTTP 4xx)."""


class EndpointNotReady(Exception):
    """The endpoint does not exist yet, or is not in service; worth a retry."""


class EndpointThrottled(Exception):
    """The endpoint is overloaded; worth a retry."""


class EndpointFailed(Exception):
    """The endpoint failed, or its response breaks the contract."""


class PackageNotApproved(Exception):
    """The model package may not be deployed."""


class EndpointBusy(Exception):
    """The endpoint is being changed to something else; worth a retry in some minutes."""


class BaselineNotCopied(Exception):
    """The model is deployed, its drift baseline is not where monitoring looks; worth a retry."""
