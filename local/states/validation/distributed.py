"""Checks Map states."""

import re
from collections.abc import Iterator

from local.protocol.json_types import Record, record
from local.states.maps.batches import LIMITS
from local.states.maps.readers import DELIMITERS
from local.states.validation.problems import Problem, required, schema
from local.states.validation.values import at_most_one, choice, integer, number, one_of, unwanted

INPUT_TYPES = ("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET")
TOLERANCE = ("ToleratedFailureCount", "ToleratedFailurePercentage")
DISTRIBUTED = ("ItemReader", "ItemBatcher", "ResultWriter", "Label")  # AWS takes tolerance in any mode
LABEL = re.compile(r"[^\s?*<>{}\[\]:;,\\|^~$#%&`\"\x00-\x1f\x7f-\x9f]{1,40}")


def check_map(state: Record, place: str) -> Iterator[Problem]:
    """What is wrong with the members of a Map state, apart from its processor's states."""
    yield from one_of(state, ("ItemProcessor", "Iterator"), place)
    yield from integer(state, "MaxConcurrency", place)
    yield from at_most_one(state, ("MaxConcurrency", "MaxConcurrencyPath"), place)
    yield from at_most_one(state, ("ItemSelector", "Parameters"), place)
    config = record(record(state.get("ItemProcessor") or state.get("Iterator")).get("ProcessorConfig"))
    where = f"{place}/ItemProcessor/ProcessorConfig"
    yield from choice(config, "Mode", ("INLINE", "DISTRIBUTED"), where)
    if config.get("Mode") != "DISTRIBUTED":
        yield from unwanted(state, DISTRIBUTED, place)
        return
    yield from choice(config, "ExecutionType", ("STANDARD", "EXPRESS"), where)
    if "ExecutionType" not in config:
        yield required(["ExecutionType"], where)
    yield from _distributed(state, place)


def _distributed(state: Record, place: str) -> Iterator[Problem]:
    yield from integer(state, "ToleratedFailureCount", place)
    yield from number(state, "ToleratedFailurePercentage", place, least=0, most=100)
    for name in TOLERANCE:
        yield from at_most_one(state, (name, f"{name}Path"), place)
    label = state.get("Label")
    if "Label" in state and not (isinstance(label, str) and LABEL.fullmatch(label)):
        yield schema("Label must have 1 to 40 characters, none of them white space or special", f"{place}/Label")
    if "ItemReader" in state:
        yield from _reader(record(state["ItemReader"]), f"{place}/ItemReader")
    if "ItemBatcher" in state:
        yield from _batcher(record(state["ItemBatcher"]), f"{place}/ItemBatcher")
    if "ResultWriter" in state:
        yield from _writer(record(state["ResultWriter"]), f"{place}/ResultWriter")


def _reader(reader: Record, place: str) -> Iterator[Problem]:
    if "Resource" not in reader:
        yield required(["Resource"], place)
    config, where = record(reader.get("ReaderConfig")), f"{place}/ReaderConfig"
    inventory = config.get("ManifestType") == "S3_INVENTORY"
    if str(reader.get("Resource")).endswith("s3:getObject") and not inventory and "InputType" not in config:
        yield required(["InputType"], where)
    if inventory and config.get("InputType", "MANIFEST") != "MANIFEST":
        yield schema("InputType cannot be specified with the ManifestType S3_INVENTORY", where)
    yield from choice(config, "Transformation", ("NONE", "LOAD_AND_FLATTEN"), where)
    if config.get("Transformation") == "LOAD_AND_FLATTEN" and "InputType" not in config:
        yield required(["InputType"], where)
    yield from choice(config, "ManifestType", ("ATHENA_DATA", "S3_INVENTORY"), where)
    yield from choice(config, "InputType", INPUT_TYPES, where)
    yield from choice(config, "CSVDelimiter", tuple(DELIMITERS), where)
    yield from integer(config, "MaxItems", where, most=100_000_000)
    yield from at_most_one(config, ("MaxItems", "MaxItemsPath"), where)
    if config.get("InputType") == "CSV":
        yield from choice(config, "CSVHeaderLocation", ("FIRST_ROW", "GIVEN"), where)
        if "CSVHeaderLocation" not in config:
            yield required(["CSVHeaderLocation"], where)
        if config.get("CSVHeaderLocation") == "GIVEN" and not isinstance(config.get("CSVHeaders"), list):
            yield required(["CSVHeaders"], where)


def _batcher(batcher: Record, place: str) -> Iterator[Problem]:
    names = [*LIMITS, *(f"{name}Path" for name in LIMITS)]
    if not any(name in batcher for name in names):
        yield schema(f"At least one of these fields is required: [{', '.join(names)}]", place)
    for name in LIMITS:
        yield from integer(batcher, name, place, least=1)
        yield from at_most_one(batcher, (name, f"{name}Path"), place)
    yield from unwanted(batcher, tuple(name for name in batcher if name not in (*names, "BatchInput")), place)


def _writer(writer: Record, place: str) -> Iterator[Problem]:
    if not writer.keys() & {"Resource", "WriterConfig"}:
        yield schema("At least one of these fields is required: [Resource, WriterConfig]", place)
    config, where = record(writer.get("WriterConfig")), f"{place}/WriterConfig"
    yield from choice(config, "Transformation", ("NONE", "COMPACT", "FLATTEN"), where)
    yield from choice(config, "OutputType", ("JSON", "JSONL"), where)
    parameters = record(writer.get("Parameters") or writer.get("Arguments"))
    if "Resource" in writer and not parameters.keys() & {"Bucket", "Bucket.$"}:
        yield required(["Bucket"], f"{place}/Parameters")
