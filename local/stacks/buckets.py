"""Buckets of templates keep versions, and have a life cycle, where their template says so. moto leaves both out."""

import functools
from collections.abc import Callable
from typing import Any

from local.stacks.life_cycles import api_rules
from local.stacks.resources import properties_of
from local.states.mending import wrap


@functools.cache
def mend() -> None:
    """Lets moto's CloudFormation switch versions on and off, and set the rules of a life cycle."""
    from moto.s3.models import FakeBucket

    wrap(FakeBucket, "create_from_cloudformation_json", _configured)
    wrap(FakeBucket, "update_from_cloudformation_json", _configured)


def _configured(make: Callable[..., Any], *given: Any, **named: Any) -> Any:
    bucket = make(*given, **named)
    properties = properties_of(given, named)
    if asked := properties.get("VersioningConfiguration"):
        bucket.versioning_status = asked["Status"]
    bucket.set_lifecycle(api_rules(properties.get("LifecycleConfiguration", {})))
    return bucket
