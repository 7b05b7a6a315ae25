"""What the HTML pages that jobs write have in common: templates, colours, and how shares and images are written."""

import base64
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from jobs.palette import DARK, LIGHT, Palette


def page_environment(folder: Path) -> Environment:
    """Jinja's environment for the templates in a folder.

    Templates get the palettes as `{{ colours | safe }}` for their style sheet, and the filters `percent` and `listed`.
    """
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["colours"] = style_sheet()
    environment.filters["percent"] = percent
    environment.filters["listed"] = listed
    return environment


def style_sheet() -> str:
    """The palettes as CSS variables, `--good-soft` and so on; the reader's browser chooses between light and dark."""
    light, dark = (_variables(palette) for palette in (LIGHT, DARK))
    return (
        f":root {{ color-scheme: light dark; {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )


def _variables(palette: Palette) -> str:
    colours = {name: value for name, value in asdict(palette).items() if isinstance(value, str)}
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in colours.items())


def percent(share: float, decimals: int = 1) -> str:
    """A share as a percentage, such as 98.5 %, that no line break divides."""
    return f"{100 * share:.{decimals}f}\N{NARROW NO-BREAK SPACE}%"


def listed(names: Iterable[str]) -> str:
    """One name or several, as `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def data_uri(content: bytes, media_type: str = "image/png") -> str:
    """A file as a data URI, so that a page needs no other files."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
