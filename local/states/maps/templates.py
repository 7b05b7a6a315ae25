"""Evaluates templates of JSONPath or JSONata that the grammar does not expect where they stand."""

import functools
import json
from typing import Any

from local.protocol.json_types import Record

PATH = "Path"


def template(members: Record) -> Record:
    """Members of which some are given by a path, `MaxItemsPerBatchPath`, as a template: `MaxItemsPerBatch.$`."""
    return {(f"{name[: -len(PATH)]}.$" if name.endswith(PATH) else name): value for name, value in members.items()}


def evaluated(members: Record, language: str, env: Any) -> Record:
    """The value of a template. `env` is the engine's environment, on top of whose stack is the state's input."""
    if not members:
        return {}
    _component(json.dumps(members), language).eval(env=env)
    value: Record = env.stack.pop()
    return value


@functools.lru_cache(maxsize=64)
def _component(members: str, language: str) -> Any:
    """Lets the engine read the template in a place where it expects one: as the ItemSelector of a map."""
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

    item = {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}}}
    state = {"Type": "Map", "ItemProcessor": item, "ItemSelector": json.loads(members), "End": True}
    machine = {"QueryLanguage": language, "StartAt": "Map", "States": {"Map": state}}
    program: Any = AmazonStateLanguageParser.parse(json.dumps(machine))[0]
    return program.states.states["Map"].item_selector
