"""Opens a session of the SageMaker SDK that uses this project's AWS clients, and silences the SDK's remarks."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from sagemaker.core.workflow.pipeline_context import PipelineSession

from pipelines.aws import Aws
from pipelines.settings.naming import Names

# By default the SDK sends usage data to AWS. A build should contact its own account only.
CONFIG = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}


def open_session(aws: Aws, names: Names) -> PipelineSession:
    """A pipeline session with the environment's bucket as default."""
    return PipelineSession(
        boto_session=aws.session,
        sagemaker_client=aws.sagemaker,
        default_bucket=names.bucket,
        sagemaker_config=CONFIG,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Silences the SDK's log messages and warnings. Errors are not affected, because the SDK raises them."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
