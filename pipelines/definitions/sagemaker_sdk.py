"""Opens a session of the SageMaker SDK on this project's own AWS clients, and keeps the SDK quiet."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from sagemaker.core.workflow.pipeline_context import PipelineSession

from pipelines.aws import Aws
from pipelines.settings.naming import Names

# The SDK reports its use to AWS unless told otherwise; a build should talk to nobody but its own account.
CONFIG = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}


def open_session(aws: Aws, names: Names) -> PipelineSession:
    """A pipeline session that keeps to the environment's bucket."""
    return PipelineSession(
        boto_session=aws.session,
        sagemaker_client=aws.sagemaker,
        default_bucket=names.bucket,
        sagemaker_config=CONFIG,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the SDK's remarks on its own workings out of the output; its errors are raised, not logged."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
