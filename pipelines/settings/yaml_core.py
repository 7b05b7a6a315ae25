"""Reads YAML as people write it: the core schema of YAML 1.2, with merge keys, and in bounded time and memory.

PyYAML reads YAML 1.1, in which `on` is true, `1:30` is ninety, `012` is ten and `3e-2` is text (decision 17).
"""

import math
import re
from typing import Any

import yaml

MOST_BYTES = 1_000_000
MOST_DEPTH = 20
MOST_VALUES = 10_000  # with everything repeated that an alias stands for

_TAG = "tag:yaml.org,2002:"
_RESOLVERS = (  # https://yaml.org/spec/1.2.2/#1032-tag-resolution, and merge keys (https://yaml.org/type/merge.html)
    ("null", r"~|null|Null|NULL|"),
    ("bool", r"true|True|TRUE|false|False|FALSE"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN"),
    ("merge", r"<<"),
)


def read_yaml(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """The value of a YAML document; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_CoreLoader)  # noqa: S506 - a SafeLoader  # nosec B506


class _CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema. Rejects a key that appears twice, where YAML's own loader keeps the last value."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as the base has it
    yaml_constructors = {
        f"{_TAG}{kind}": yaml.SafeLoader.yaml_constructors[f"{_TAG}{kind}"]
        for kind in ("null", "bool", "str", "seq", "map")
    } | {None: yaml.SafeLoader.yaml_constructors[None]}

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._sizes: dict[int, int] = {}  # by the identity of a node: how many values it stands for

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - any key
        alias = self.check_event(yaml.AliasEvent)
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise yaml.composer.ComposerError(None, None, f"nested more than {MOST_DEPTH} levels deep", mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if alias and id(node) not in self._sizes:
            raise yaml.composer.ComposerError(None, None, "an alias to something that contains it", mark)
        if not alias:
            self._sizes[id(node)] = 1 + sum(self._sizes[id(child)] for child in _children(node))
        if self._sizes[id(node)] > MOST_VALUES:
            raise yaml.composer.ComposerError(None, None, f"aliases make more than {MOST_VALUES:,} values", mark)
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:  # noqa: ANN401 - as the base has it
        node = super().compose_mapping_node(anchor)
        seen = set()
        for key, _ in node.value:
            if (key.tag, str(key.value)) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key.value}' appears twice", key.start_mark
                )
            seen.add((key.tag, str(key.value)))
        return node

    def construct_int(self, node: yaml.ScalarNode) -> int:
        """A whole number. A leading zero means nothing; octal numbers begin with 0o."""
        text = node.value
        try:
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        except ValueError:
            raise yaml.constructor.ConstructorError(None, None, "not a whole number", node.start_mark) from None

    def construct_float(self, node: yaml.ScalarNode) -> float:
        """A number, which must be finite."""
        try:
            number = float(node.value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise yaml.constructor.ConstructorError(
                None, None, f"'{node.value}' is no number that a setting can have", node.start_mark
            )
        return number


def _children(node: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


for _kind, _pattern in _RESOLVERS:
    _CoreLoader.add_implicit_resolver(f"{_TAG}{_kind}", re.compile(f"^(?:{_pattern})$"), None)
_CoreLoader.add_constructor(f"{_TAG}int", _CoreLoader.construct_int)
_CoreLoader.add_constructor(f"{_TAG}float", _CoreLoader.construct_float)
