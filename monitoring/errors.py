"""What can go wrong while captures are read and reported."""


class MonitoringError(Exception):
    """Base of the errors that end the monitoring job with one message, without a traceback."""


class InvalidOptionsError(MonitoringError):
    """An argument of the job is missing or impossible."""


class InvalidBaselineError(MonitoringError):
    """A file of the drift baseline is missing, or has not Model Monitor's shape."""


class InvalidTrainingImagesError(MonitoringError):
    """The training images or their manifest cannot be read, or are not what PrepareData writes."""


class UnusableLineError(Exception):
    """A line of a capture file holds no photo and answer; its message is the reason that the report lists."""


class UnreadableImageError(Exception):
    """Bytes that should be an image are none; its message is the reason that the report lists."""
