"""Folders that other users of the machine cannot look into."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Makes a folder for its owner alone, or makes one of ours private. Folders above it stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
