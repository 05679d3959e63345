"""Turn a taught notebook into a learner's copy: no solutions, no outputs.

By convention, the code cell of exercise 1.1 has the tag ``exercise-1.1``, and its
solution is inside a function, between the lines ``### BEGIN SOLUTION`` and
``### END SOLUTION``. The check is called in another cell, without that tag.
"""

import ast
import json
import re

import nbformat
from nbformat import NotebookNode

from course_utils.arguments import (
    NAME,
    a,
    checked,
)

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_MARKER = re.compile(r"#+\s*(BEGIN|END)\s*SOLUTION", re.IGNORECASE)
_WRITTEN_BY_JUPYTERLAB = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
"""What JupyterLab notes in a notebook when it is opened and saved, but for the version
of Python, which ``saving`` leaves out. So a copy that was only opened stays as it was.
"""
_COLAB_KEYS = ("accelerator", "colab")
"""Metadata of a notebook that ask Colab for a GPU."""
_JUPYTER_KEYS = ("execution", "ExecuteTime", "collapsed", "scrolled")
"""Metadata that Jupyter adds to cells."""


@checked(notebook=a("NotebookNode"), name=NAME)
def clear_solutions(notebook: NotebookNode, name: str) -> None:
    """Make the learner's copy of a taught notebook, in place.

    Args:
        notebook: Notebook of format 4.5; it is changed.
        name: Name of its file, such as ``01_fcn_limits.ipynb``.

    Raises:
        ValueError: A solution can't be removed safely; the message names the cell.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        try:
            _clear(cell, int(name[:2]))
        except ValueError as error:
            raise ValueError(f"{name}, cell {number}: {error}") from None
    # The rest is the state of widgets, and what the author's Jupyter has noted
    kept = {k: notebook.metadata[k] for k in _COLAB_KEYS if k in notebook.metadata}
    notebook.metadata = nbformat.from_dict({**_WRITTEN_BY_JUPYTERLAB, **kept})


def _clear(cell: NotebookNode, notebook_number: int) -> None:
    if cell.cell_type == "code":
        if _MARKER.search(json.dumps(cell.outputs)):
            raise ValueError("no output must show a solution; run the notebook again")
        _clear_exercise(cell, notebook_number)
        cell.outputs, cell.execution_count = [], None
    for key in _JUPYTER_KEYS:
        cell.metadata.pop(key, None)
    if _MARKER.search(cell.source):
        raise ValueError(
            f"a solution must be between the lines {BEGIN!r} and {END!r} of a code "
            f"cell, got {_MARKER.search(cell.source)[0]!r} elsewhere"
        )


def _clear_exercise(cell: NotebookNode, notebook_number: int) -> None:
    tags = [t for t in cell.metadata.get("tags", []) if t.startswith("exercise")]
    marked = {BEGIN, END} & {line.strip() for line in cell.source.splitlines()}
    if not tags and not marked:
        return
    number = tags[0].removeprefix("exercise-") if len(tags) == 1 else ""
    if not re.fullmatch(rf"{notebook_number}\.\d+", number):
        raise ValueError(
            f"an exercise of this notebook must have one tag exercise-{notebook_number}"
            f".N, with a number N, got {', '.join(tags) or 'none'}"
        )
    if not marked:
        raise ValueError(f"exercise {number} must have {BEGIN!r} and {END!r}")
    cell.source = _with_stubs(cell.source, number)


def _with_stubs(source: str, number: str) -> str:
    lines, stubs, begun = [], [], False
    for line in source.splitlines():
        if line.strip() == BEGIN and not begun:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f'{indent}raise NotImplementedError("exercise {number}")')
            stubs.append(len(lines))
            begun = True
        elif line.strip() == END and begun:
            begun = False
        elif line.strip() in (BEGIN, END):
            raise ValueError(
                f"{BEGIN!r} and {END!r} must alternate, got {line.strip()!r}"
            )
        elif not begun:
            lines.append(line)
    if begun:
        raise ValueError(f"{BEGIN!r} must be followed by {END!r}")
    source = "\n".join(lines)
    _require_inside_functions(source, stubs)
    return source


def _require_inside_functions(source: str, stubs: list[int]) -> None:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ValueError(
            f"the cell must be valid Python without its solution: {error}"
        ) from None
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    bodies = [range(node.body[0].lineno, node.end_lineno + 1) for node in functions]
    if not all(any(stub in body for body in bodies) for stub in stubs):
        raise ValueError("a solution must be inside a function, or Run all stops there")
