"""Exceptions of the monitoring jobs."""


class MonitoringError(Exception):
    """Base of the errors that end a monitoring job with a short message instead of a traceback."""


class InvalidOptionsError(MonitoringError):
    """An argument of the job is missing or invalid."""


class InvalidBaselineError(MonitoringError):
    """A file of the drift baseline is missing, or does not have Model Monitor's shape."""


class InvalidTrainingImagesError(MonitoringError):
    """The training images or their manifest cannot be read, or are not an output of PrepareData."""


class InvalidAnswersError(MonitoringError):
    """The answers to the test images cannot be read, or are not an output of EvaluateModel."""


class UnusableLineError(Exception):
    """A line of a capture file has no usable record. The message is the reason that the report shows."""


class UnreadableImageError(Exception):
    """An image cannot be decoded. The message is the reason that the report shows."""
