"""Writes a layout as a self-contained SVG image that is legible on light and dark pages."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

from pipelines.pictures.graph import Edge, Graph, Node
from pipelines.pictures.layers import Link
from pipelines.pictures.layout import LINE_HEIGHT, Layout, Place, layout_of
from pipelines.pictures.routes import HEAD, Point, number, route_of
from pipelines.pictures.style import style_sheet

SIGNS = {"succeeded": "✓", "failed": "✕", "caught": "!", "running": "…", "not entered": "–"}
ROUND = ("pass", "succeed")
# What XML does not allow (https://www.w3.org/TR/xml/#charsets), and errors may have in their names all the same.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(graph: Graph) -> str:
    """Draws a graph and returns the text of an SVG file."""
    layout = layout_of(graph)
    width, height = number(layout.width), number(layout.height)
    size = {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"}
    space = {"xmlns": "http://www.w3.org/2000/svg"}
    root = ET.Element("svg", {**space, **size, "class": "picture", "role": "img", "aria-label": graph.title})
    ET.SubElement(root, "title").text = graph.title
    ET.SubElement(root, "desc").text = graph.description
    ET.SubElement(root, "style").text = style_sheet()
    _rectangle(root, Place(layout.width / 2, layout.height / 2, layout.width - 1, layout.height - 1), 12, "back")
    for link in layout.links:
        _draw_link(root, layout, link)
    for item, place in layout.places.items():
        if item.node:
            _draw_node(root, item.node, place)
        if item.edge:
            _draw_label(root, item.edge, place)
    ET.indent(root, " ")
    return ILLEGAL.sub("?", ET.tostring(root, encoding="unicode")) + "\n"


def _draw_node(root: ET.Element, node: Node, place: Place) -> None:
    status = (node.status or "").replace(" ", "-")
    group = ET.SubElement(root, "g", {"class": f"node {node.shape} {status}".rstrip()})
    if node.shape == "start":
        _rectangle(group, place, place.height / 2, "shape")
        return
    if node.shape == "many":
        _rectangle(group, replace(place, x=place.x + 4, y=place.y + 4), 8, "shape")
    if node.shape == "choice":
        ET.SubElement(group, "polygon", {"class": "shape", "points": _hexagon(place)})
    else:
        _rectangle(group, place, place.height / 2 if node.shape in ROUND else 8, "shape")
    _write(group, node, place)


def _write(group: ET.Element, node: Node, place: Place) -> None:
    """The lines of a box, from the top, and its tooltip."""
    if node.explanation:
        ET.SubElement(group, "title").text = node.explanation
    _text(group, place.x, place.top + 20, node.name, "name")
    detail = f"{SIGNS[node.status]} {node.detail}" if node.status else node.detail
    for index, line in enumerate((detail, *node.more)):
        _text(group, place.x, place.top + 37 + LINE_HEIGHT * index, line, "detail")


def _draw_label(root: ET.Element, edge: Edge, place: Place) -> None:
    group = ET.SubElement(root, "g", {"class": f"label {edge.style}"})
    ET.SubElement(group, "title").text = edge.explanation
    _text(group, place.x, place.y + 4, edge.label, "text")


def _draw_link(root: ET.Element, layout: Layout, link: Link) -> None:
    route = route_of(layout, link)
    ET.SubElement(root, "path", {"class": f"link {link.style}", "d": route.path})
    for tip in filter(None, (route.tip_above, route.tip_below)):
        _head(root, tip, link.style, down=tip is route.tip_below)


def _head(root: ET.Element, tip: Point, style: str, *, down: bool) -> None:
    x, y = tip
    back = y - HEAD if down else y + HEAD
    corners = ((x, y), (x - HEAD / 2, back), (x + HEAD / 2, back))
    points = " ".join(f"{number(left)},{number(top)}" for left, top in corners)
    ET.SubElement(root, "polygon", {"class": f"head {style}", "points": points})


def _rectangle(parent: ET.Element, place: Place, radius: float, style: str) -> None:
    values = {"x": place.left, "y": place.top, "width": place.width, "height": place.height, "rx": radius}
    ET.SubElement(parent, "rect", {"class": style, **{name: number(value) for name, value in values.items()}})


def _hexagon(place: Place) -> str:
    slant = 14
    left, right = place.left, place.left + place.width
    corners = [(left + slant, place.top), (right - slant, place.top), (right, place.y)]
    corners += [(right - slant, place.bottom), (left + slant, place.bottom), (left, place.y)]
    return " ".join(f"{number(x)},{number(y)}" for x, y in corners)


def _text(parent: ET.Element, x: float, y: float, content: str, style: str) -> None:
    ET.SubElement(parent, "text", {"class": style, "x": number(x), "y": number(y)}).text = content
