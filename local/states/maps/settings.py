"""Members of distributed maps.

moto: refuses definitions with ItemBatcher, WriterConfig, and most of ReaderConfig, takes only percentages with a point,
and does not act upon the tolerance. Here these members are taken out, and kept as settings of the map.
"""

import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from local.protocol.json_types import Record, record
from local.states.mending import replace, wrap

READING: ContextVar[dict[str, "Settings"]] = ContextVar("READING")
COUNTS = ("ToleratedFailureCount", "ToleratedFailureCountPath")
PERCENTAGES = ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath")
OF_THE_GRAMMAR = ("CSVHeaderLocation", "CSVHeaders", "MaxItems", "MaxItemsPath")  # in ReaderConfig


@dataclass(frozen=True)
class Settings:
    """What a distributed map is to do that the grammar does not know."""

    language: str
    batcher: Record
    reader: Record
    writer: Record
    counted: bool
    measured: bool
    express: bool

    @property
    def writer_config(self) -> Record:
        """How results are written, and what of them."""
        config: Record = self.writer.get("WriterConfig", {})
        return config


def mend() -> None:
    """Lets the engine read the definitions of distributed maps."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_map import tolerated_failure
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
    from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

    wrap(AmazonStateLanguageParser, "parse", _parse)
    wrap(StateMap, "from_state_props", _settle)
    replace(Preprocessor, "visitTolerated_failure_count_string_jsonata", _visit_count)
    kind = tolerated_failure.ToleratedFailurePercentageStringJSONata
    replace(kind, "_eval_tolerated_failure_percentage", _percentage)


def _visit_count(self: Any, ctx: Any) -> Any:
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.tolerated_failure import (
        ToleratedFailureCountStringJSONata,
    )

    return ToleratedFailureCountStringJSONata(string_jsonata=self.visitString_jsonata(ctx=ctx.string_jsonata()))


def _percentage(self: Any, env: Any) -> float:
    self.string_jsonata.eval(env=env)
    return float(env.stack.pop())


def _parse(parse: Callable[[str], Any], definition: str) -> Any:
    program = json.loads(definition)
    found = dict(_take(record(program), "JSONPath"))
    token = READING.set(found)
    try:
        return parse(json.dumps(program) if found else definition)
    finally:
        READING.reset(token)


def _settle(read: Callable[..., None], self: Any, state_props: Any) -> None:
    read(self, state_props)
    if settings := READING.get().get(self.name):
        self.iteration_component.settings = settings
        if self.item_reader:
            self.item_reader.resource_eval.reader = settings.reader
        if self.item_reader and self.item_reader.resource_output_transformer:
            self.item_reader.resource_output_transformer.reader = settings.reader


def _take(program: Record, language: str) -> Iterator[tuple[str, Settings]]:
    """Takes the members out of the distributed maps of a program; their names and settings."""
    language = str(program.get("QueryLanguage", language))
    for name, state in record(program.get("States")).items():
        state = record(state)  # noqa: PLW2901
        inner = str(state.get("QueryLanguage", language))
        processor = record(state.get("ItemProcessor") or state.get("Iterator"))
        if state.get("Type") == "Map" and record(processor.get("ProcessorConfig")).get("Mode") == "DISTRIBUTED":
            yield name, taken(state, processor, inner)
        for below in (processor, *(state.get("Branches") or ())):
            yield from _take(record(below), inner)


def taken(state: Record, processor: Record, language: str) -> Settings:
    """The settings of a map. Changes the state into one that the grammar knows."""
    for name in PERCENTAGES:
        if isinstance(state.get(name), int):
            state[name] = float(state[name])
    config = processor["ProcessorConfig"]
    express = config.get("ExecutionType") == "EXPRESS"
    config["ExecutionType"] = "STANDARD"
    return Settings(
        language=language,
        batcher=record(state.pop("ItemBatcher", None)),
        reader=_reader(record(state.get("ItemReader"))),
        writer=record(state.pop("ResultWriter", None)),
        counted=any(name in state for name in COUNTS),
        measured=any(name in state for name in PERCENTAGES),
        express=express,
    )


def _reader(reader: Record) -> Record:
    config = record(reader.get("ReaderConfig"))
    if config:
        known = {name: config[name] for name in OF_THE_GRAMMAR if name in config}
        reader["ReaderConfig"] = {"InputType": "JSON", **known}
    return config
