"""Activities.

moto: to create one again is an error, and nothing is said of its encryption. AWS: the same request gets the same
answer, another one the error; the key is AWS's own unless another is named.
"""

from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Record
from local.states.mending import wrap


def mend() -> None:
    """Lets CreateActivity be repeated."""
    from moto.stepfunctions.models import StepFunctionBackend

    wrap(StepFunctionBackend, "create_activity", _create)


def _create(
    create: Callable[..., Any], self: Any, name: str, encryption_configuration: Record | None = None, **more: Any
) -> Any:
    key = encryption_configuration or {"type": "AWS_OWNED_KEY"}
    known = list(self.activities.values())  # a copy, because another request may add one meanwhile
    same = (each for each in known if each.name == name and each.encryption_configuration == key)
    return next(same, None) or create(self, name=name, encryption_configuration=key, **more)
