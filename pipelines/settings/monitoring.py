"""The section `monitoring` of the configuration."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from monitoring.judgement.causes import CAUSES
from pipelines.settings.schedules import check_schedule, rate_of
from pipelines.settings.sections import Section


class Monitoring(Section):
    """The monitoring report and its schedule."""

    schedule: Annotated[str, AfterValidator(check_schedule)]
    window: Literal["recent", "hour", "day"]
    instance_count: Annotated[int, Field(ge=1, le=20)]
    examples: Annotated[int, Field(ge=0, le=100)]
    alarm_on: Literal["do_not_trust", "look", "never"]
    retrain_on: tuple[str, ...] = Field(strict=False)  # YAML only has lists

    @field_validator("window")
    @classmethod
    def no_gaps(cls, window: str, others: ValidationInfo) -> str:
        """Checks that a schedule at a fixed rate leaves no window out."""
        schedule = others.data.get("schedule", "")  # missing if it is wrong itself
        period = rate_of(schedule)
        if period and window != "recent" and period > timedelta(**{f"{window}s": 1}):
            raise ValueError(f"'{schedule}' leaves {window}s out, which nobody would judge; start it each {window}")
        return window

    @field_validator("instance_count")
    @classmethod
    def hours_to_share(cls, count: int, others: ValidationInfo) -> int:
        """Checks that there is more than one hour for several instances."""
        if count > 1 and others.data.get("window") == "hour":
            raise ValueError("an hour is read by one instance; several want 'monitoring.window' to be day or recent")
        return count

    @field_validator("retrain_on")
    @classmethod
    def known_causes(cls, causes: tuple[str, ...]) -> tuple[str, ...]:
        """Checks that monitoring can find each of the causes."""
        for name in causes:
            if name not in CAUSES:
                raise ValueError(f"monitoring knows no cause '{name}'; its causes are: {', '.join(CAUSES)}")
        return causes
