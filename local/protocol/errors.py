"""Exceptions: errors that AWS clients receive, and errors of the local AWS itself."""


class LocalAwsError(Exception):
    """The local AWS cannot start, or has stopped unexpectedly."""


class ServiceError(Exception):
    """An error that a client receives: a code, a message and an HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class ValidationError(ServiceError):
    """The request is malformed, or names something that does not exist."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationException", message)


class NotFoundError(ServiceError):
    """A resource does not exist, for operations of SageMaker that declare ResourceNotFound."""

    def __init__(self, message: str) -> None:
        super().__init__("ResourceNotFound", message)


class ConflictError(ServiceError):
    """The resource is in a state in which the operation is not allowed."""

    def __init__(self, message: str) -> None:
        super().__init__("ConflictException", message)


class DefinitionError(ValidationError):
    """A pipeline definition is malformed, or one of its expressions has no value."""


class JobError(Exception):
    """A job, a model server or a step failed; the message is its FailureReason."""
