"""Reads the CloudFormation templates of `infra/`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

INFRA = Path(__file__).resolve().parents[2] / "infra"
LARGEST_BODY = 51_200  # bytes in a call; CloudFormation takes larger templates from S3 only
LARGEST = 1_000_000  # bytes


@dataclass(frozen=True)
class Template:
    """A template, as text for CloudFormation."""

    body: str

    @cached_property
    def resources(self) -> dict[str, str]:
        """The type of each unconditional resource, by logical name."""
        resources: dict[str, dict[str, Any]] = yaml.load(self.body, Loader=_Loader)["Resources"]  # noqa: S506 - a SafeLoader  # nosec B506
        return {name: each["Type"] for name, each in resources.items() if "Condition" not in each}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Loads YAML, and skips values that use a CloudFormation function such as `!Sub`."""

    def skip(self, _: str, __: yaml.Node) -> None:
        """Returns None: the values of functions are not needed."""


_Loader.add_multi_constructor("!", _Loader.skip)


def read_template(name: str) -> Template:
    """Reads a template by name: `storage`, `application`, `images` or `delivery`."""
    return Template((INFRA / f"{name}.yaml").read_text(encoding="utf-8"))
