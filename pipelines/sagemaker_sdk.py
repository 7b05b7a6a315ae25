"""Opens a session of the SageMaker SDK that uses this project's AWS clients, and silences the SDK's remarks."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from botocore import loaders
from botocore import session as botocore_session

from pipelines.aws import Aws
from pipelines.settings.naming import Names

if TYPE_CHECKING:
    from sagemaker.core.workflow.pipeline_context import PipelineSession

# By default the SDK sends usage data to AWS. A build should contact its own account only.
CONFIG = {"SchemaVersion": "1.0", "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}}}


def open_session(aws: Aws, names: Names) -> "PipelineSession":
    """A pipeline session with the environment's bucket as default."""
    read_service_models_once()
    # Imported here, because the SDK takes seconds to import and most commands only need `quiet`.
    from sagemaker.core.workflow.pipeline_context import PipelineSession

    session = PipelineSession(
        boto_session=aws.session,
        sagemaker_client=aws.sagemaker,
        default_bucket=names.bucket,
        sagemaker_config=CONFIG,
    )
    session._default_bucket = names.bucket  # otherwise the SDK creates it when it asks for the name
    stop_validating_again()
    share_local_client()
    return session


@cache
def read_service_models_once() -> None:
    """Lets all sessions of this process share what they read.

    The SDKs of SageMaker and Step Functions make one after the other, and each parses AWS's list of endpoints anew.
    """
    loaders.create_loader = botocore_session.create_loader = cache(loaders.create_loader)


def stop_validating_again() -> None:
    """Makes the SDK read values from its configuration without validating all of it each time.

    Opening a session validates the configuration. The SDK would do so again for each of the eighty values that it looks
    up for the two pipelines, and each time also check its schema: two thirds of the time that building them took.
    """
    from sagemaker.core.config.config_manager import SageMakerConfig

    SageMakerConfig.validate_sagemaker_config = staticmethod(lambda _: None)


@cache
def share_local_client() -> None:
    """Lets all processing steps share one client of the SDK's local mode.

    Each would make one, with a session of its own, of which it asks the name of a method.
    """
    from sagemaker.mlops.workflow import steps

    steps.LocalSagemakerClient = cache(steps.LocalSagemakerClient)


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
