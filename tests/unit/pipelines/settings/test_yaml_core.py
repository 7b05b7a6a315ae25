"""YAML 1.2's core schema, merge keys, and files that ask for more than they may."""

import pytest
import yaml

from pipelines.settings.yaml_core import read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3e-2", 0.03), ("3E-2", 0.03), (".3e-1", 0.03), ("3.0e-2", 0.03), ("+.5", 0.5), ("12.", 12.0), ("1e3", 1000.0),
        ("012", 12), ("-7", -7), ("+7", 7), ("0o17", 15), ("0x1F", 31),
        ("on", "on"), ("off", "off"), ("yes", "yes"), ("No", "No"), ("y", "y"),
        ("1:30", "1:30"), ("1_000", "1_000"), ("0b11", "0b11"), ("2026-03-02", "2026-03-02"), ("1.2.3", "1.2.3"),
        ("true", True), ("False", False), ("tRue", "tRue"),
        ("~", None), ("null", None), ("", None), ("[a, , b]"[:0], None),
        ("'5'", "5"), ('"true"', "true"), ("!!str 5", "5"), ("!!int '5'", 5), ("!!float 5", 5.0),
    ],
)  # fmt: skip
def test_scalars_of_the_core_schema(text: str, value: object) -> None:
    found = read_yaml(text)
    assert (type(found), found) == (type(value), value)


def test_merge_keys_and_anchors() -> None:
    text = """
a: &a {x: 1, y: 2}
b: &b {<<: *a, x: 3}
c: {x: 4, <<: [*b, {y: 5, z: 6}]}
d: [*a, *a]
"""
    assert read_yaml(text) == {
        "a": {"x": 1, "y": 2}, "b": {"x": 3, "y": 2}, "c": {"x": 4, "y": 2, "z": 6}, "d": [{"x": 1, "y": 2}] * 2,
    }  # fmt: skip


def test_an_anchor_that_is_merged_before_it_is_read() -> None:
    text = "z: &z {k: 0}\na: {inner: &b {<<: *z, k: 1}}\nc: {<<: *b}"
    assert read_yaml(text) == {"z": {"k": 0}, "a": {"inner": {"k": 1}}, "c": {"k": 1}}


LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
MERGED = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\na: 2", "the key 'a' appears twice"),
        ("a: {b: 1, 'b': 2}", "the key 'b' appears twice"),
        ("a: .inf", "'.inf' is no number"),
        ("a: -.INF", "no number that a setting can have"),
        ("a: .nan", "no number"),
        ("a: 1e999", "'1e999' is no number"),
        ("a: " + "9" * 5000, "not a whole number"),
        ("a: !!int text", "not a whole number"),
        ("a: !!float text", "no number"),
        ("!!set {a, b}", "could not determine a constructor"),
        ("a: !!binary aGk=", "could not determine a constructor"),
        ("!!python/object/apply:os.system [ls]", "could not determine a constructor"),
        (LAUGHS, "aliases make more than 10,000 values"),
        (MERGED, "aliases make more than 10,000 values"),
        ("&a [*a]", "an alias to something that contains it"),
        ("&a {<<: *a}", "an alias to something that contains it"),
        ("[" * 100_000, "nested more than 20 levels deep"),
        ("a: " * 5 + "[" * 30, "mapping values are not allowed"),
        ("{a: " * 30, "nested more than 20 levels deep"),
        ("? [a]\n: b", "unhashable key"),
        ("*nothing", "undefined alias"),
        ("a: 1\n---\nb: 2", "expected a single document"),
        ("\x01", "special characters are not allowed"),
    ],
)
def test_what_is_refused_in_a_line(text: str, reason: str) -> None:
    with pytest.raises(yaml.YAMLError, match=reason):
        read_yaml(text)
