"""The errors that the functions raise.

The workflow decides by a class's name whether to retry. The names are a contract, and have no `Error` suffix.
"""
# ruff: noqa: N818


class InvalidRequest(Exception):
    """The event lacks a key or has a wrong value; a retry would not help."""


class ConfigurationError(Exception):
    """An environment variable of the function is missing or wrong."""


class PhotoNotFound(Exception):
    """The bucket does not exist, or has no object with this key."""


class PhotoUnreadable(Exception):
    """The object is not a photo in one of the formats that the function reads."""


class PhotoTooLarge(Exception):
    """The object has too many bytes, or its picture has too many pixels."""


class PhotoChanged(Exception):
    """The object is no longer what was uploaded: it was replaced or deleted. There is nothing left to decide."""


class PhotoForbidden(Exception):
    """The object may not be read: permissions or its storage class have to be mended first."""


class PhotoKeyUnusable(Exception):
    """The object is encrypted with a key that is disabled, deleted or not known here."""


class PhotoInOtherRegion(Exception):
    """The bucket is in another region, to which the function cannot go."""


class StorageUnavailable(Exception):
    """S3 or KMS is overloaded or cannot be reached; a retry may succeed."""


class WorkflowNotStarted(Exception):
    """Step Functions did not start an execution; a retry may succeed."""


class PhotoRejected(Exception):
    """The model answered with HTTP 4xx: it cannot use this photo."""


class EndpointNotReady(Exception):
    """The endpoint does not exist yet or is not in service; a retry may succeed."""


class EndpointThrottled(Exception):
    """The endpoint is overloaded; a retry may succeed."""


class ModelFailed(Exception):
    """The model answered with HTTP 5xx; a retry may reach another instance, which may have another version."""


class EndpointFailed(Exception):
    """The endpoint failed, or its response is not what the contract says."""


class PackageNotApproved(Exception):
    """Nobody has approved the model package, so it may not be deployed."""


class PackageNotDeployable(Exception):
    """The model package is not of a kind that the endpoint can serve, so it can only be rejected."""


class NothingToAsk(Exception):
    """No photos are kept with the version, or they cannot be read. It is deployed all the same."""


class EndpointBusy(Exception):
    """The endpoint is being changed to another configuration; a retry in some minutes may succeed."""


class IncidentBusy(Exception):
    """Executions of the monitoring pipeline change the incident at the same time; a later one may succeed."""


class BaselineNotCopied(Exception):
    """The model is deployed, but its drift baseline is not where monitoring looks; a retry may succeed."""
