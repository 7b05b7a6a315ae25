"""SageMaker's quotas of instances, as Service Quotas lists them. The local AWS itself has none.

moto lists no quotas in use, and knows those of no service but VPC. AWS has one for each type of instance in each use,
which in a new account often is 0.
"""

import hashlib
from collections.abc import Callable, Iterator

from moto.core.utils import get_service_model

from local.protocol.errors import ServiceError
from local.protocol.json_protocol import check
from local.protocol.json_types import Record
from local.sagemaker.resources import paged

SERVICE = "servicequotas"  # as requests are signed for it
ENOUGH = 1000.0  # instances; more than anybody starts on one machine
# The uses of an instance, as quotas are named, and the shape in botocore's models with their types.
USES = {
    "endpoint usage": "ProductionVariantInstanceType",
    "training job usage": "TrainingInstanceType",
    "processing job usage": "ProcessingInstanceType",
}


def list_quotas(request: Record, arn: Callable[[str, str], str]) -> Record:
    """Answers ListServiceQuotas. Raises ServiceError NoSuchResourceException for another service than SageMaker."""
    model = get_service_model("service-quotas").operation_model("ListServiceQuotas")
    check(model, request)
    if request["ServiceCode"] != "sagemaker":
        text = f"The local AWS knows no quotas of {request['ServiceCode']}, only those of sagemaker"
        raise ServiceError("NoSuchResourceException", text)
    return paged("Quotas", list(_quotas(arn)), {"MaxResults": 100, **request})


def _quotas(arn: Callable[[str, str], str]) -> Iterator[Record]:
    sagemaker = get_service_model("sagemaker")
    for use, shape in USES.items():
        for instance in sagemaker.shape_for(shape).enum:
            yield _quota(f"{instance} for {use}", arn)


def _quota(name: str, arn: Callable[[str, str], str]) -> Record:
    code = f"L-{hashlib.sha256(name.encode()).hexdigest()[:8].upper()}"  # AWS's codes look so, and are others
    return {
        "ServiceCode": "sagemaker",
        "ServiceName": "Amazon SageMaker",
        "QuotaArn": arn(SERVICE, f"sagemaker/{code}"),
        "QuotaCode": code,
        "QuotaName": name,
        "Value": ENOUGH,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
