"""Small wheels in a folder, in place of a package index."""

import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path


def write_wheels(folder: Path, packages: Iterable[str], tag: str) -> None:
    """A wheel for each package, in the version that is installed, with one module. It requires what nobody has."""
    for package in packages:
        module, pinned = package.replace("-", "_"), version(package)
        about = f"Metadata-Version: 2.1\nName: {package}\nVersion: {pinned}\nRequires-Dist: what-nobody-has\n"
        info = f"{module}-{pinned}.dist-info"
        with zipfile.ZipFile(folder / f"{module}-{pinned}-{tag}.whl", "w") as wheel:
            wheel.writestr(f"{module}.py", f"CAME_FROM = '{tag}'\n")
            wheel.writestr(f"{info}/METADATA", about)
            wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
            wheel.writestr(f"{info}/RECORD", "")
