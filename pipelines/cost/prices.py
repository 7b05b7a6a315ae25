"""AWS's list prices in US dollars, as of one day, in one region. Others differ, mostly by less than a third.

Sources: AWS's public price pages of these services for us-east-1, as others reported them until the day below. Free
tiers, discounts, taxes and traffic to the internet are left out. Nothing looks prices up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.errors import ConfigurationError

AS_OF = date(2026, 11, 25)
REGION = "us-east-1"

# SageMaker instances, an hour. Hosting, training and processing cost the same.
INSTANCES = {
    "ml.t2.medium": 0.056,
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.m5.2xlarge": 0.461,
    "ml.c5.large": 0.102,
    "ml.c5.xlarge": 0.204,
    "ml.g5.xlarge": 1.408,
}
TRANSITION = 25 / 1_000_000  # of a standard workflow of Step Functions
LAMBDA_CALL = 0.20 / 1_000_000
LAMBDA_GB_SECOND = 0.0000166667
S3_PUT = 5 / 1_000_000
S3_GET = 0.40 / 1_000_000
S3_GB_MONTH = 0.023
EVENT = 1 / 1_000_000  # of S3 on EventBridge's bus
LOG_GB = 0.50
TRACE = 5 / 1_000_000
ALARM_MONTH = 0.10
DASHBOARD_MONTH = 3.00
CODEBUILD_MINUTE = 0.01  # general1.medium, Linux
ECR_GB_MONTH = 0.10
CODEPIPELINE_MINUTE = 0.002  # of an action, type V2


@dataclass(frozen=True)
class InstancePrices:
    """Prices of instances an hour: the table, and those that somebody gives."""

    given: Mapping[str, float]

    def hour(self, instance_type: str) -> float:
        """The price of an instance's hour.

        Raises:
            ConfigurationError: neither the table nor anybody has it.
        """
        price = self.given.get(instance_type, INSTANCES.get(instance_type))
        if price is None:
            raise ConfigurationError(
                f"the price table of {AS_OF} has no {instance_type}, only {', '.join(INSTANCES)}; "
                f"give it with --price {instance_type}=DOLLARS_AN_HOUR"
            )
        return price
