"""Opens pages in a real browser.

To test one more page, write a fixture that returns its file and add its name to `DOCUMENTS` in `test_pages.py`.
"""

import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from browser.decisions import decision_page, probabilities, scored
from playwright.sync_api import Browser, Page, sync_playwright

from docs.chromium import NAMES, find_browser
from monitoring.analyze import analyze
from monitoring.options import Options
from monitoring.report.index import index_page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CONTRAST = 4.5  # WCAG 2.2, 1.4.3
# Finds visible text with too little contrast to its background, measured by WCAG's relative luminance.
LOW_CONTRAST = """minimum => {
  const parse = colour => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return {r, g, b, a};
  };
  const luminance = ({r, g, b}) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.a === 1) return colour;
      if (colour.a > 0) throw new Error("a background that can be seen through cannot be judged");
    }
    throw new Error("the page has no background colour of its own");
  };
  const texts = [...document.querySelectorAll("body *")].filter(e =>
    e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim()));
  const found = texts.map(e => {
    const [one, other] = [luminance(parse(getComputedStyle(e).color)), luminance(behind(e))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return {text: e.textContent.trim().slice(0, 40), ratio};
  });
  return {texts: found.length, low: found.filter(each => each.ratio < minimum)};
}"""


def _load(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location("monitoring_fixtures", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


_FIXTURES = _load(Path(__file__).parents[1] / "unit" / "monitoring" / "conftest.py")
# The captures of the unit tests. pytest finds fixtures by their names in this module.
draw, payload, record, respond = _FIXTURES.draw, _FIXTURES.payload, _FIXTURES.record, _FIXTURES.respond
write_lines, captures = _FIXTURES.write_lines, _FIXTURES.captures


@dataclass
class Opened:
    """An open page, the messages of its console, and its requests other than for its own file and data URIs."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_browser()
    if executable is None:
        pytest.skip(f"none of {', '.join(NAMES)} is on PATH")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for all tests: to open a file in a new one takes the browser five times as long."""
    tab = browser.new_page()
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def page(tab: Page) -> Iterator[Callable[..., Opened]]:
    """Opens a file in place of the one that is open: `page(path, width=390, scheme="dark")`."""
    listeners: list[tuple[Any, Callable[[Any], None]]] = []

    def leave() -> None:
        while listeners:
            tab.remove_listener(*listeners.pop())
        tab.goto("about:blank")

    def open_file(path: Path, width: int = 1280, scheme: str = "light") -> Opened:
        leave()
        opened, own = Opened(tab), (path.as_uri(), "data:")
        listeners.append(("console", lambda message: opened.errors.append(message.text)))
        listeners.append(("pageerror", lambda error: opened.errors.append(str(error))))
        listeners.append(("request", lambda sent: sent.url.startswith(own) or opened.requests.append(sent.url)))
        for event, listener in listeners:
            tab.on(event, listener)
        tab.set_viewport_size({"width": width, "height": 800})
        tab.emulate_media(color_scheme=scheme)
        tab.goto(path.as_uri(), wait_until="load")
        return opened

    yield open_file
    leave()


@pytest.fixture(scope="session")
def low_contrast() -> Callable[[Page], Any]:
    """Counts the texts of a page and lists those with too little contrast: `{"texts": n, "low": [{text, ratio}]}`."""
    return lambda opened: opened.evaluate(LOW_CONTRAST, CONTRAST)


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], list[str]]:
    """What axe finds on a page, by its rules for WCAG 2.2 A and AA and its best practices: `rule: elements`."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="`make setup` installs axe").Axe()

    def find(opened: Page) -> list[str]:
        found = axe.run(opened).response["violations"]
        return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found]

    return find


def _report(captures: Path, output: Path) -> Path:
    now = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    return analyze(captures, output, Options(("bicycle", "motorcycle"), 0.93, title="Vehicles", now=now)).report


@pytest.fixture(scope="session")
def monitoring_report(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _report(captures, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="session")
def empty_monitoring_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _report(tmp_path_factory.mktemp("nothing"), tmp_path_factory.mktemp("empty-report"))


@pytest.fixture(scope="session")
def synthetic_monitoring_report(
    tmp_path_factory: pytest.TempPathFactory,
    record: Callable[..., dict[str, object]],
    respond: Callable[..., dict[str, object]],
    write_lines: Callable[..., Path],
) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    long = "anamewithoutanyplacetobreakaline" * 5
    write_lines(folder / f"{long}.jsonl", record(1, respond(0.95, synthetic=True, version=long)), b"{")
    return _report(folder, tmp_path_factory.mktemp("synthetic-report"))


@pytest.fixture(scope="session")
def monitoring_report_with_ground_truth(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    truth = tmp_path_factory.mktemp("truth")
    known = {"photo-1": "bicycle", "event-2": "motorcycle", "event-4": "a lorry with a very long name"}
    lines = [
        {"groundTruthData": {"data": name, "encoding": "CSV"}, "eventMetadata": {"eventId": event}, "eventVersion": "0"}
        for event, name in known.items()
    ]
    write = "\n".join([*map(json.dumps, lines), "{"])
    (truth / "labels.jsonl").write_text(write)
    now = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    options = Options(("bicycle", "motorcycle"), 0.93, title="Vehicles", now=now, ground_truth=truth)
    return analyze(captures, tmp_path_factory.mktemp("truth-report"), options).report


@pytest.fixture(scope="session")
def monitoring_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of windows with each verdict, of two months."""
    folder = tmp_path_factory.mktemp("index")
    share = {"share": 0.94, "low": 0.9, "high": 0.97, "photos": 250}
    long = "pictures are turned by 90°: 96 % of 412 photos of a camera with averylongnamethatcannotbebroken" * 2
    for number, verdict in enumerate(("trust", "cannot_tell", "look", "do_not_trust", "trust")):
        start = datetime(2026, 2, 26, tzinfo=UTC) + timedelta(days=number)
        place = folder / f"{start:%Y-%m-%d}"
        place.mkdir()
        (place / "report.html").write_text("<p>")
        document = {
            "verdict": verdict,
            "window": {"from": start.isoformat(), "to": (start + timedelta(days=1)).isoformat()},
            "records": 250 * number,
            "causes": [{"text": long}] if verdict in ("look", "do_not_trust") else [],
            "not_compared": [{"why": "nothing was captured"}] if verdict == "cannot_tell" else [],
            "accuracy": {"measured": share, "estimated": share} if verdict == "trust" else {},
            "numbers": {"median_confidence": 0.9 + number / 100, "review_share": 0.2},
        }
        (place / "verdict.json").write_text(json.dumps(document))
    path = folder / "index.html"
    path.write_text(index_page([folder], folder, "Vehicles"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def first_decision_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decision_page(tmp_path_factory.mktemp("first") / "decision.html", None, synthetic=True)


@pytest.fixture(scope="session")
def decision_page_against_a_weaker_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    weaker = scored("weaker", probabilities(2, 0.8))
    return decision_page(tmp_path_factory.mktemp("weaker") / "decision.html", weaker)


@pytest.fixture(scope="session")
def decision_page_against_a_stronger_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stronger = scored("stronger", probabilities(2, 2.5))
    return decision_page(tmp_path_factory.mktemp("stronger") / "decision.html", stronger)
