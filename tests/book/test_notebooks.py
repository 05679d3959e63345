import base64

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from book.notebooks import LONGEST_OPEN, Exercise, as_page, exercises, title

PIXEL = base64.b64encode(b"bytes of a PNG").decode()
TASK = """\
### Exercise 1.2: double it

> **Goal:** twice as much. **Time:** 5 minutes. **Difficulty:** ●○○○○
"""
ANSWER = """\
def double(x):
    \"\"\"Double x.\"\"\"
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""


def picture(alt):
    metadata = {"image/png": {"alt": alt}} if alt else {}
    return new_output("display_data", {"image/png": PIXEL}, metadata=metadata)


def page_of(tmp_path, *cells, buttons=""):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    folder = tmp_path / "01_double"
    return as_page(notebook, "01_double.ipynb", folder, buttons=buttons).cells


def exercise_cells():
    return [
        new_markdown_cell(TASK),
        new_code_cell(ANSWER, id="stub", metadata={"tags": ["exercise-1.2"]}),
        new_code_cell("check(double)", outputs=[new_output("stream", text="right")]),
        new_markdown_cell("<details><summary>A nudge</summary>\n\nAdd.\n</details>"),
        new_markdown_cell("On we go."),
    ]


def test_an_exercise_is_listed_with_its_time_and_difficulty():
    cells = [new_markdown_cell("# 01 Double\n\nText"), *exercise_cells()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    assert title(notebook) == "01 Double"
    (found,) = exercises(notebook)
    assert found == Exercise("1.2", "double it", "5&nbsp;min", "●○○○○")
    assert found.anchor == "exercise-1-2"


def test_an_exercise_shows_its_stub_and_folds_its_solution_below_the_hints(tmp_path):
    task, stub, check, hint, solution, rest = page_of(tmp_path, *exercise_cells())
    assert task.source.startswith("(exercise-1-2)=\n### Exercise 1.2")
    assert 'raise NotImplementedError("exercise 1.2")' in stub.source
    assert "return 2 * x" not in stub.source
    assert check.outputs[0].text == "right"
    assert hint.source.startswith("<details>")
    assert solution.source.splitlines()[-1] == "    return 2 * x"
    assert "hide-input" in solution.metadata.tags
    assert solution.metadata.mystnb.code_prompt_show == "Solution"
    assert rest.source == "On we go."


def test_without_hints_the_solution_comes_before_the_next_heading(tmp_path):
    task, stub, check, _, text = exercise_cells()
    cells = page_of(tmp_path, task, stub, check, text, new_markdown_cell("## Next"))
    assert [cell.id for cell in cells][-2:] == ["stub-solution", cells[-1].id]


def test_the_notebook_itself_stays_as_it_is(tmp_path):
    cells = exercise_cells()
    before = [cell.source for cell in cells]
    page_of(tmp_path, *cells)
    assert [cell.source for cell in cells] == before


@pytest.mark.parametrize(("lines", "folds"), [(LONGEST_OPEN, 0), (LONGEST_OPEN + 1, 1)])
def test_long_code_is_folded_under_what_it_defines(tmp_path, lines, folds):
    code = "\n".join(["def f():", *["    pass"] * (lines - 1)])
    (cell,) = page_of(tmp_path, new_code_cell(code, outputs=[picture("A curve.")]))
    assert cell.metadata.get("tags", []).count("hide-input") == folds
    if folds:
        assert cell.metadata.mystnb.code_prompt_show == f"Code, {lines} lines: f"
    assert len(cell.outputs) == 1  # folded or not


def test_imports_are_folded(tmp_path):
    (cell,) = page_of(tmp_path, new_code_cell("import math\nfrom os import path"))
    assert cell.metadata.mystnb.code_prompt_show == "Imports"


def test_a_picture_becomes_a_file_with_its_text(tmp_path):
    outputs = [picture("A [b] and $c$."), picture("Another.")]
    (cell,) = page_of(tmp_path, new_code_cell("show()", id="two", outputs=outputs))
    assert [output.data for output in cell.outputs] == [
        {"text/markdown": r"![A \[b\] and \$c\$.](01_double/two-0.png)"},
        {"text/markdown": "![Another.](01_double/two-1.png)"},
    ]
    assert (tmp_path / "01_double" / "two-1.png").read_bytes() == b"bytes of a PNG"


def test_a_picture_without_a_text_is_refused(tmp_path):
    cell = new_code_cell("show()", id="silent", outputs=[picture(None)])
    with pytest.raises(ValueError, match="cell 'silent'"):
        page_of(tmp_path, cell)


def test_what_needs_a_kernel_is_left_out(tmp_path):
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "VBox()"}
    cells = page_of(
        tmp_path,
        new_markdown_cell("no badge yet", id="colab-badge"),
        new_code_cell("import sys", id="colab-setup"),
        new_code_cell("slider()", outputs=[new_output("execute_result", widget)]),
    )
    (cell,) = cells
    assert (cell.source, cell.outputs) == ("slider()", [])


def test_buttons_take_the_place_of_the_badge(tmp_path):
    badge = new_markdown_cell("badge", id="colab-badge")
    (cell,) = page_of(tmp_path, badge, buttons="[Open](x)")
    assert cell.source == "[Open](x)"
