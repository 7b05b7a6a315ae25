"""Reference paths.

moto: a path that goes through an index and on, such as `$.list[0].name`, gives a list with the value. AWS: a path that
can select one thing only gives that thing.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from local.protocol.json_types import Json
from local.states.mending import replace_everywhere

REFERENCE = re.compile(r"\$\$?(\.[^.\[\]*?()@,:\s'\"]+|\[-?\d+\]|\['[^']*'\]|\[\"[^\"]*\"\])*")
NOTHING = object()


def mend() -> None:
    """Lets the engine take reference paths for what they are."""
    from moto.stepfunctions.parser.asl.utils.json_path import extract_json

    replace_everywhere(extract_json, "extract_json", _extracting(extract_json))


def _extracting(extract: Callable[[str, Json], Json]) -> Callable[[str, Json], Json]:
    def extract_json(path: str, data: Json) -> Json:
        value = single(path, data) if REFERENCE.fullmatch(path) else NOTHING
        return extract(path, data) if value is NOTHING else value

    return extract_json


def single(path: str, data: Json) -> Json:
    """What a reference path selects; NOTHING if it selects nothing."""
    found = _parsed(path).find(data)
    return found[0].value if len(found) == 1 else NOTHING


@lru_cache(1000)
def _parsed(path: str) -> Any:
    from jsonpath_ng.ext.parser import parse

    return parse(path)
