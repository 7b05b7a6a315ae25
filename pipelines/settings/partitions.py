"""The partitions of AWS: groups of regions that share an ARN prefix and the suffix of their addresses."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Partition:
    """A partition: the second part of its ARNs, and the end of its services' host names."""

    name: str
    dns_suffix: str


COMMERCIAL = Partition("aws", "amazonaws.com")
# By how the names of their regions begin; the test compares them with botocore's list.
BY_REGION = {
    "cn-": Partition("aws-cn", "amazonaws.com.cn"),
    "us-gov-": Partition("aws-us-gov", "amazonaws.com"),
    "us-iso-": Partition("aws-iso", "c2s.ic.gov"),
    "us-isob-": Partition("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof-": Partition("aws-iso-f", "csp.hci.ic.gov"),
    "eu-isoe-": Partition("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-": Partition("aws-eusc", "amazonaws.eu"),
}


def partition_of(region: str) -> Partition:
    """The partition of a region."""
    return next((found for start, found in BY_REGION.items() if region.startswith(start)), COMMERCIAL)
