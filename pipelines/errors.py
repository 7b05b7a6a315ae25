"""Exceptions of the command line. Each cause has a class and an exit code of its own."""

NO_REASON = "SageMaker gives no reason"  # in place of a FailureReason that is absent or empty


class SconesError(Exception):
    """Base of the errors that the command line reports with a short message instead of a traceback."""

    exit_code = 1


class ConfigurationError(SconesError):
    """A setting is missing, unknown or invalid."""

    exit_code = 3


class DataError(SconesError):
    """An archive, a photo or a capture file cannot be used."""

    exit_code = 4


class AwsError(SconesError):
    """AWS refused a call or could not be reached."""

    exit_code = 5


class PipelineFailedError(SconesError):
    """A pipeline execution ended in failure."""

    exit_code = 6


class QualityGateError(PipelineFailedError):
    """The model was trained, but is not good enough to be registered."""

    exit_code = 7


class WorkflowFailedError(SconesError):
    """Executions of the inference workflow failed."""

    exit_code = 8


class LocalAwsError(SconesError):
    """The local AWS did not start, or stopped unexpectedly."""

    exit_code = 9


class NoLocalAwsError(LocalAwsError):
    """No local AWS runs, and the command starts none. `holds` is whether the folder remembers anything."""

    def __init__(self, message: str, *, holds: bool = False) -> None:
        super().__init__(message)
        self.holds = holds


class WaitTimeoutError(SconesError):
    """Something took longer than the configuration allows."""

    exit_code = 10


class ApprovalPendingError(SconesError):
    """The command needs a deployed model, but the model still waits for approval."""

    exit_code = 11


class FolderBusyError(SconesError):
    """Another command works in the same folder."""

    exit_code = 12


class DownloadError(SconesError):
    """A server on the internet refused a file or could not be reached."""

    exit_code = 14


class PhotosWaitingError(SconesError):
    """Photos wait for review, and the command would take away what they wait in."""

    exit_code = 15


class NotInOrderError(SconesError):
    """`scones doctor` found things that somebody has to do something about."""

    exit_code = 16


class DeclinedError(SconesError):
    """The command asked, and the answer was no. Nothing was changed."""

    exit_code = 17
