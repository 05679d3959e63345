"""The browser of these tests: Chromium, driven by Playwright."""

import shutil
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync"]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip(
        "playwright.sync_api",
        reason="Playwright is missing: python -m pip install playwright",
    )
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with playwright.sync_playwright() as running:
        own = Path(running.chromium.executable_path)
        if path is None and not own.is_file():
            pytest.skip("Chromium is missing (Debian: apt install chromium)")
        browser = running.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
