"""The colours of pages and figures, for light and for dark screens."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean; `series` are those of a chart's first to fourth series.

    A `_soft` colour is a background for text in the colour of the same name. Contrasts satisfy WCAG 2.2, level AA.
    """

    ink: str
    muted: str
    paper: str
    card: str
    line: str
    good: str
    good_soft: str
    bad: str
    bad_soft: str
    warn: str
    warn_soft: str
    series: tuple[str, str, str, str]


LIGHT = Palette(
    ink="#1f2937",
    muted="#4b5563",
    paper="#f6f7f9",
    card="#ffffff",
    line="#d6dbe1",
    good="#0f766e",
    good_soft="#e3f4f1",
    bad="#b42318",
    bad_soft="#fdeae8",
    warn="#9a4b00",
    warn_soft="#fdf0dc",
    series=("#0f766e", "#d97706", "#7c3aed", "#94a3b8"),
)
DARK = Palette(
    ink="#e5e7eb",
    muted="#aeb6c2",
    paper="#111827",
    card="#1b2433",
    line="#374151",
    good="#5eead4",
    good_soft="#12342f",
    bad="#ff9d94",
    bad_soft="#431b18",
    warn="#fbbf24",
    warn_soft="#3a2a0b",
    series=("#2dd4bf", "#fbbf24", "#a78bfa", "#64748b"),
)
