"""Turn a taught notebook into a learner's copy: no solutions, no outputs.

The convention: the code cell of exercise 1.1 has the tag ``exercise-1.1``, and its
answer stands inside a function, between the lines ``### BEGIN SOLUTION`` and
``### END SOLUTION``. The check is called in another cell, without that tag.
"""

import ast
import re
from collections.abc import Iterator

from nbformat import NotebookNode

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MARKER = re.compile(r"#+\s*(BEGIN|END)\s*SOLUTION", re.IGNORECASE)
TAG = re.compile(r"exercise-(\d+\.\d+)")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
COLABS = ("accelerator", "colab")  # which ask for a GPU
JUPYTERS_OWN = ("execution", "ExecuteTime", "collapsed", "scrolled")  # of a cell


def clear_solutions(notebook: NotebookNode, name: str) -> NotebookNode:
    """Make the learner's copy of a taught notebook; the notebook itself is changed.

    Args:
        notebook: nbformat 4.5, as read.
        name: of its file, such as ``01_fcn_limits.ipynb``, for the messages.

    Raises:
        ValueError: a solution can't be taken out safely; says in which cell.
    """
    for number, cell in enumerate(notebook.cells, start=1):
        try:
            _clear(cell, int(name[:2]))
        except ValueError as error:
            raise ValueError(f"{name}, cell {number}: {error}") from None
    # the rest of it is the author's Jupyter's, and the state of widgets
    kept = {key: notebook.metadata[key] for key in COLABS if key in notebook.metadata}
    notebook.metadata = NotebookNode(kernelspec=dict(KERNEL), **kept)
    return notebook


def exercise_numbers(cell: NotebookNode) -> list[str]:
    """Read the exercise off a cell's tags: ``["1.1"]``, or nothing.

    Raises:
        ValueError: a tag begins like an exercise's but is none.
    """
    numbers = []
    for tag in cell.metadata.get("tags", []):
        if tag.startswith("exercise"):
            if not (match := TAG.fullmatch(tag)):
                raise ValueError(f"a tag must be like exercise-1.1, got {tag!r}")
            numbers.append(match[1])
    return numbers


def _clear(cell: NotebookNode, notebook_number: int) -> None:
    if cell.cell_type == "code":
        if any(MARKER.search(text) for text in _texts(cell.outputs)):
            raise ValueError("an output shows a solution; run the notebook again")
        _clear_exercise(cell, notebook_number)
        cell.outputs, cell.execution_count = [], None
    for key in JUPYTERS_OWN:
        cell.metadata.pop(key, None)
    if MARKER.search(cell.source):
        raise ValueError(
            f"a solution is marked by the lines {BEGIN!r} and {END!r} in a code cell, "
            f"got {MARKER.search(cell.source)[0]!r} elsewhere"
        )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _clear_exercise(cell: NotebookNode, notebook_number: int) -> None:
    numbers = exercise_numbers(cell)
    marked = {BEGIN, END} & {line.strip() for line in cell.source.splitlines()}
    if not numbers and not marked:
        return
    if len(numbers) != 1:
        raise ValueError(
            f"a solution needs one tag like exercise-1.1, got {numbers or 'none'}"
        )
    if not numbers[0].startswith(f"{notebook_number}."):
        raise ValueError(f"exercise {numbers[0]} is not of notebook {notebook_number}")
    if not marked:
        raise ValueError(f"exercise {numbers[0]} has no {BEGIN!r} and {END!r}")
    cell.source = _with_stubs(cell.source, numbers[0])


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
            raise ValueError(f"{line.strip()!r} does not match: markers take turns")
        elif not begun:
            lines.append(line)
    if begun:
        raise ValueError(f"{BEGIN!r} has no {END!r}")
    source = "\n".join(lines)
    _require_inside_functions(source, stubs)
    return source


def _require_inside_functions(source: str, stubs: list[int]) -> None:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ValueError(f"without its solution it is no Python: {error}") from None
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    bodies = [range(node.body[0].lineno, node.end_lineno + 1) for node in functions]
    if not all(any(stub in body for body in bodies) for stub in stubs):
        raise ValueError("a solution must stand inside a function, or Run all stops")
