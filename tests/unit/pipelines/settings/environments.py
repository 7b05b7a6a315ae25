"""Files of environments that the tests write."""

from pathlib import Path


def environment(folder: Path, name: str, text: str = "") -> None:
    """Writes the settings of an environment."""
    (folder / f"{name}.yaml").write_text(text)
