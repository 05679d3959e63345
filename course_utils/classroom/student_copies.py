"""Write the learner's copies, and never overwrite a learner's work.

A copy carries a digest of its cells. It is replaced only if its cells still match that
digest, nothing was run or pasted in it, and it may be written to.
"""

import hashlib
import json
import os
import re
import stat
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.arguments import PATH, checked
from course_utils.classroom.solutions import clear_solutions
from course_utils.files import replace_known, write_new

TAUGHT = "[0-9][0-9]_*.ipynb"
_LINK = re.compile(r"(\]\(|src=\")(?![a-z]+:|[#/])([^)\"\s]+)")


@checked(source=PATH, destination=PATH)
def release(source: Path, destination: Path) -> dict[Path, str]:
    """Write a copy of every taught notebook, without solutions and outputs.

    Nothing is written if any notebook has an error. A copy is kept as it is if its
    cells were changed or run after a release, if it is read-only, a link, or can't be
    read, or if it is saved while this function looks at it.

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
    notebook = _parse(path.read_bytes())
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


def _parse(content: bytes) -> NotebookNode | None:
    """Read a notebook; None if it is none."""
    try:
        notebook = nbformat.from_dict(json.loads(content.decode("utf-8")))
        for cell in notebook.cells:  # a list of lines or one string
            cell.source = "".join(cell.source)
            cell.cell_type.strip()
        notebook.metadata.get("course", {}).get("digest")
    except (ValueError, AttributeError, TypeError):
        return None
    return notebook


def _place(copy: NotebookNode, path: Path) -> str:
    """Write a copy unless the one that is there is up to date or worked in."""
    text = _as_text(copy).encode()
    if not os.path.lexists(path):
        try:
            with write_new(path) as file:
                file.write(text)
        except FileExistsError:  # by now
            return "kept"
        return "written"
    seen = _read_own(path)
    if seen == text:
        return "unchanged"
    present = None if seen is None else _parse(seen)
    if present is None:
        return "kept"
    now = digest(present)
    if _has_been_run(present) and now == copy.metadata.course.digest:
        return "unchanged"
    known = (
        copy.metadata.course.digest,
        present.metadata.get("course", {}).get("digest"),
    )
    if now not in known or _has_been_run(present) or _has_attachments(present):
        return "kept"
    return "written" if replace_known(path, seen, text) else "kept"


def _read_own(path: Path) -> bytes | None:
    """Read a copy; None if it is no file of our own that may be replaced."""
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode) or not mode & stat.S_IWUSR:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _as_text(notebook: NotebookNode) -> str:
    """Format a notebook the same way every time."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _has_been_run(notebook: NotebookNode) -> bool:
    return any(c.get("outputs") or c.get("execution_count") for c in notebook.cells)


def _has_attachments(notebook: NotebookNode) -> bool:
    return any(cell.get("attachments") for cell in notebook.cells)
