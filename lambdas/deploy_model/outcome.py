"""What the function answers."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Action = Literal["created", "updated", "deleted", "unchanged", "waiting", "failed", "ignored"]
State = Literal["settled", "changing", "failed", "rolled_back"]


@dataclass(frozen=True)
class Outcome:
    """What was done, and what the endpoint serves or will serve.

    `state` is `settled` if nothing more is to be done, `changing` if somebody has to look again, `failed` if the change
    that this execution `started` has failed, and `rolled_back` if an update was taken back. `reason` says why the
    endpoint is not, or not yet, as requested. `questions` says what the version that comes into service answered to the
    photos that are kept with it, or why it was not asked; it is empty where it was not the time to ask.
    """

    action: Action
    state: State
    endpoint_name: str
    endpoint_config_name: str | None
    model_package_arn: str | None
    started: str | None = None
    reason: str = ""
    questions: str = ""

    def as_event(self) -> dict[str, Any]:
        """The function's answer."""
        return asdict(self)
