"""Checks programs: a state machine, a branch of a Parallel state, the processor of a Map state."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from local.protocol.json_types import Json, Record, record
from local.states.validation.problems import DUPLICATE, TARGET, UNREADABLE, Problem, required, schema
from local.states.validation.states import check_state
from local.states.validation.values import seconds

LONGEST_NAME = 80
WAITING = re.compile(r"\.(waitForTaskToken|sync(:2)?)$")  # at the end of a task's resource


def check_text(text: str, *, express: bool = False) -> list[Problem]:
    """What is wrong with a definition that is given as a text, for a standard or an express workflow."""
    try:
        definition = json.loads(text)
    except ValueError as error:
        return [Problem(UNREADABLE, f"Failed to parse the definition: {error}", "/")]
    if not isinstance(definition, dict):
        return [Problem(UNREADABLE, "The definition is not a JSON object", "/")]
    problems = list(_check(definition, "", "JSONPath", express=express))
    twice = [name for name, times in Counter(_names(definition)).items() if times > 1]
    return [*problems, *(Problem(DUPLICATE, f"Duplicate State name: {name}", f"/States/{name}") for name in twice)]


def _check(program: Json, place: str, language: str, *, express: bool) -> Iterator[Problem]:
    if not isinstance(program, dict):
        yield schema("Expected value of type Object", place)
        return
    if missing := [name for name in ("StartAt", "States") if name not in program]:
        yield required(missing, place)
        return
    states = program["States"]
    if not isinstance(states, dict) or not states:
        yield schema("Expected a non-empty Object", f"{place}/States")
        return
    language = str(program.get("QueryLanguage", language))
    express = express or record(program.get("ProcessorConfig")).get("ExecutionType") == "EXPRESS"
    yield from seconds(program, "TimeoutSeconds", place)
    yield from _check_targets(program, states, place)
    for name, state in states.items():
        yield from _check_named(name, state, f"{place}/States/{name}", language, express=express)


def _check_named(name: str, state: Json, where: str, language: str, *, express: bool) -> Iterator[Problem]:
    if len(name) > LONGEST_NAME:
        yield schema(f"State name must not be longer than {LONGEST_NAME} characters", where)
    if not isinstance(state, dict):
        yield schema("Expected value of type Object", where)
        return
    yield from check_state(state, where, language)
    pattern = WAITING.search(str(state.get("Resource")))
    if express and pattern:
        yield schema(f"Express state machine does not support '{pattern[0]}' service integration ", f"{where}/Resource")
    inner = str(state.get("QueryLanguage", language))
    for key, below in programs_of(state):
        yield from _check(below, f"{where}/{key}", inner, express=express)


def programs_of(state: Record) -> Iterator[tuple[str, Json]]:
    """The programs within a state, and where they are."""
    branches = state.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield f"Branches[{index}]", branch
    yield from ((key, state[key]) for key in ("ItemProcessor", "Iterator") if key in state)


def _names(program: Json) -> Iterator[str]:
    """The names of all states, also of those within others."""
    for name, state in record(record(program).get("States")).items():
        yield name
        for _, below in programs_of(record(state)):
            yield from _names(below)


def _check_targets(program: Record, states: Record, place: str) -> Iterator[Problem]:
    reached = set()
    for where, target in _targets(program, states, place):
        reached.add(target)
        if target not in states:
            field = where.rpartition("/")[2]
            yield Problem(TARGET, f"Missing '{field}' target: {target}", where)
    for name in states:
        if name not in reached:
            yield Problem(TARGET, f'State "{name}" is not reachable.', f"{place}/States/{name}")


def _targets(program: Record, states: Record, place: str) -> Iterator[tuple[str, Json]]:
    """Where states are named as the next one, and their names, as far as they can be reached."""
    waiting = [(f"{place}/StartAt", program["StartAt"])]
    seen = set()
    while waiting:
        where, target = waiting.pop(0)
        yield where, str(target)
        if isinstance(target, str) and target in states and target not in seen:
            seen.add(target)
            waiting.extend(_transitions(record(states[target]), f"{place}/States/{target}"))


def _transitions(state: Record, where: str) -> Iterator[tuple[str, Json]]:
    yield from ((f"{where}/{key}", state[key]) for key in ("Next", "Default") if key in state)
    for key in ("Choices", "Catch"):
        rules = state.get(key)
        for index, rule in enumerate(rules if isinstance(rules, list) else ()):
            if "Next" in record(rule):
                yield f"{where}/{key}[{index}]/Next", rule["Next"]
