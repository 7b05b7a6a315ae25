"""The style of all figures, whichever page they are on."""

import re
from contextlib import AbstractContextManager
from typing import Any

import matplotlib as mpl

from jobs.palette import DARK, LIGHT, Palette

# What figures are drawn in, and what it becomes on a dark page. Other colours of the palettes mean two things in one
# of them, so that they cannot be exchanged.
DARK_COLOURS = dict(zip((LIGHT.ink, LIGHT.line, *LIGHT.series), (DARK.ink, DARK.line, *DARK.series), strict=True))


def styled(palette: Palette) -> AbstractContextManager[None]:
    """A context in which matplotlib draws and saves in this project's style.

    Used as `with styled(LIGHT): …`.
    """
    inked = ("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.edgecolor")
    settings: dict[Any, Any] = {  # matplotlib types the keys as one huge Literal
        **dict.fromkeys(inked, palette.ink),
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "grid.color": palette.line,
        "grid.linewidth": 0.6,
        "font.size": 10,
        "legend.columnspacing": 1,
        "text.parse_math": False,  # names of classes may have dollar signs
        "svg.hashsalt": "scones",  # the same drawing gives the same bytes
        "svg.fonttype": "path",
    }
    return mpl.rc_context(settings)


def in_dark(svg: str) -> str:
    """A figure that was drawn in the colours of `LIGHT`, in those of `DARK`; quicker than to draw it again."""
    return re.sub("|".join(DARK_COLOURS), lambda found: DARK_COLOURS[found[0]], svg)
