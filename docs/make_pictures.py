"""Makes the README's pictures from the results of `make run`: `python docs/make_pictures.py [BUILD]`.

Photographs the first screen of the decision page, the monitoring report and a workflow execution in a headless browser,
and writes PNG files to docs/pictures. Run it after `make run` without DATA: what is published shows drawn images.
"""

import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SOURCES = {
    "decision.png": ("reports/decision.html", 1100, 800),
    "monitoring.png": ("reports/monitoring.html", 1100, 800),
    "execution.png": ("pictures/execution.svg", 660, 710),
}


def find_browser() -> str:
    """The path of an installed browser; ends the program where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit(f"No browser was found. Install one of {', '.join(BROWSERS)}.")
    return found


def photograph(browser: Browser, source: Path, target: Path, width: int, height: int) -> None:
    """Write the first screen of a page, in its light colours, as a PNG file."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.goto(source.resolve().as_uri())
    page.screenshot(path=target)
    page.close()


def main(build: Path) -> None:
    """Make all pictures."""
    if not json.loads((build / "summary.json").read_text(encoding="utf-8")).get("synthetic", False):
        sys.exit(f"{build}/summary.json is of a run on real images. Run `make run` without DATA first.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for name, (source, width, height) in SOURCES.items():
            photograph(browser, build / source, PICTURES / name, width, height)
            sys.stdout.write(f"{PICTURES / name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build"))
