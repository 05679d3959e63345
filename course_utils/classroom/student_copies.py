"""Write the learner's copies, and never overwrite a learner's work.

A copy carries a digest of its cells. If the cells no longer match that digest, somebody
has worked in the copy, and it is kept.
"""

import hashlib
import json
import os
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.arguments import PATH, checked
from course_utils.classroom.solutions import clear_solutions
from course_utils.files import write_whole

TAUGHT = "[0-9][0-9]_*.ipynb"
_LINK = re.compile(r"(\]\(|src=\")(?![a-z]+:|[#/])([^)\"\s]+)")


@checked(source=PATH, destination=PATH)
def release(source: Path, destination: Path) -> dict[Path, str]:
    """Write a copy of every taught notebook, without solutions and outputs.

    Nothing is written if any notebook has an error. A copy is kept as it is if its
    cells were changed after a release, or if it can't be read.

    Args:
        source: Folder of the taught notebooks, ``NN_name.ipynb``.
        destination: Folder of the copies; it is made if it is missing.

    Returns:
        Outcome for each copy: ``"written"``, ``"unchanged"`` or ``"kept"``.

    Raises:
        FileNotFoundError: There is no taught notebook in ``source``.
        ValueError: A solution can't be removed safely; the message says where.
    """
    if source.resolve() == destination.resolve():
        raise ValueError(f"destination must not be the source, got {destination} twice")
    notebooks = sorted(source.glob(TAUGHT))
    if not notebooks:
        raise FileNotFoundError(
            f"{source} must hold taught notebooks ({TAUGHT}), got none"
        )
    copies = {destination / p.name: _learner_copy(p, destination) for p in notebooks}
    return {path: _place(copy, path) for path, copy in copies.items()}


def _learner_copy(path: Path, destination: Path) -> NotebookNode:
    """Make the copy of one taught notebook, with links for ``destination``."""
    notebook = _read(path)
    version = [(notebook or {}).get(key, 0) for key in ("nbformat", "nbformat_minor")]
    if version[0] != 4 or version[1] < 5:
        raise ValueError(f"{path.name}: must be a notebook of format 4.5 or later")
    ids = {cell.get("id") for cell in notebook.cells}
    if None in ids or len(ids) < len(notebook.cells):  # nbformat would add random ones
        raise ValueError(f"{path.name}: every cell must have its own id")
    clear_solutions(notebook, path.name)
    back = Path(os.path.relpath(path.parent, destination)).as_posix()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _redirect_links(cell.source, path.parent, back)
    note = f"With solutions: [{path.name}]({back}/{path.name})"
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(note, id="taught-twin"))
    notebook.metadata["course"] = {"digest": digest(notebook)}
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise ValueError(f"{path.name}: {error.message}") from None
    return notebook


def _redirect_links(markdown: str, folder: Path, back: str) -> str:
    """Adapt relative links to the copy's folder."""

    def redirect(match: re.Match[str]) -> str:
        target = Path(match[2].partition("#")[0])
        leads_to_a_copy = target.parent == Path() and target.match(TAUGHT)
        if leads_to_a_copy or not (folder / target).exists():
            return match[0]
        return f"{match[1]}{back}/{match[2]}"

    return _LINK.sub(redirect, markdown)


def digest(notebook: NotebookNode) -> str:
    """Hash the types and sources of the cells that are not empty."""
    cells = [[c.cell_type, c.source] for c in notebook.cells if c.source.strip()]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _read(path: Path) -> NotebookNode | None:
    try:
        notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
        for cell in notebook.cells:  # a list of lines or one string
            cell.source = "".join(cell.source)
            cell.cell_type.strip()
        notebook.metadata.get("course", {}).get("digest")
    except (ValueError, AttributeError, TypeError):
        return None
    return notebook


def _place(copy: NotebookNode, path: Path) -> str:
    """Write a copy unless the one that is there is up to date or worked in."""
    text = _as_text(copy)
    if path.exists():
        present = _read(path)
        if present is None:
            return "kept"
        now = digest(present)
        if now == copy.metadata.course.digest:
            if path.read_bytes() == text.encode() or _has_been_run(present):
                return "unchanged"
        elif now != present.metadata.get("course", {}).get("digest"):
            return "kept"
    with write_whole(path) as file:
        file.write(text.encode())
    return "written"


def _as_text(notebook: NotebookNode) -> str:
    """Format a notebook the same way every time."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _has_been_run(notebook: NotebookNode) -> bool:
    return any(c.get("outputs") or c.get("execution_count") for c in notebook.cells)
