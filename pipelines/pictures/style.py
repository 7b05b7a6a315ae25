"""The style sheet of a picture: its fonts and lines, and its colours on light and on dark pages.

Every colour is written out. Image viewers and converters such as librsvg, resvg and CairoSVG know no CSS variables and
draw a shape whose fill is one black. They skip `@media` too, and so draw the light picture.
"""

from string import Template

LIGHT = {
    "back": "#ffffff",
    "edge": "#d0d7de",
    "ink": "#1f2328",
    "soft": "#57606a",
    "line": "#6e7781",
    "catch": "#b35900",
    "box": "#f6f8fa",
    "task": "#0969da",
    "choice": "#8250df",
    "good": "#1a7f37",
    "bad": "#cf222e",
    "good_box": "#dafbe1",
    "bad_box": "#ffebe9",
    "warn_box": "#fff1d6",
    "warn": "#b35900",
}
DARK = {
    "back": "#0d1117",
    "edge": "#30363d",
    "ink": "#e6edf3",
    "soft": "#9da7b1",
    "line": "#8b949e",
    "catch": "#f0a13c",
    "box": "#161b22",
    "task": "#58a6ff",
    "choice": "#bc8cff",
    "good": "#3fb950",
    "bad": "#ff7b72",
    "good_box": "#12261a",
    "bad_box": "#2d1517",
    "warn_box": "#2e2111",
    "warn": "#f0a13c",
}
FORMS = """
.picture text { font: 11px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; text-anchor: middle; }
.picture text.name { font-size: 13px; font-weight: 600; }
.picture .node > .shape { stroke-width: 1.5; }
.picture .running > .shape { stroke-width: 2.5; }
.picture .not-entered > text.name { font-weight: 400; }
.picture .link { fill: none; stroke-width: 1.5; }
.picture .link.catch { stroke-dasharray: 5 4; }
"""
COLOURS = Template("""
.picture text { fill: $soft; }
.picture text.name { fill: $ink; }
.picture .back { fill: $back; stroke: $edge; }
.picture .node > .shape { fill: $box; stroke: $line; }
.picture .task > .shape, .picture .many > .shape { stroke: $task; }
.picture .choice > .shape { stroke: $choice; }
.picture .fail > .shape { stroke: $bad; }
.picture .succeed > .shape { stroke: $good; }
.picture .start > .shape { fill: $line; }
.picture .succeeded > .shape { fill: $good_box; stroke: $good; }
.picture .failed > .shape { fill: $bad_box; stroke: $bad; }
.picture .caught > .shape { fill: $warn_box; stroke: $warn; }
.picture .running > .shape { stroke: $task; }
.picture .not-entered > .shape { fill: $back; stroke: $edge; }
.picture .not-entered > text.name { fill: $soft; }
.picture .link { stroke: $line; }
.picture .link.catch { stroke: $catch; }
.picture .label.catch text { fill: $catch; }
.picture .head { fill: $line; }
.picture .head.catch { fill: $catch; }
""")


def style_sheet() -> str:
    """The style sheet: light colours, and dark ones where the reader's browser prefers them."""
    light, dark = COLOURS.substitute(LIGHT), COLOURS.substitute(DARK)
    return f"{FORMS}{light}@media (prefers-color-scheme: dark) {{{dark}}}\n"
