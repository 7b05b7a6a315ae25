"""Follows paths into JSON documents, as pipeline expressions write them."""

import re

from local.protocol.errors import DefinitionError
from local.protocol.json_types import Json

TOKENS = re.compile(r"\['([^']+)'\]|\[\"([^\"]+)\"\]|\[(\d+)\]|([^.\[\]]+)")


def walk(value: Json, path: str, whole: str) -> Json:
    """The part of a JSON document to which a path such as `a.b['c'][0]` leads.

    In a list of objects, a name selects the object with that name in a member such as `OutputName`. `whole` is the
    complete expression, for the message. Raises DefinitionError if the path leads nowhere.
    """
    for quoted, double, index, plain in TOKENS.findall(path):
        token = quoted or double or plain
        try:
            value = value[int(index)] if index else _member(value, token)
        except (KeyError, IndexError, TypeError) as error:
            raise DefinitionError(
                f"'{whole}' has no value: there is no '{index or token}' on the path '{path}'"
            ) from error
    return value


def _member(value: Json, name: str) -> Json:
    if not isinstance(value, list):
        return value[name]
    for item in value:
        if any(key.endswith("Name") and text == name for key, text in item.items()):
            return item
    raise KeyError(name)
