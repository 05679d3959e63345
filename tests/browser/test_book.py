"""The built book in a real browser, as wide as a phone and a laptop, light and dark.

Run with ``make test-book``; COURSE_BOOK names the folder of the built pages. Needs
Playwright (pip) and Chromium, as the other browser test does. COURSE_SCREENSHOTS names
a folder in which pictures of the pages are kept.
"""

import functools
import gzip
import html.parser
import http.server
import itertools
import os
import threading
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest

BOOK = Path(os.environ.get("COURSE_BOOK", "no book"))
PAGES = sorted(
    path.relative_to(BOOK).as_posix()
    for path in BOOK.rglob("*.html")
    if not {"_static", "_images"} & set(path.relative_to(BOOK).parts)
)
CHAPTERS = [page for page in PAGES if page.startswith("notebooks/")]
PHONE, LAPTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
DECONVNET = "notebooks/02_deconvnet.html"

pytestmark = pytest.mark.skipif(
    "COURSE_BOOK" not in os.environ, reason="needs the built book: make test-book"
)


class Compressing(http.server.SimpleHTTPRequestHandler):
    """A server that compresses text as GitHub Pages does, and reports nothing."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".html", ".css", ".js"):
            return super().do_GET()
        text = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def site():
    """Serve the book; return its address."""
    handler = functools.partial(Compressing, directory=str(BOOK))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()


@pytest.fixture
def expect(browser):
    """Playwright's assertions, which wait until they hold."""
    from playwright.sync_api import expect

    return expect


@pytest.fixture
def open_page(browser, site):
    """Open a page of the book in a window of its own."""
    contexts = []

    def open_page(name, viewport=LAPTOP, scheme="light"):
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.answers, page.complaints = [], []
        page.on("response", lambda answer: page.answers.append(answer))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(site + name)
        return page

    yield open_page
    for context in contexts:
        context.close()


def keep_picture(page, name):
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png")


def scroll_to_the_end(page):
    """Scroll down in steps, so that every picture comes into view and is loaded."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 2000):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(60)
    page.wait_for_function(
        "[...document.images].every(image => image.complete && image.naturalWidth)"
    )


OVERFLOW = """() => {
  const scrolls = e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)
  const width = document.documentElement.clientWidth
  const out = [...document.querySelectorAll('article *')].filter(e => {
    if (e.getBoundingClientRect().right <= width + 1) return false
    for (let box = e.parentElement; box.tagName != 'ARTICLE'; box = box.parentElement)
      if (scrolls(box)) return false
    return !e.closest('mjx-assistive-mml')
  })
  return [document.documentElement.scrollWidth - width,
          out.map(e => e.outerHTML.slice(0, 80))]
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_and_asks_no_other_host(open_page, site, name):
    page = open_page(name, PHONE)
    scroll_to_the_end(page)
    assert [a.url for a in page.answers if not a.url.startswith(site)] == []
    assert [a.url for a in page.answers if a.status >= 400] == []
    assert page.complaints == []
    weight = sum(int(a.headers.get("content-length", 0)) for a in page.answers)
    assert 10_000 < weight <= 4_000_000  # bytes
    print(f"{name}: {weight / 1e6:.2f} MB")


@pytest.mark.parametrize("name", CHAPTERS)
def test_pictures_are_described_and_load_when_scrolled_to(open_page, name):
    page = open_page(name, PHONE)
    pictures = page.locator("article img")
    number = pictures.count()
    assert number >= 5
    assert page.locator("article img[alt='']").count() == 0
    assert page.locator("article img:not([alt])").count() == 0
    first = sum("/_images/" in answer.url for answer in page.answers)
    scroll_to_the_end(page)
    assert first < len({a.url for a in page.answers if "/_images/" in a.url})


CONTRAST = """() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number)
  const luminance = rgb => rgb.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0)
  const behind = e => {
    for (; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor)
      if (color.length == 3 || color[3] == 1) return color
    }
    return [255, 255, 255]
  }
  const seen = 'p, li, td, th, pre, summary, h1, h2, h3, a, code, dd, dt'
  return [...document.querySelectorAll('article :is(' + seen + ')')].filter(e => {
    if (e.matches('.headerlink')) return false  // shown under the mouse
    const one = luminance(parse(getComputedStyle(e).color)), two = luminance(behind(e))
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05) < 4.5
  }).map(e => e.outerHTML.slice(0, 80))
}"""


@pytest.mark.parametrize("name", PAGES)
def test_text_fits_the_screen_and_stands_out(open_page, name):
    """Nothing scrolls but boxes; contrasts are those of WCAG AA, 4.5 or more."""
    page = open_page(name, PHONE)
    page.wait_for_timeout(300)  # formulas are set meanwhile
    for viewport, scheme in itertools.product((PHONE, LAPTOP), ("light", "dark")):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        page.locator(f"html[data-theme={scheme}]").wait_for()
        width = viewport["width"]
        keep_picture(page, f"{name.replace('/', '_')}_{width}_{scheme}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = 1)")
        assert page.evaluate(OVERFLOW) == [0, []]
        assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_search_finds_a_term(open_page, viewport):
    page = open_page("index.html", viewport)
    page.locator(".search-button-field:visible, .search-button:visible").first.click()
    page.locator("input[type=search]:visible").first.fill("permutohedral")
    page.keyboard.press("Enter")
    found = page.locator("#search-results a", has_text="05 DeepLab")
    found.first.wait_for()
    keep_picture(page, f"search_{viewport['width']}")
    found.first.click()
    assert "05_deeplab" in page.url


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_exercise_2_1_is_two_clicks_from_the_start_page(open_page, expect, viewport):
    page = open_page("index.html", viewport)
    page.locator("article").get_by_role("link", name="All exercises").click()
    page.locator("article").get_by_role("link", name="2.1").click()
    expect(page.locator("h3", has_text="Exercise 2.1")).to_be_in_viewport()


def test_a_solution_and_its_hints_unfold(open_page):
    page = open_page(f"{DECONVNET}#exercise-2-1", PHONE)
    exercise = page.locator(
        "section", has=page.locator("> h3", has_text="Exercise 2.1")
    )
    stub = exercise.get_by_text("NotImplementedError")
    assert stub.is_visible()
    for name in ("A nudge", "Solution"):
        fold = exercise.locator("details", has_text=name).first
        inside = fold.locator("> :not(summary)").first
        assert not inside.is_visible()
        fold.locator("summary").click()
        assert inside.is_visible()
    assert "return" in exercise.locator("details", has_text="Solution").inner_text()
    keep_picture(page, "solution")


def test_the_first_use_of_a_term_leads_to_the_glossary(open_page, expect):
    page = open_page(DECONVNET)
    terms = page.locator("a.term", has_text="npooling")
    assert terms.count() == 1
    assert "zeros around" in terms.get_attribute("title")
    terms.click()
    assert page.url.endswith("docs/glossary.html#unpooling")
    expect(page.locator("h2", has_text="unpooling")).to_be_in_viewport()


def test_formulas_are_set(open_page):
    page = open_page("notebooks/01_fcn_limits.html", PHONE)
    page.locator("mjx-container").first.wait_for()
    assert page.locator("mjx-merror").count() == 0


class Parsed(html.parser.HTMLParser):
    """The links, the names of places and the social preview of a page."""

    def __init__(self, name):
        super().__init__()
        self.links, self.anchors, self.preview = [], set(), {}
        self.feed((BOOK / name).read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors.add(values.get("id"))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "meta" and "property" in values:
            self.preview[values["property"]] = values["content"]


@pytest.mark.parametrize("name", [page for page in PAGES if page != "search.html"])
def test_a_shared_link_has_a_title_and_a_description(name):
    preview = Parsed(name).preview
    assert len(preview["og:title"]) >= 4
    assert len(preview["og:description"]) >= 30


def test_no_link_inside_the_book_is_broken():
    pages = {name: Parsed(name) for name in PAGES}
    for name, page in pages.items():
        for link in page.links:
            address, anchor = urldefrag(urljoin(f"http://book/{name}", link))
            if address.startswith("http://book/"):
                target = unquote(address.removeprefix("http://book/"))
                assert (BOOK / target).is_file(), (name, link)
                assert not anchor or unquote(anchor) in pages[target].anchors, link


def test_icons_are_there(open_page):
    page = open_page("index.html", PHONE)
    icons = page.locator("i.fa-solid:visible, .fa-solid:visible")
    assert icons.count() >= 3
    drawn = "e => getComputedStyle(e, '::before').content"
    assert all(icon.evaluate(drawn) != "none" for icon in icons.all())
