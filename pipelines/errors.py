"""What can go wrong, one class and one exit code for each cause."""


class SconesError(Exception):
    """Base of the errors that the command line explains in one message, without a traceback."""

    exit_code = 1


class ConfigurationError(SconesError):
    """A setting is missing, unknown or impossible."""

    exit_code = 3


class DataError(SconesError):
    """An archive, a photo or a capture file cannot be used."""

    exit_code = 4


class AwsError(SconesError):
    """AWS refused a call, or cannot be reached."""

    exit_code = 5


class PipelineFailedError(SconesError):
    """A pipeline execution ended in failure."""

    exit_code = 6


class QualityGateError(PipelineFailedError):
    """The model was trained and is not good enough to be registered."""

    exit_code = 7


class WorkflowFailedError(SconesError):
    """Executions of the inference workflow failed."""

    exit_code = 8


class LocalAwsError(SconesError):
    """The local AWS did not start, or went away."""

    exit_code = 9


class WaitTimeoutError(SconesError):
    """Something did not finish in the time that the configuration allows."""

    exit_code = 10


class ApprovalPendingError(SconesError):
    """A model waits for an approver, and the command needs it deployed."""

    exit_code = 11
