"""What can go wrong in a job or in the model's container, one class for each cause."""


class StepError(Exception):
    """Base of the errors whose message says what is wrong and what to do, without a traceback."""


class ArchiveError(StepError):
    """The CIFAR-100 archive is missing, broken, or not what it claims to be."""


class UnsafePickleError(ArchiveError):
    """A pickle asks for something other than a numpy array to be rebuilt."""


class SelectionError(StepError):
    """The configured classes cannot be taken out of the archive."""


class DatasetError(StepError):
    """A `data.npz` or `manifest.json` is missing or breaks its contract."""


class ModelError(StepError):
    """A model archive or folder is missing, broken, or breaks its contract."""


class TrainingError(StepError):
    """Training was asked for the impossible, or its loss is no longer a number."""


class TrainingInterruptedError(TrainingError):
    """Training was told to stop; its checkpoints are saved."""
