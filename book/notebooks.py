"""Turn a taught notebook into a page of the book; nothing is run.

Solutions and long code are folded, pictures become files of their own, and what works
only in a live notebook is left out.
"""

import ast
import base64
import copy
import re
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from course_utils.classroom import clear_solutions

LONGEST_OPEN = 20
"""Lines of code that are shown without unfolding."""
_HEADING = re.compile(r"(?m)^(#+) Exercise (\d+)\.(\d+): (.+)$")
_WIDGET = "application/vnd.jupyter.widget-view+json"


class Exercise(NamedTuple):
    """A task of a notebook, as the list of all exercises shows it."""

    number: str
    title: str
    time: str
    difficulty: str

    @property
    def anchor(self) -> str:
        """Name of its place on the page, such as ``exercise-1-2``."""
        return f"exercise-{self.number.replace('.', '-')}"


def title(notebook: NotebookNode) -> str:
    """Return the first heading of a notebook.

    Args:
        notebook: Notebook whose first cell begins with a heading.
    """
    return notebook.cells[0].source.splitlines()[0].removeprefix("# ")


def exercises(notebook: NotebookNode) -> list[Exercise]:
    """Find the exercises of a notebook, in its order.

    Args:
        notebook: Taught notebook.
    """
    found = []
    for cell in notebook.cells:
        heading = _HEADING.search(cell.source)
        if cell.cell_type == "markdown" and heading:
            number = f"{heading[2]}.{heading[3]}"
            time = _label(cell, "Time").replace(" minutes", "&nbsp;min")
            found.append(Exercise(number, heading[4], time, _label(cell, "Difficulty")))
    return found


def _label(cell: NotebookNode, name: str) -> str:
    """Return what follows a label such as ``**Time:**``, up to a full stop or line."""
    match = re.search(rf"\*\*{name}:\*\* ([^.\n]+)", cell.source)
    return match[1].strip() if match else ""


def as_page(
    notebook: NotebookNode, name: str, pictures: Path, *, buttons: str
) -> NotebookNode:
    """Make the page of a taught notebook.

    Args:
        notebook: Taught notebook with its outputs; it is not changed.
        name: Name of its file, such as ``01_fcn_limits.ipynb``.
        pictures: Folder beside the page to which its pictures are written.
        buttons: Markdown that replaces the badge of the notebook; may be empty.

    Returns:
        Notebook for MyST-NB.

    Raises:
        ValueError: A picture has no text that describes it.
    """
    page = copy.deepcopy(notebook)
    stubs = copy.deepcopy(notebook)
    clear_solutions(stubs, name)
    for cell in page.cells:
        if cell.id in ("colab-badge", "colab-setup"):
            cell.source = buttons if cell.id == "colab-badge" else ""
        elif cell.cell_type == "markdown":
            cell.source = _HEADING.sub(r"(exercise-\2-\3)=\n\g<0>", cell.source)
        else:
            cell.outputs = [o for o in cell.outputs if _WIDGET not in o.get("data", {})]
            _write_pictures(cell, pictures)
            _fold_long_code(cell)
    cells = _with_solutions_folded(page.cells, stubs.cells)
    page.cells = [cell for cell in cells if cell.source.strip()]
    return page


def _write_pictures(cell: NotebookNode, folder: Path) -> None:
    """Write the pictures among the outputs as files, and show these instead."""
    for number, output in enumerate(cell.outputs):
        if not (encoded := output.get("data", {}).get("image/png")):
            continue
        alt = output.metadata.get("image/png", {}).get("alt")
        if not alt:
            raise ValueError(
                f"every picture needs a text that describes it, got none in cell "
                f"{cell.id!r}; show it by show_with_alt"
            )
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{cell.id}-{number}.png"
        path.write_bytes(base64.b64decode(encoded))
        text = re.sub(r"([\[\]\\*_`$<])", r"\\\1", alt)
        output.data = NotebookNode(
            {"text/markdown": f"![{text}]({folder.name}/{path.name})"}
        )


def _fold_long_code(cell: NotebookNode) -> None:
    """Fold code that is long, or only imports and prepares."""
    lines = cell.source.splitlines()
    if len(lines) > LONGEST_OPEN:
        names = ", ".join(_defined(cell.source))
        _fold(cell, f"Code, {len(lines)} lines" + (f": {names}" if names else ""))
    elif lines and all(isinstance(s, ast.Import | ast.ImportFrom) for s in _body(cell)):
        _fold(cell, "Imports")


def _fold(cell: NotebookNode, text: str) -> None:
    """Hide the code of a cell behind a text, not its outputs."""
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
    cell.metadata["mystnb"] = {"code_prompt_show": text, "code_prompt_hide": text}


def _body(cell: NotebookNode) -> list[ast.stmt]:
    """Parse a cell without IPython's own commands."""
    lines = cell.source.splitlines()
    lines = ["pass" if line.startswith(("%", "!")) else line for line in lines]
    return ast.parse("\n".join(lines)).body


def _defined(source: str) -> list[str]:
    """Name the functions and classes that a source defines at its top level."""
    return re.findall(r"(?m)^(?:def|class) (\w+)", source)


def _with_solutions_folded(
    cells: list[NotebookNode], stubs: list[NotebookNode]
) -> list[NotebookNode]:
    """Show every exercise as its stub; put the folded solution below the hints."""
    page, solutions = [], []
    for cell, stub in zip(cells, stubs, strict=True):
        is_markdown = cell.cell_type == "markdown"
        if is_markdown and cell.source.lstrip().startswith(("#", "(")):  # a new section
            page, solutions = page + solutions, []
        if cell.cell_type == "code" and "NotImplementedError" in stub.source:
            solutions.append(_solution(cell))
            cell.source = stub.source
            cell.metadata = NotebookNode()
            page.append(cell)
        elif is_markdown and "<details>" in cell.source:
            page, solutions = [*page, cell, *solutions], []
        else:
            page.append(cell)
    return page + solutions


def _solution(cell: NotebookNode) -> NotebookNode:
    """Make a folded cell of an exercise's solution, without the marks around it."""
    lines = cell.source.splitlines()
    kept = [line for line in lines if not line.strip().startswith("### ")]
    solution = nbformat.v4.new_code_cell("\n".join(kept), id=f"{cell.id}-solution")
    _fold(solution, "Solution")
    return solution
