"""The sources of the book: whole, linked, and with a text for every picture."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from book import glossary, pages
from course_utils.environment.colab_links import TAUGHT, badge

ROOT = Path(__file__).parents[2]
CONTENTS = [path for part in pages.contents(ROOT).values() for path in part]
PUBLIC = "https://github.com/me/course"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Write the sources of all pages."""
    folder = tmp_path_factory.mktemp("book") / "pages"
    pages.write_pages(ROOT, folder)
    return folder


def markdown_of(path):
    """The text of a page: of a notebook, that of its cells and outputs."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    texts = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            texts.append(cell.source)
        else:
            data = [output.get("data", {}) for output in cell.outputs]
            texts += [d["text/markdown"] for d in data if "text/markdown" in d]
    return "\n\n".join(texts)


def anchors(path):
    """The names of the places of a page: its headings and targets."""
    text = markdown_of(path)
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {glossary.anchor(h.replace("`", "")) for h in headings} | set(
        re.findall(r"(?m)^\(([\w-]+)\)=$", text)
    )


def test_every_notebook_and_document_is_one_page(book):
    patterns = ("notebooks/*.ipynb", "notebooks/labs/*.ipynb", "docs/*.md")
    there = [path for pattern in patterns for path in ROOT.glob(pattern)]
    assert {path.relative_to(ROOT).as_posix() for path in there} <= set(CONTENTS)
    assert len(set(CONTENTS)) == len(CONTENTS)
    assert all((book / path).is_file() for path in CONTENTS)


def test_the_contents_of_the_start_page_list_every_page_once(book):
    index = (book / "index.md").read_text(encoding="utf-8")
    trees = re.findall(r"(?s)```\{toctree\}\n(?::.*?\n)+\n(.*?)\n```", index)
    lines = [line for tree in trees for line in tree.splitlines()]
    assert [re.sub(r".*<(.*)>", r"\1", line) for line in lines] == CONTENTS


def test_the_chapters_come_in_order():
    chapters = pages.contents(ROOT)["Chapters"]
    taught = sorted((ROOT / "notebooks").glob(TAUGHT))
    assert chapters == [path.relative_to(ROOT).as_posix() for path in taught]


@pytest.fixture(scope="module")
def places(book):
    """The names of the places of every page; an exercise can be named from anywhere."""
    return {path: anchors(book / path) for path in [*CONTENTS, "index.md"]}


@pytest.mark.parametrize("name", [*CONTENTS, "index.md"])
def test_links_lead_to_pages_of_the_book_or_to_files_beside_it(book, places, name):
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", markdown_of(book / name))
    for link in links:
        file, _, anchor = link.removeprefix("path:").partition("#")
        if anchor.startswith("exercise-"):
            assert sum(anchor in there for there in places.values()) == 1, link
            continue
        target = ((book / name).parent / file if file else book / name).resolve()
        assert target.is_file(), link
        page = target.relative_to(book.resolve()).as_posix()
        assert not anchor or anchor in places[page], link


@pytest.mark.parametrize("name", [*CONTENTS, "index.md"])
def test_every_picture_is_a_file_with_a_text_and_a_page_is_light(book, name):
    text = markdown_of(book / name)
    assert "data:image" not in text
    pictures = re.findall(r"!\[((?:[^\]\\]|\\.)*)\]\(([^)]+)\)", text)
    assert all(alt.strip() for alt, _ in pictures)
    weights = [((book / name).parent / link).stat().st_size for _, link in pictures]
    assert sum(weights) < 3_000_000  # bytes; of 4 MB, the rest is for code and theme


@pytest.mark.parametrize("name", CONTENTS)
def test_every_fold_is_closed(book, name):
    text = markdown_of(book / name)
    assert text.count("<details") == text.count("</details>")


def test_every_exercise_is_in_the_list_with_its_time(book):
    text = (book / "exercises.md").read_text(encoding="utf-8")
    listed = re.findall(r"\| \[(\d\.\d+) [^|]+\| \d+&nbsp;min \| [●○]{5} \|", text)
    tasks = [
        tag.removeprefix("exercise-")
        for path in pages.contents(ROOT)["Chapters"]
        for cell in json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
        for tag in cell["metadata"].get("tags", [])
        if tag.startswith("exercise-")
    ]
    assert listed == tasks


def test_every_term_of_the_glossary_is_used_in_a_chapter(book):
    source = (ROOT / f"{glossary.PAGE}.md").read_text(encoding="utf-8")
    prose = "\n".join(
        markdown_of(book / p) for p in CONTENTS if p != "docs/glossary.md"
    )
    for term in glossary.terms(source):
        assert glossary.pattern([term]).search(prose), term


@pytest.fixture
def small(tmp_path):
    """A course of one document, two files and a learner's copy."""
    for name in (
        "docs/a.md",
        "docs/b.md",
        "code/net.py",
        "notebooks/exercises/00.ipynb",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def adapted(course, text):
    return pages.adapt_links(text, course, "docs/a.md", {"docs/a.md", "docs/b.md"})


def test_links_inside_the_book_stay(small):
    text = (
        "[b](b.md), [below](#below), [far](https://example.org), ![p](../code/net.py)"
    )
    assert adapted(small, text) == text


def test_the_learners_copies_can_be_downloaded(small):
    link = "../notebooks/exercises/00.ipynb"
    assert adapted(small, f"[00]({link})") == f"[00](path:{link})"


def test_other_links_are_text_until_the_course_is_published(small, monkeypatch):
    monkeypatch.setattr(pages, "PUBLISHED", False)
    assert adapted(small, "[the net](../code/net.py#L1)") == "the net"


def test_other_links_lead_to_the_published_repository(small, monkeypatch):
    for name, value in (("REPOSITORY", PUBLIC), ("TAG", "v2"), ("PUBLISHED", True)):
        monkeypatch.setattr(pages, name, value)
    file, folder = "[the net](../code/net.py#L1)", "[code](../code)"
    assert adapted(small, file) == f"[the net]({PUBLIC}/blob/v2/code/net.py#L1)"
    assert adapted(small, folder) == f"[code]({PUBLIC}/tree/v2/code)"


def test_a_link_to_nothing_is_refused(small):
    with pytest.raises(ValueError, match=r"docs/a.md.*'c.md'"):
        adapted(small, "[c](c.md)")


def test_a_badge_becomes_a_link_without_a_picture_from_afar(small):
    colab = badge("00.ipynb", PUBLIC, "v2")
    page = colab.rpartition("(")[2]
    assert adapted(small, colab) == f"[Open in Colab]({page}"
