"""Names of services and of their errors.

moto: takes a service's name in a resource for boto3's, and names errors of `aws-sdk` by it (`s3.NoSuchKeyException`).
AWS: both are the names of the SDK for Java (`cloudwatchlogs`, `S3.NoSuchKeyException`).
"""

import re
from typing import Any

from local.states.mending import replace

# Services whose name in a resource is not boto3's.
BOTO3 = {
    "sfn": "stepfunctions",
    "states": "stepfunctions",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "elasticloadbalancingv2": "elbv2",
    "eventbridge": "events",
    "sagemakerruntime": "sagemaker-runtime",
}


def mend() -> None:
    """Lets the engine name services as AWS does."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
        StateTaskService,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
        StateTaskServiceAwsSdk,
    )

    replace(StateTaskService, "_SERVICE_NAME_SFN_TO_BOTO_OVERRIDES", BOTO3)
    replace(StateTaskServiceAwsSdk, "_normalise_service_error_name", staticmethod(error_prefix))


def error_prefix(service: str) -> str:
    """What comes before the point in the names of a service's errors."""
    from moto.core.utils import get_service_model

    words: Any = get_service_model(BOTO3.get(service, service)).service_id
    return re.sub(r"[A-Z]{2,}", lambda capitals: capitals[0].capitalize(), words.replace(" ", ""))
