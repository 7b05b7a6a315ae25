"""Errors of the jobs and of the model's container, one class for each cause."""


class StepError(Exception):
    """Base of expected errors: the message says what is wrong and what to do, so no traceback is shown."""


class ArchiveError(StepError):
    """The CIFAR-100 archive is missing, broken, or not in the documented format."""


class UnsafePickleError(ArchiveError):
    """A pickle asks for something other than a numpy array to be rebuilt."""


class SelectionError(StepError):
    """The configured classes cannot be taken out of the archive."""


class DatasetError(StepError):
    """A `data.npz` or `manifest.json` is missing or breaks its contract."""


class ModelError(StepError):
    """A model archive or folder is missing, broken, or breaks its contract."""


class TrainingError(StepError):
    """Training cannot run with these data and settings, or its loss is no longer finite."""


class TrainingInterruptedError(TrainingError):
    """Training was told to stop; its checkpoints are saved."""
