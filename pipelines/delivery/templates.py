"""Reads the CloudFormation templates of `infra/`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

INFRA = Path(__file__).resolve().parents[2] / "infra"
LARGEST_BODY = 51_200  # bytes of a template that CloudFormation takes in the call itself


@dataclass(frozen=True)
class Template:
    """A template as CloudFormation gets it."""

    body: str

    @cached_property
    def resources(self) -> dict[str, str]:
        """Type of each resource by its logical name, without those that depend on a condition."""
        resources: dict[str, dict[str, Any]] = yaml.load(self.body, Loader=_Loader)["Resources"]  # noqa: S506 - a SafeLoader
        return {name: each["Type"] for name, each in resources.items() if "Condition" not in each}


class _Loader(yaml.SafeLoader):
    """YAML in which a value with one of CloudFormation's short functions, such as `!Sub`, is left out."""

    def skip(self, _: str, __: yaml.Node) -> None:
        """Nothing here is interested in the values of functions."""


_Loader.add_multi_constructor("!", _Loader.skip)


def read_template(name: str) -> Template:
    """A template by name: `storage` or `application`."""
    return Template((INFRA / f"{name}.yaml").read_text(encoding="utf-8"))
