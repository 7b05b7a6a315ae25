"""Reads CloudFormation templates, for this server and for moto, and bounds what they may cost."""

import json
from copy import deepcopy
from functools import lru_cache
from typing import Any

import yaml

from local.protocol.documents import MOST_LEVELS, check_levels, too_deep
from local.protocol.errors import ValidationError
from local.protocol.json_types import Json

MOST_TEMPLATE = 1_000_000  # characters; AWS allows 1 MB for a template from S3
KEPT = 4  # templates; a deployment has as many, and each is read several times: checked, created, and compared
PYTHON = "tag:yaml.org,2002:python/"


class _Parser(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads YAML with the short forms of intrinsic functions, such as `!Sub`.

    It is written in C, where the system has that: ten times faster, but too many levels would end the process.
    """

    def intrinsic_function(self, tag: str, node: yaml.Node) -> Any:  # noqa: ANN401
        """The long form of a function, as moto has it."""
        from moto.cloudformation.utils import yaml_tag_constructor

        return yaml_tag_constructor(self, tag, node)


_Parser.add_multi_constructor("", _Parser.intrinsic_function)


class TemplateLoader(_Parser):
    """The same, with a copy of what was read before where it is read again. Call `check_template` before it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text

    def get_single_data(self) -> Any:  # noqa: ANN401
        """What the template says; moto changes it."""
        return deepcopy(_parsed(self._text))


@lru_cache(maxsize=KEPT)
def _parsed(text: str) -> Any:  # noqa: ANN401
    return _Parser(text).get_single_data()


def use_for_moto() -> None:
    """Has moto read templates with this loader. Its own is slow, and makes whatever object of Python a tag names."""
    yaml.Loader = TemplateLoader  # type: ignore[assignment, misc]


def read_template(text: str) -> Json:
    """Parses a template, in JSON or YAML; None if it is neither. Raises ValidationError as `check_template` does."""
    check_template(text)
    try:
        return json.loads(text)
    except ValueError:
        try:
            return yaml.load(text, TemplateLoader)  # noqa: S506 - a SafeLoader  # nosec B506
        except yaml.YAMLError:
            return None


@lru_cache(maxsize=KEPT)
def check_template(text: str) -> None:
    """Raises ValidationError for a template that costs too much to read, or names objects of Python.

    CloudFormation, too, takes no aliases. With them, a short YAML can stand for a document of any size.
    """
    if len(text) > MOST_TEMPLATE:
        raise ValidationError(f"Template may not exceed {MOST_TEMPLATE} characters in size.")
    check_levels(text)
    level = 0
    try:
        for event in yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.CollectionStartEvent | yaml.CollectionEndEvent):
                level += 1 if isinstance(event, yaml.CollectionStartEvent) else -1
            if level > MOST_LEVELS:
                raise too_deep()
            if isinstance(event, yaml.AliasEvent):
                raise ValidationError("Template error: YAML aliases are not allowed in CloudFormation templates")
            tag = str(getattr(event, "tag", ""))
            if tag.startswith(PYTHON):
                raise ValidationError(f"Template format error: the tag {tag} is not allowed")
    except yaml.YAMLError:
        return  # whoever reads the template says what is wrong with it
