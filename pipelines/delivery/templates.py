"""Reads the CloudFormation templates of `infra/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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

    @property
    def resources(self) -> Mapping[str, str]:
        """The type of each unconditional resource, by logical name."""
        return _resources(self.body)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Loads YAML, and skips values that use a CloudFormation function such as `!Sub`."""

    def skip(self, _: str, __: yaml.Node) -> None:
        """Returns None: the values of functions are not needed."""


_Loader.add_multi_constructor("!", _Loader.skip)


@lru_cache(maxsize=4)
def _resources(body: str) -> Mapping[str, str]:
    resources: dict[str, dict[str, Any]] = yaml.load(body, Loader=_Loader)["Resources"]  # noqa: S506 - a SafeLoader  # nosec B506
    return {name: each["Type"] for name, each in resources.items() if "Condition" not in each}


def read_template(name: str) -> Template:
    """Reads a template by name: `storage`, `application`, `images` or `delivery`."""
    return Template((INFRA / f"{name}.yaml").read_text(encoding="utf-8"))
