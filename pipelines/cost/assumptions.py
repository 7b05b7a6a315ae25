"""What an estimate takes for granted, because no setting says it. Each can be given on the command line."""

from dataclasses import dataclass, fields
from typing import Any

HOURS_A_MONTH = 730


@dataclass(frozen=True)
class Assumptions:
    """Quantities, with what they are about."""

    photos_a_month: int = 60_000  # uploaded photos
    photo_kb: int = 200  # size of an uploaded photo
    capture_kb: int = 30  # what data capture writes for a photo
    transitions: int = 7  # of the workflow for a photo: five states, its start and its end
    calls: int = 4  # of Lambda functions for a photo: the start and three tasks
    call_seconds: float = 0.2
    log_kb: int = 6  # that the functions write for a photo
    traced_share: float = 0.05  # of the executions, which is X-Ray's default
    kept_months: int = 4  # for which photos and captures are stored: 90 days, and 30 as old versions
    trainings_a_month: int = 4
    training_minutes: int = 20  # of the training job
    processing_minutes: int = 12  # of the three processing jobs of a training together
    monitoring_minutes: int = 6  # of a run of the monitoring pipeline, once a day
    pushes_a_month: int = 20
    test_minutes: int = 25  # of a push in CodeBuild
    deploy_minutes: int = 10  # the same, without the training that it follows
    image_minutes: int = 25  # of the build of container images in CodeBuild, each week
    image_gb: float = 45  # that the builds of a year have in the registry
    alarms: int = 9
    dashboards: int = 1

    def lines(self) -> list[str]:
        """Each as `name = value`."""
        return [f"{each.name} = {getattr(self, each.name):,}" for each in fields(self)]

    @classmethod
    def of(cls, given: dict[str, str]) -> "Assumptions":
        """The assumptions with some given.

        Raises:
            ValueError: there is none of that name, or the value is no number that it can be.
        """
        known = {each.name: type(each.default) for each in fields(cls)}
        values: dict[str, Any] = {}
        for name, text in given.items():
            if name not in known:
                raise ValueError(f"there is no assumption {name}; there are {', '.join(known)}")
            values[name] = _number(name, text, known[name])
        return cls(**values)


def _number(name: str, text: str, kind: type) -> int | float:
    try:
        value: int | float = kind(text.replace(",", ""))
    except ValueError:
        raise ValueError(f"{name} must be {'a whole number' if kind is int else 'a number'}, got '{text}'") from None
    if not 0 <= value < float("inf"):
        raise ValueError(f"{name} must be 0 or more, got '{text}'")
    return value
