"""Reads the settings of an environment from `configs/base.yaml` and the environment's own file."""

import difflib
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import ConfigurationError
from pipelines.settings.model import Settings
from pipelines.settings.yaml_core import MOST_BYTES, read_yaml

CONFIGS = Path(__file__).parents[2] / "configs"
ASIDE = ("x-", ".")  # top-level keys that hold nothing but what aliases elsewhere refer to
LONGEST = 200  # characters of a wrong value that an error shows
# Settings that earlier versions had. A file that still has one is read, and told what became of it.
RETIRED = {
    ("training", "networks"): "the model averages the networks of the folds; training.folds is their number",
    ("training", "fold_epochs"): "the networks of the folds are the model, and train for training.epochs",
}
Tree = dict[str, Any]
Location = tuple[str, ...]


def load(environment: str, folder: Path = CONFIGS) -> Settings:
    """The settings of an environment: `base.yaml`, overridden by `<environment>.yaml`.

    Raises:
        ConfigurationError: The message names file, key and value, and says what is allowed.

    """
    base_file, own_file = folder / "base.yaml", folder / f"{environment}.yaml"
    if not own_file.is_file():
        raise ConfigurationError(f"there is no environment '{environment}': {_choices(folder)}")
    base, own = _read(base_file), _read(own_file)
    try:
        return Settings.model_validate({"environment": environment, **merge(base, own)})
    except ValidationError as error:
        lines = [_explain(problem, {base_file: base, own_file: own}) for problem in error.errors()]
        raise ConfigurationError("\n".join(lines)) from None


def merge(base: Tree, own: Tree) -> Tree:
    """`base` overridden by `own`: mappings are merged, all other values are replaced.

    A section without keys, whose lines are all comments for instance, overrides nothing.
    """
    trees = [key for key in own if _is_tree(base.get(key)) and (own[key] is None or _is_tree(own[key]))]
    both = {key: merge(base[key], own[key] or {}) for key in trees}
    return {**base, **own, **both}


def _is_tree(value: object) -> bool:
    return isinstance(value, dict)


def _choices(folder: Path) -> str:
    names = sorted(path.stem for path in folder.glob("*.yaml") if path.stem != "base")
    return f"{folder} has {', '.join(names)}" if names else f"{folder} has no configuration files"


def _read(path: Path) -> Tree:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigurationError(f"{path}: larger than {MOST_BYTES:,} bytes, which no configuration is")
        tree = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: this file is missing; it has the defaults of all settings") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path}: not valid YAML: {error}") from error
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise ConfigurationError(f"{path}: expected keys with values, found {type(tree).__name__}")
    return _without_retired(path, {key: value for key, value in tree.items() if not str(key).startswith(ASIDE)})


def _without_retired(path: Path, tree: Tree) -> Tree:
    kept = {section: dict(keys) if _is_tree(keys) else keys for section, keys in tree.items()}
    for (section, key), why in RETIRED.items():
        if _is_tree(kept.get(section)) and key in kept[section]:
            del kept[section][key]
            logging.getLogger(__name__).warning("%s: %s.%s changes nothing any more: %s", path, section, key, why)
    return kept


def _explain(problem: ErrorDetails, trees: Mapping[Path, Tree]) -> str:
    location = tuple(str(part) for part in problem["loc"])
    path = _origin(location, trees)
    key = ".".join(location) or "(whole file)"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        return f"{path}: unknown key '{key}'; {_suggest(location)}"
    if problem["type"] == "missing":
        return f"{path}: the key '{key}' is missing"
    if not location or isinstance(problem["input"], dict):
        return f"{path}: {message}"
    return f"{path}: {key}: {_shown(problem['input'])} is not allowed: {message}{_hint(problem)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _hint(problem: ErrorDetails) -> str:
    """What to write instead of a text that was meant as a number, or as true or false."""
    text, kind = problem["input"], problem["type"]
    if not isinstance(text, str):
        return ""
    if kind in {"int_type", "float_type"} and re.fullmatch(r"[-+0-9_.,eE: ]*[0-9][-+0-9_.,eE: ]*", text):
        return ". This is text; write a number, without quotes and without '_', ',' or ':'"
    if kind == "bool_type":
        return ". This is text; write true or false, without quotes"
    return ""


def _origin(location: Location, trees: Mapping[Path, Tree]) -> Path:
    """The file to name in a message: the last one that has the key, or else the longest part of it."""
    return max(reversed(list(trees)), key=lambda path: _depth(location, trees[path]))


def _depth(location: Location, tree: object) -> int:
    for depth, key in enumerate(location):
        if not isinstance(tree, dict) or key not in tree:
            return depth
        tree = tree[key]
    return len(location)


def _suggest(location: Location) -> str:
    allowed = sorted(_keys(Settings, location[:-1]))
    close = difflib.get_close_matches(location[-1], allowed, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}the keys here are: {', '.join(allowed)}"


def _keys(model: type[BaseModel], parents: Location) -> Iterator[str]:
    for name in parents:
        field = model.model_fields.get(name)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return
        model = field.annotation
    yield from (name for name in model.model_fields if name != "environment")
