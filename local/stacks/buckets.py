"""Buckets of templates keep versions where their template says so. moto's CloudFormation leaves that out."""

import functools
from collections.abc import Callable
from typing import Any

from local.states.mending import wrap


@functools.cache
def mend() -> None:
    """Lets moto's CloudFormation switch versions on and off."""
    from moto.s3.models import FakeBucket

    wrap(FakeBucket, "create_from_cloudformation_json", _versioned)
    wrap(FakeBucket, "update_from_cloudformation_json", _versioned)


def _versioned(make: Callable[..., Any], *given: Any, **named: Any) -> Any:
    bucket = make(*given, **named)
    template = named["cloudformation_json"] if "cloudformation_json" in named else given[1]
    if asked := template.get("Properties", {}).get("VersioningConfiguration"):
        bucket.versioning_status = asked["Status"]
    return bucket
