"""JupyterLab in a real browser, started as ``make lab`` starts it.

Run with ``make test-browser``. Needs Playwright (pip) and Chromium; without them, the
test is skipped and says which is missing. COURSE_SCREENSHOTS names a folder in which
the pictures of the pages are kept.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from course_utils.classroom.student_copies import release

ROOT = Path(__file__).parents[2]
NOTEBOOK = "01_fcn_limits.ipynb"
WRONG = '''\
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """Count the places of a kernel."""
    span = dilation * (kernel_size - 1) + 1
    return (size + padding - span) // stride + 1
'''

pytestmark = pytest.mark.skipif(
    not os.environ.get("COURSE_BROWSER"), reason="a browser test: make test-browser"
)


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """Copy the notebooks, so that what the browser saves changes none of ours."""
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    folder.mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, folder)
    release(folder, folder / "exercises")
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def address(notebooks):
    """Start ``make lab`` on the copy; return the address of its first screen."""
    environment = Path(sys.prefix)
    if not (environment / ".set-up").is_file():
        pytest.skip("this Python is not that of make: run make test-browser")
    port = free_port()
    options = [f"--port={port}", "--port-retries=0", "--no-browser", "--allow-root"]
    options += ["--IdentityProvider.token="]
    make = ["make", "lab", f"VENV={environment}", f"LAB_DIR={notebooks}"]
    log = (notebooks.parent / "log").open("w+")
    server = subprocess.Popen(
        [*make, f"LAB_ARGS={' '.join(options)}"],
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield first_screen(f"http://127.0.0.1:{port}", server, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def first_screen(address, server, log, seconds=120):
    """Wait for the server; return where it sends a browser."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(address, timeout=5).url
        time.sleep(0.5)
    log.seek(0)
    pytest.fail(f"make lab did not start:\n{log.read()}")


class Lab:
    """A page with a notebook in JupyterLab, which shows only cells near the view."""

    def __init__(self, page, pictures):
        self.page, self.pictures = page, pictures

    def open(self, address, name, title):
        self.page.goto(address.rpartition("/tree/")[0] + f"/tree/exercises/{name}")
        self.cell(title).first.wait_for(timeout=60_000)
        self.wait_until_idle()

    def wait_until_idle(self, seconds=900):
        """Wait until the kernel has been idle for two seconds."""
        status = self.page.locator("#jp-main-statusbar", has_text="| Idle")
        until, quiet = time.monotonic() + seconds, 0
        while quiet < 4:
            assert time.monotonic() < until, "the kernel is still busy"
            self.page.wait_for_timeout(500)
            quiet = quiet + 1 if status.count() else 0

    def menu(self, *items):
        self.page.locator(".lm-MenuBar-item", has_text=items[0]).first.click()
        for item in items[1:]:
            exactly = re.compile(f"^{re.escape(item)}$")
            label = self.page.locator(".lm-Menu-itemLabel", has_text=exactly)
            label.click()

    def cell(self, text):
        return self.page.locator(".jp-NotebookPanel:visible .jp-Cell", has_text=text)

    def scroll_to(self, text, step=500):
        """Scroll down from the top until a cell with a text is there."""
        notebook = self.page.locator(
            ".jp-NotebookPanel:visible .jp-WindowedPanel-outer"
        )
        notebook.evaluate("panel => panel.scrollTo(0, 0)")
        for _ in range(400):
            if self.cell(text).count():
                self.cell(text).first.scroll_into_view_if_needed()
                self.page.wait_for_timeout(300)
                return self.cell(text).first
            notebook.evaluate(f"panel => panel.scrollBy(0, {step})")
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no cell with {text!r}")

    def picture(self, name):
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def seen_images(self, step=600):
        """Scroll through all of it; return the widths of the pictures, pixels."""
        notebook = self.page.locator(
            ".jp-NotebookPanel:visible .jp-WindowedPanel-outer"
        )
        notebook.evaluate("panel => panel.scrollTo(0, 0)")
        found, position = {}, -1
        while position != (position := notebook.evaluate("panel => panel.scrollTop")):
            for image in self.page.locator(".jp-RenderedImage img:visible").all():
                name = image.evaluate("image => image.src.slice(-200)")
                found[name] = image.evaluate("image => image.naturalWidth")
            notebook.evaluate(f"panel => panel.scrollBy(0, {step})")
            self.page.wait_for_timeout(150)
        return list(found.values())


@pytest.fixture(scope="module")
def lab(browser, address, tmp_path_factory):
    """Open the notebook, and run all of it once."""
    chosen = os.environ.get("COURSE_SCREENSHOTS")
    pictures = Path(chosen) if chosen else tmp_path_factory.mktemp("screenshots")
    pictures.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    lab = Lab(page, pictures)
    lab.open(address, NOTEBOOK, "01 FCN and its limits")
    lab.picture("1_opened")
    lab.menu("Run", "Run All Cells")
    lab.scroll_to("On Colab, this cell").get_by_text("[1]:").wait_for(timeout=60_000)
    lab.wait_until_idle()
    lab.picture("2_run")
    return lab


def test_the_first_screen_is_the_first_notebook(address, browser):
    page = browser.new_page()
    page.goto(address)
    title = page.locator(".jp-NotebookPanel:visible h1", has_text="00 Start here")
    title.wait_for(timeout=60_000)
    page.close()


def test_a_copy_that_was_only_opened_and_saved_is_as_it_was(
    browser, address, notebooks, tmp_path
):
    path = notebooks / "exercises" / "02_deconvnet.ipynb"
    before, saved = path.read_bytes(), path.stat().st_mtime_ns
    page = browser.new_page()
    lab = Lab(page, tmp_path)
    lab.open(address, path.name, "02 DeconvNet")
    lab.menu("File", "Save Notebook")
    until = time.monotonic() + 60
    while path.stat().st_mtime_ns == saved and time.monotonic() < until:
        page.wait_for_timeout(200)
    page.close()
    assert path.stat().st_mtime_ns != saved
    assert path.read_bytes() == before


def test_run_all_reaches_the_end_and_shows_pictures(lab):
    last = lab.scroll_to("In five lines")
    lab.picture("3_end")
    assert "Traceback" not in last.inner_text()
    widths = lab.seen_images()
    assert len(widths) >= 10
    assert min(widths) > 100


def test_an_unsolved_exercise_is_open_and_no_error(lab):
    check = lab.scroll_to("exercise 1.1 is still open")
    lab.picture("4_open_exercise")
    assert "Traceback" not in check.inner_text()


def test_a_slider_changes_its_picture(lab):
    lab.scroll_to("drag the slider")
    slider = lab.page.locator(".jupyter-widgets .noUi-handle:visible").first
    slider.scroll_into_view_if_needed()
    widget = lab.page.locator(
        ".widget-vbox", has=lab.page.locator(".noUi-handle")
    ).first
    readout, image = widget.locator(".widget-readout"), widget.locator("img")
    before = readout.inner_text(), image.get_attribute("src")
    lab.picture("5_slider_before")
    slider.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.wait_for_function(
        "([image, source]) => image.src !== source",
        arg=[image.element_handle(), before[1]],
    )
    lab.page.wait_for_timeout(500)
    lab.picture("6_slider_after")
    assert readout.inner_text() != before[0]
    assert image.evaluate("image => image.naturalWidth") > 100


def test_a_wrong_answer_gets_its_hint_and_no_traceback(lab):
    stub = lab.scroll_to('raise NotImplementedError("exercise 1.1")')
    stub.locator(".cm-content").click()
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.insert_text(WRONG)
    lab.page.keyboard.press("Shift+Enter")  # the answer
    lab.page.keyboard.press("Shift+Enter")  # its check
    lab.wait_until_idle()
    hint = lab.page.locator(".jp-OutputArea-output", has_text="Not yet").first
    hint.scroll_into_view_if_needed()
    lab.picture("7_hint")
    text = hint.inner_text()
    assert "Padding is added on both sides" in text
    assert "Traceback" not in lab.page.locator(".jp-NotebookPanel:visible").inner_text()
    assert len(text.strip().splitlines()) <= 3
