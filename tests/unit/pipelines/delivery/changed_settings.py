"""Settings that differ in one section."""

from typing import Any

from pipelines.settings.model import Settings


def changed(settings: Settings, section: str, **values: Any) -> Settings:
    """The settings with these values in a section."""
    return settings.model_copy(update={section: getattr(settings, section).model_copy(update=values)})
