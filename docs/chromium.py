"""Finds the browser for the README's pictures and for the tests of pages."""

import shutil

# What the browser is called on Debian, on Fedora and older Ubuntu, and in the images of CodeBuild and GitHub Actions.
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """The path of the first Chromium or Chrome on PATH, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
