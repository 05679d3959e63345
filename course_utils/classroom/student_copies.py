"""Write the learner's copies, and never over a learner's work.

A copy carries a digest of its cells. Where the cells no longer give that digest, the
copy has been worked in, and it stays.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.classroom.solutions import clear_solutions
from course_utils.files import write_whole

TAUGHT = "[0-9][0-9]_*.ipynb"
LINK = re.compile(r"(\]\(|src=\")(?![a-z]+:|[#/])([^)\"\s]+)")


@dataclass(frozen=True)
class Copy:
    """What became of one copy.

    Attributes:
        path: of the copy.
        outcome: ``"written"``, ``"unchanged"`` or ``"kept"``.
    """

    path: Path
    outcome: str

    def __str__(self) -> str:
        """Say in one line what became of it, and what to do if it was kept."""
        if self.outcome != "kept":
            return f"{self.outcome} {self.path}"
        advice = "for a fresh copy, rename yours and run release again"
        return f"kept {self.path}, which is not as it was released; {advice}"


def release(source: Path, destination: Path) -> list[Copy]:
    """Write a copy without solutions and outputs of every taught notebook.

    Nothing is written if one notebook has an error. A copy whose cells are not as a
    release wrote them, or that can't be read, is left alone.

    Args:
        source: folder of the taught notebooks, ``NN_name.ipynb``.
        destination: folder of the copies; made if it is missing.

    Raises:
        FileNotFoundError: there is no taught notebook in ``source``.
        ValueError: a solution can't be taken out safely; says where.
    """
    if source.resolve() == destination.resolve():
        raise ValueError(f"destination must not be the source, got {destination} twice")
    notebooks = sorted(source.glob(TAUGHT))
    if not notebooks:
        raise FileNotFoundError(f"no taught notebooks ({TAUGHT}) in {source}")
    copies = {path.name: learner_copy(path, destination) for path in notebooks}
    destination.mkdir(parents=True, exist_ok=True)
    return [_place(copy, destination / name) for name, copy in copies.items()]


def learner_copy(path: Path, destination: Path) -> NotebookNode:
    """Make the copy of one taught notebook, as it would stand in ``destination``.

    Raises:
        ValueError: a solution can't be taken out safely; says where.
    """
    notebook = _read(path)
    version = [(notebook or {}).get(key, 0) for key in ("nbformat", "nbformat_minor")]
    if version[0] != 4 or version[1] < 5:
        raise ValueError(f"{path.name}: not a notebook of format 4.5 or later")
    ids = {cell.get("id") for cell in notebook.cells}
    if None in ids or len(ids) < len(notebook.cells):  # nbformat would draw new ones
        raise ValueError(f"{path.name}: every cell needs an id of its own")
    clear_solutions(notebook, path.name)
    back = Path(os.path.relpath(path.parent, destination)).as_posix()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _redirect_links(cell.source, path, destination, back)
    note = f"With solutions: [{path.name}]({back}/{path.name})"
    link = nbformat.v4.new_markdown_cell(note, id="taught-twin")
    notebook.cells.insert(0, link)
    notebook.metadata["course"] = {"digest": digest(notebook)}
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise ValueError(f"{path.name}: {error.message}") from None
    return notebook


def _redirect_links(markdown: str, path: Path, destination: Path, back: str) -> str:
    """Lead relative links, and a Colab badge, from the copy's folder."""

    def redirect(match: re.Match[str]) -> str:
        target = match[2].partition("#")[0]
        leads_to_a_copy = Path(target).parent == Path() and Path(target).match(TAUGHT)
        if leads_to_a_copy or not (path.parent / target).exists():
            return match[0]
        return f"{match[1]}{back}/{match[2]}"

    markdown = LINK.sub(redirect, markdown)
    if destination.resolve().is_relative_to(path.parent.resolve()):
        folder = destination.resolve().relative_to(path.parent.resolve()).as_posix()
        badge = rf"(colab\.research\.google\.com\S*/{re.escape(path.parent.name)}/)"
        markdown = re.sub(
            badge + re.escape(path.name), rf"\1{folder}/{path.name}", markdown
        )
    return markdown


def digest(notebook: NotebookNode) -> str:
    """Hash the kinds and sources of the cells; empty cells, outputs, metadata not."""
    cells = [[c.cell_type, c.source] for c in notebook.cells if c.source.strip()]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _read(path: Path) -> NotebookNode | None:
    try:
        notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
        for cell in notebook.cells:  # a list of lines, or one string
            cell.source = "".join(cell.source)
            cell.cell_type.strip()
        notebook.metadata.get("course", {}).get("digest")
    except (ValueError, AttributeError, TypeError):
        return None
    return notebook


def _place(copy: NotebookNode, path: Path) -> Copy:
    """Write a copy unless the one there is as new, or has been worked in."""
    text = as_text(copy)
    if path.exists():
        present = _read(path)
        if present is None:
            return Copy(path, "kept")
        now = digest(present)
        as_released = now == present.metadata.get("course", {}).get("digest")
        if now == copy.metadata.course.digest:
            same_bytes = path.read_bytes() == text.encode()
            if same_bytes or _has_been_run(present):
                return Copy(path, "unchanged")
        elif not as_released:
            return Copy(path, "kept")
    with write_whole(path) as file:
        file.write(text.encode())
    return Copy(path, "written")


def as_text(notebook: NotebookNode) -> str:
    """Write a notebook the same way every time."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _has_been_run(notebook: NotebookNode) -> bool:
    return any(c.get("outputs") or c.get("execution_count") for c in notebook.cells)
