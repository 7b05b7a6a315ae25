"""Which version of the model is in production: the one rule, for functions and commands alike. Pure.

The endpoint alone cannot say it: outside of its hours there is none. Nor can the registry: a version that SageMaker
took back when it was deployed stays approved.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, TypeVar

APPROVED = "Approved"


class Version(Protocol):
    """What the rule looks at."""

    @property
    def arn(self) -> str:
        """The ARN of the model package."""

    @property
    def status(self) -> str:
        """The approval status."""

    @property
    def defect(self) -> str:
        """Why no endpoint can serve it; empty if one can."""

    @property
    def rolled_back(self) -> bool:
        """Whether it has the mark that it was rolled back when it was deployed."""


V = TypeVar("V", bound=Version)


def newest_approved(known: Iterable[V]) -> V | None:
    """The version that deployments bring up: the newest approved one without the mark that it was rolled back.

    `known` has the one with the highest number first.
    """
    return next((each for each in known if each.status == APPROVED and not each.rolled_back), None)


def in_production(known: Sequence[V], served: Collection[str]) -> V | None:
    """The version that new ones are compared with: the approved one that the endpoint serves, else the newest approved.

    `known` has the one with the highest number first, and `served` the ARNs of those behind the endpoint. A version
    that cannot be deployed is not in production.
    """
    deployable = [each for each in known if not each.defect]
    serving = (each for each in deployable if each.status == APPROVED and each.arn in served)
    return next(serving, None) or newest_approved(deployable)
