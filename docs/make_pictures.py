"""Makes the pictures of README and docs from the results of `make run`: `python docs/make_pictures.py [BUILD]`.

Draws the workflow and both pipelines as SVG, takes screenshots of the decision page, the monitoring report and a
workflow execution in a headless browser, and writes all of them to docs/pictures. Run it after `make run` without DATA,
so that the published pictures show drawn images.
"""

import json
import sys
from pathlib import Path

from chromium import NAMES, find_browser
from playwright.sync_api import Browser, sync_playwright

from pipelines.pictures import draw_definition, draw_pipeline

PICTURES = Path(__file__).parent / "pictures"
SCREENSHOTS = {
    "decision.png": ("reports/decision.html", 1100, 800),
    "monitoring.png": ("reports/monitoring.html", 1100, 800),
    "execution.png": ("pictures/execution.svg", 668, 700),
}


def photograph(browser: Browser, source: Path, target: Path, width: int, height: int) -> None:
    """Writes the first screen of a page, in its light colours, as a PNG file."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.goto(source.resolve().as_uri())
    page.screenshot(path=target)
    page.close()


def draw(definitions: Path) -> None:
    """Draws the workflow and both pipelines from their definitions."""
    for name, file, drawn_by in (
        ("workflow", "inference.asl.json", draw_definition),
        ("training", "training.json", draw_pipeline),
        ("monitoring", "monitoring.json", draw_pipeline),
    ):
        definition = json.loads((definitions / file).read_text(encoding="utf-8"))
        (PICTURES / f"{name}.svg").write_text(drawn_by(definition), encoding="utf-8")


def main(build: Path) -> None:
    """Makes all pictures."""
    if not json.loads((build / "summary.json").read_text(encoding="utf-8")).get("synthetic", False):
        sys.exit(f"{build}/summary.json is of a run on real images. Run `make run` without DATA first.")
    executable = find_browser()
    if executable is None:
        sys.exit(f"No browser was found. Install one of {', '.join(NAMES)}.")
    draw(build / "definitions")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for name, (source, width, height) in SCREENSHOTS.items():
            photograph(browser, build / source, PICTURES / name, width, height)
            sys.stdout.write(f"{PICTURES / name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build"))
