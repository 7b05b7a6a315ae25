"""The AWS clients that the function works with."""

from dataclasses import dataclass
from typing import Self

from botocore.client import BaseClient

from lambdas.shared.clients import client


@dataclass(frozen=True)
class Clients:
    """A client of each service."""

    sagemaker: BaseClient
    s3: BaseClient
    cloudwatch: BaseClient
    sns: BaseClient
    autoscaling: BaseClient
    runtime: BaseClient  # of the endpoint

    @classmethod
    def connect(cls) -> Self:
        """The clients that this process has."""
        return cls(
            client("sagemaker"),
            client("s3"),
            client("cloudwatch"),
            client("sns"),
            client("application-autoscaling"),
            client("sagemaker-runtime"),
        )

    @property
    def region(self) -> str:
        """The region of the endpoint."""
        return str(self.sagemaker.meta.region_name)
