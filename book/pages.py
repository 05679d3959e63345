"""Write the sources of the book: ``python -m book.pages build/book/pages``.

The pages stand where they stand in the repository, so links between them need no
change. Sphinx makes the book from them (``make book``); ``conf.py`` has its settings.
"""

import argparse
import re
import shutil
from pathlib import Path

import nbformat

from book.notebooks import as_page, exercises, title
from course_utils import REPOSITORY, TAG

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "Chapters": ["notebooks/[0-9]*.ipynb"],
    "Labs": ["notebooks/labs/[0-9]*.ipynb"],
    "To look up": ["exercises.md", "docs/glossary.md", "results/README.md"],
    "To run and to teach": ["README.md", "docs/*.md", "data/*.md", "CONTRIBUTING.md"],
}
"""The table of contents. A page belongs to the first part with a pattern for it."""
SHORT = {"README.md": "Set-up and options", "CONTRIBUTING.md": "Contributing"}
"""Titles in the table of contents that differ from the heading of the page."""
PUBLISHED = "YOUR_ACCOUNT" not in REPOSITORY
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\((?!\w+:|#)([^)\s#]*)(#[^)\s]*)?\)")
_REMOTE_IMAGE = re.compile(r"!\[([^\]]*)\]\(https?:[^)]*\)")


def contents(root: Path) -> dict[str, list[str]]:
    """List the pages of every part of the book, by their paths in the repository.

    Args:
        root: Folder of the course.
    """
    parts, placed = {}, set()
    for part, patterns in PARTS.items():
        found = ["exercises.md"] if "exercises.md" in patterns else []
        for pattern in patterns:
            found += [
                p.relative_to(root).as_posix() for p in sorted(root.glob(pattern))
            ]
        parts[part] = [path for path in found if path not in placed]
        placed |= set(found)
    return {part: pages for part, pages in parts.items() if pages}


def write_pages(root: Path, destination: Path) -> None:
    """Write the sources of all pages.

    Args:
        root: Folder of the course.
        destination: Folder of the sources; what it holds is deleted.

    Raises:
        ValueError: A link leads nowhere, or a picture has no text that describes it.
    """
    shutil.rmtree(destination, ignore_errors=True)
    parts = contents(root)
    pages = {path for part in parts.values() for path in part}
    for path in sorted(pages - {"exercises.md"}):
        target = destination / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(".ipynb"):
            _write_notebook(root, path, target, pages)
        else:
            text = (root / path).read_text(encoding="utf-8")
            target.write_text(adapt_links(text, root, path, pages), encoding="utf-8")
    shutil.copytree(root / "docs" / "pictures", destination / "docs" / "pictures")
    copies = root / "notebooks" / "exercises"
    shutil.copytree(copies, destination / "notebooks" / "exercises")
    notebooks = {p: _read(root / p) for p in parts["Chapters"] + parts.get("Labs", [])}
    (destination / "exercises.md").write_text(_exercises(notebooks), encoding="utf-8")
    index = (root / "book" / "index.md").read_text(encoding="utf-8")
    chapters = _chapters(root, parts["Chapters"])
    index = index.replace("<!-- chapters -->", chapters) + _toctrees(parts)
    (destination / "index.md").write_text(index, encoding="utf-8")


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def _write_notebook(root: Path, path: str, target: Path, pages: set[str]) -> None:
    """Write the page of a notebook and, in a folder of its name, its pictures."""
    notebook = _read(root / path)
    badges = [cell.source for cell in notebook.cells if cell.id == "colab-badge"]
    buttons = _buttons(root, path, badges[0]) if PUBLISHED and badges else ""
    page = as_page(notebook, target.name, target.with_suffix(""), buttons=buttons)
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = adapt_links(cell.source, root, path, pages)
    nbformat.write(page, target)


def _buttons(root: Path, path: str, badge: str) -> str:
    """Write the links to Colab and to the file that a learner works in."""
    copy = f"exercises/{Path(path).name}"
    if not (root / "notebooks" / copy).is_file():
        return f"{{.buttons}}\n{badge}"
    back = "../" * (len(Path(path).parts) - 2)
    return f"{{.buttons}}\n{badge} [Download the exercises]({back}{copy})"


def adapt_links(markdown: str, root: Path, path: str, pages: set[str]) -> str:
    """Lead the links that leave the book to the repository, and load nothing from afar.

    Until the course is published, only the text of such a link is left.

    Args:
        markdown: Text of a page, or a part of it.
        root: Folder of the course.
        path: Path of the page in the repository.
        pages: Paths of all pages of the book.

    Raises:
        ValueError: A link leads to nothing in the repository.
    """

    def adapt(match: re.Match[str]) -> str:
        picture, text, link, anchor = match[1], match[2], match[3], match[4] or ""
        place = (root / path).parent / link
        if not place.exists():
            raise ValueError(f"{path}: a link must lead to a file, got {link!r}")
        target = place.resolve().relative_to(root.resolve()).as_posix()
        if picture or target in pages or not link:
            return match[0]
        if target.startswith("notebooks/exercises/") and place.is_file():
            return f"[{text}](path:{link})"  # to download
        kind = "tree" if place.is_dir() else "blob"
        address = f"{REPOSITORY}/{kind}/{TAG}/{target}{anchor}"
        return f"[{text}]({address})" if PUBLISHED else text

    return _LINK.sub(adapt, _REMOTE_IMAGE.sub(r"\1", markdown))


def _chapters(root: Path, paths: list[str]) -> str:
    """List the chapters with what the README says of them."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    lines = []
    for path in paths:
        (row,) = re.findall(rf"(?m)^\|.*\({re.escape(path)}\).*\|$", readme)
        *_, promise, time = (column.strip() for column in row.strip("|").split("|"))
        heading = title(_read(root / path))
        lines.append(f"**[{heading}]({path})** · {time}\n: {promise}\n")
    return "\n".join(lines)


def _exercises(notebooks: dict[str, nbformat.NotebookNode]) -> str:
    """Write the page that lists all exercises."""
    lines = [
        "# All exercises\n\nEvery link leads to the task, with its hints and, folded, "
        "its solution. Solve them in the notebooks, where a check says what is wrong."
    ]
    for path, notebook in notebooks.items():
        rows = [
            f"| [{e.number} {e.title}](#{e.anchor}) | {e.time} | {e.difficulty} |"
            for e in exercises(notebook)
        ]
        if rows:
            head = f"\n## [{title(notebook)}]({path})\n"
            lines += [head, "| exercise | time | difficulty |", "|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def _toctrees(parts: dict[str, list[str]]) -> str:
    """Write the table of contents that stands in the margin of every page."""
    text = ""
    for part, paths in parts.items():
        lines = [f"{SHORT[p]} <{p}>" if p in SHORT else p for p in paths]
        options = f":hidden:\n:caption: {part}"
        text += f"\n```{{toctree}}\n{options}\n\n" + "\n".join(lines) + "\n```\n"
    return text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("destination", type=Path, help="folder of the sources")
    write_pages(ROOT, parser.parse_args().destination)
