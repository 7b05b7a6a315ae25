"""The locks: what `make setup` installs, with the hashes of the files that may be installed."""

import re
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = Path(__file__).parents[2] / "requirements"
PINS = re.compile(r"^([\w.-]+)==(\S+)((?: \\\n +--hash=sha256:[0-9a-f]{64})*)$", re.MULTILINE)
# What torch's build for CUDA needs besides comes in the versions that torch names; no lock has it.
CUDA = re.compile(r"nvidia-|cuda-|triton$")
TAKEN_OUT = {"rfc3987-syntax"}  # by `make setup`; the Makefile says why


def _pins() -> dict[str, tuple[Version, str]]:
    """Names → version and hashes."""
    text = "".join((LOCKS / name).read_text(encoding="utf-8") for name in ("locked.txt", "torch.txt"))
    return {canonicalize_name(name): (Version(version), hashes) for name, version, hashes in PINS.findall(text)}


def _needed(name: str, extras: frozenset[str], found: dict[str, str]) -> dict[str, str]:
    """What is installed of a package and all that it needs, added to `found`."""
    found[name] = Version(distribution(name).version).public
    for each in map(Requirement, distribution(name).requires or []):
        other = canonicalize_name(each.name)
        asked = each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
        absent = other in TAKEN_OUT or CUDA.match(other)
        if asked and not absent and (other not in found or each.extras):
            assert distribution(other).version in each.specifier, f"{name} needs {each}"
            _needed(other, frozenset(each.extras), found)
    return found


def test_each_package_is_locked_with_a_hash() -> None:
    text = (LOCKS / "locked.txt").read_text(encoding="utf-8")
    assert len(_pins()) == text.count("==") + 1
    assert [name for name, (_, hashes) in _pins().items() if not hashes] == []


def test_what_slows_every_import_of_jsonschema_is_not_installed() -> None:
    assert [name for name in ("rfc3987_syntax", "lark") if find_spec(name)] == []


def test_all_that_setup_py_needs_is_locked_and_installed() -> None:
    """Public versions are compared: torch's local version (+cpu) says which of its builds it is."""
    locked = {name: version.public for name, (version, _) in _pins().items()}
    needed = _needed("scones-unlimited", frozenset({"local", "dev"}), {})
    assert [name for name, found in needed.items() if locked.get(name) != found] == ["scones-unlimited"]
