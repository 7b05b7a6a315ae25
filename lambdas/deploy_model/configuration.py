"""The function's environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from lambdas.shared.errors import ConfigurationError


@dataclass(frozen=True)
class Configuration:
    """The endpoint that the function looks after, and how it is to be run."""

    endpoint_name: str
    model_package_group: str
    model_role_arn: str
    instance_type: str
    instance_count: int
    capture_uri: str
    capture_percentage: int
    baseline_uri: str

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """From ENDPOINT_NAME, MODEL_PACKAGE_GROUP, MODEL_ROLE_ARN …; raises ConfigurationError naming the variable."""
        return cls(
            endpoint_name=text(environment, "ENDPOINT_NAME"),
            model_package_group=text(environment, "MODEL_PACKAGE_GROUP"),
            model_role_arn=text(environment, "MODEL_ROLE_ARN"),
            instance_type=text(environment, "INSTANCE_TYPE"),
            instance_count=number(environment, "INSTANCE_COUNT", range(1, 1001)),
            capture_uri=text(environment, "CAPTURE_URI"),
            capture_percentage=number(environment, "CAPTURE_PERCENTAGE", range(101)),
            baseline_uri=folder(environment, "BASELINE_URI"),
        )


def text(environment: Mapping[str, str], name: str) -> str:
    """A variable that must be set."""
    if not (found := environment.get(name)):
        raise ConfigurationError(f"the environment variable {name} is missing")
    return found


def folder(environment: Mapping[str, str], name: str) -> str:
    """A variable that must be a folder in S3."""
    found = text(environment, name)
    if not re.fullmatch(r"s3://[^/]+/.*[^/]", found):
        raise ConfigurationError(f"the environment variable {name} must be s3://<bucket>/<folder>, got {found!r}")
    return found


def number(environment: Mapping[str, str], name: str, allowed: range) -> int:
    """A variable that must be a whole number in a range."""
    found = text(environment, name)
    if not found.isdecimal() or int(found) not in allowed:
        expected = f"a whole number from {allowed.start} to {allowed.stop - 1}"
        raise ConfigurationError(f"the environment variable {name} must be {expected}, got {found!r}")
    return int(found)
