import json
import re
from pathlib import Path

import nbformat
import pytest

from course_utils.classroom import student_copies as release_module
from course_utils.classroom.student_copies import _as_text, _learner_copy, release

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ANSWER = """\
def conv_output_size(size, kernel_size):
    \"\"\"How large the output is.\"\"\"
    ### BEGIN SOLUTION
    places = size - kernel_size
    return places + 1
    ### END SOLUTION"""
STUB = """\
def conv_output_size(size, kernel_size):
    \"\"\"How large the output is.\"\"\"
    raise NotImplementedError("exercise 1.1")"""


def markdown(source, cell_id="text"):
    return nbformat.v4.new_markdown_cell(source, id=cell_id)


def code(source, *tags, outputs=(), cell_id="code"):
    return nbformat.v4.new_code_cell(
        source,
        id=cell_id,
        metadata={"tags": list(tags)} if tags else {},
        outputs=list(outputs),
        execution_count=7 if outputs else None,
    )


def printed(text):
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def write(path, *cells, **metadata):
    path.parent.mkdir(parents=True, exist_ok=True)
    # not by nbformat, which would repair what some of these tests break
    notebook = {"cells": cells, "metadata": metadata}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def read(path):
    return nbformat.read(path, as_version=4)


def exercise_cells(answer=ANSWER, tag="exercise-1.1"):
    return (
        markdown("# FCN and its limits", "title"),
        code(answer, tag, cell_id="answer", outputs=[printed("5\n")]),
        code("check_conv_output_size(conv_output_size)", cell_id="check"),
    )


@pytest.fixture
def folders(tmp_path):
    source = tmp_path / "notebooks"
    write(source / "01_fcn.ipynb", *exercise_cells())
    return source, source / "exercises"


@pytest.fixture
def released(folders):
    """The copy of the one notebook, just released."""
    release(*folders)
    return folders[1] / "01_fcn.ipynb"


def outcomes(folders):
    return list(release(*folders).values())


def edit(path, change):
    notebook = read(path)
    change(notebook)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


IN_A_CLASS = """\
class Block(nn.Module):
    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return x
        ### END SOLUTION"""
STUBS_IN_A_CLASS = """\
class Block(nn.Module):
    def __init__(self):
        raise NotImplementedError("exercise 1.1")

    def forward(self, x):
        raise NotImplementedError("exercise 1.1")"""


@pytest.mark.parametrize(
    ("answer", "stub"), [(ANSWER, STUB), (IN_A_CLASS, STUBS_IN_A_CLASS)]
)
def test_a_solution_becomes_a_stub_at_its_indentation(folders, answer, stub):
    write(folders[0] / "01_fcn.ipynb", *exercise_cells(answer))
    release(*folders)
    cells = read(folders[1] / "01_fcn.ipynb").cells
    assert cells[2].source == stub
    assert cells[3].source == "check_conv_output_size(conv_output_size)"


def test_outputs_and_what_jupyter_writes_are_removed_and_the_rest_stays(folders):
    check = code("check()", "nbval-ignore-output", outputs=[printed("1")], cell_id="c")
    check.metadata |= {"execution": {"started": "now"}, "scrolled": True}
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    write(folders[0] / "01_fcn.ipynb", *exercise_cells(), check, widgets=widgets)
    release(*folders)
    copy = read(folders[1] / "01_fcn.ipynb")
    ids = [cell.id for cell in copy.cells]
    assert ids == ["taught-twin", "title", "answer", "check", "c"]
    for cell in copy.cells[2:]:
        assert (cell.outputs, cell.execution_count) == ([], None)
    assert copy.cells[-1].metadata == {"tags": ["nbval-ignore-output"]}
    assert set(copy.metadata) == {"course", "kernelspec", "language_info"}
    nbformat.validate(copy)


def test_a_copy_links_to_its_taught_twin(released):
    first = read(released).cells[0]
    assert first.cell_type == "markdown"
    assert "[01_fcn.ipynb](../01_fcn.ipynb)" in first.source


def test_links_lead_from_the_folder_of_the_copy(folders):
    (folders[0].parent / "README.md").touch()
    text = "[a](../README.md) [b](02_next.ipynb) [c](#top) [d](https://x.org/01.ipynb)"
    write(folders[0] / "01_fcn.ipynb", markdown(text + " `layers[0](x)`"))
    release(*folders)
    assert read(folders[1] / "01_fcn.ipynb").cells[1].source == (
        "[a](../../README.md) [b](02_next.ipynb) [c](#top) [d](https://x.org/01.ipynb) "
        "`layers[0](x)`"
    )


def test_the_same_input_gives_the_same_bytes(folders, released):
    first = released.read_bytes()
    released.unlink()
    release(*folders)
    assert released.read_bytes() == first
    assert first.endswith(b"}\n") and not first.endswith(b"\n\n")
    text = first.decode()
    sorted_text = json.dumps(
        json.loads(text), indent=1, sort_keys=True, ensure_ascii=False
    )
    assert text == sorted_text + "\n"


SOLVED = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
OUTSIDE = [SOLVED, f"def f():\n    return 1\n\n\n{SOLVED}"]
OUTSIDE += ["class Block:\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (code(ANSWER), "must have one tag exercise-1.N, .*, got none"),
        (code(ANSWER, "exercise-1.1", "exercise-1.2"), "must have one tag"),
        (code(ANSWER, "exercise-2.1"), "one tag exercise-1.N, .* got exercise-2.1"),
        (code(ANSWER, "exercise-1"), "one tag exercise-1.N, .* got exercise-1"),
        (code("x = 1", "exercise-1.1"), "exercise 1.1 must have '### BEGIN SOLUTION'"),
        (
            code(ANSWER.replace("    ### END SOLUTION", ""), "exercise-1.1"),
            "'### BEGIN SOLUTION' must be followed by '### END SOLUTION'",
        ),
        (
            code(ANSWER.replace("### BEGIN SOLUTION", "x = 1"), "exercise-1.1"),
            "must alternate, got '### END SOLUTION'",
        ),
        (
            code(ANSWER.replace("places", "### BEGIN SOLUTION\n#"), "exercise-1.1"),
            "must alternate, got '### BEGIN SOLUTION'",
        ),
        (
            code(ANSWER + "\n# begin solution\nx = 1", "exercise-1.1"),
            "got '# begin solution' elsewhere",
        ),
        (markdown("Look:\n\n### BEGIN SOLUTION"), "of a code cell, got '### BEGIN"),
        *(
            (code(outside, "exercise-1.1"), "must be inside a function")
            for outside in OUTSIDE
        ),
        (code("%%time\n" + ANSWER, "exercise-1.1"), "must be valid Python"),
        (
            code("show(answer)", outputs=[printed(ANSWER)]),
            "no output must show a solution",
        ),
    ],
)
def test_an_unsafe_cell_is_an_error_and_nothing_is_written(folders, cell, message):
    write(folders[0] / "01_fcn.ipynb", markdown("# Title", "title"), cell)
    write(folders[0] / "00_start.ipynb", markdown("# Fine"))
    with pytest.raises(ValueError, match=r"^01_fcn\.ipynb, cell 2: .*" + message):
        release(*folders)
    assert not folders[1].exists()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"cells": [], "metadata": {}, "nbformat": 4}']
)
def test_a_source_must_be_a_notebook_of_format_4_5(folders, text):
    (folders[0] / "01_fcn.ipynb").write_text(text)
    with pytest.raises(ValueError, match=r"^01_fcn\.ipynb: must be a notebook of for"):
        release(*folders)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "title"}, "every cell must have its own id"),
        ({"id": None}, "every cell must have its own id"),
        ({"cell_type": "picture"}, "'picture'"),
    ],
)
def test_a_cell_needs_an_id_of_its_own_and_a_known_type(folders, change, message):
    cells = markdown("a", "title"), code("x = 1") | change
    write(folders[0] / "01_fcn.ipynb", *cells)
    with pytest.raises(ValueError, match=rf"^01_fcn\.ipynb: .*{message}"):
        release(*folders)


def test_the_source_is_never_the_destination(folders):
    with pytest.raises(ValueError, match="destination must not be the source"):
        release(folders[0], folders[0] / "exercises" / "..")


def test_only_numbered_notebooks_are_released(folders):
    write(folders[0] / "scratch.ipynb", markdown("mine"))
    assert [path.name for path in release(*folders)] == ["01_fcn.ipynb"]


def solve(notebook):
    notebook.cells[2].source = STUB.replace("raise", "return 5  #")


def run(notebook):
    notebook.cells[3].outputs = [printed("exercise 1.1 is still open\n")]
    notebook.cells[3].execution_count = 1
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12"}
    notebook.cells[3].metadata["execution"] = {"started": "now"}


def add_empty_cell(notebook):
    notebook.cells.append(code("", cell_id="last"))


def new_edition(folders):
    cells = (*exercise_cells(), markdown("New in this edition.", "new"))
    write(folders[0] / "01_fcn.ipynb", *cells)


@pytest.mark.parametrize(
    "change",
    [
        solve,
        lambda notebook: notebook.cells.append(markdown("my notes", "note")),
        lambda notebook: notebook.cells.pop(),
        lambda notebook: notebook.cells[1].update(attachments={"a.png": {}}),
        run,
        lambda notebook: notebook.cells[3].update(execution_count=1),
        lambda notebook: notebook.cells.reverse(),
        lambda notebook: notebook.metadata.pop("course"),
        lambda notebook: notebook.metadata.update(course="none"),
    ],
)
def test_a_copy_that_was_worked_in_is_kept(folders, released, change):
    edit(released, change)
    before = released.read_bytes()
    new_edition(folders)
    assert release(*folders) == {released: "kept"}
    assert released.read_bytes() == before


def test_a_copy_that_was_only_run_is_kept_and_is_up_to_date_until_a_new_edition(
    folders, released
):
    edit(released, run)
    before = released.read_bytes()
    assert outcomes(folders) == ["unchanged"]
    new_edition(folders)
    assert outcomes(folders) == ["kept"]
    assert released.read_bytes() == before


def test_an_empty_cell_is_no_work(folders, released):
    edit(released, add_empty_cell)
    new_edition(folders)
    assert outcomes(folders) == ["written"]
    assert read(released).cells[-1].source == "New in this edition."


def test_a_copy_that_is_read_only_is_kept(folders, released):
    released.chmod(0o444)
    before = released.read_bytes()
    new_edition(folders)
    assert outcomes(folders) == ["kept"]
    assert released.read_bytes() == before


@pytest.mark.parametrize("is_dangling", [True, False])
def test_a_link_is_kept_and_not_written_through(
    folders, released, tmp_path, is_dangling
):
    elsewhere = tmp_path / "elsewhere.ipynb"
    released.rename(elsewhere)
    before = elsewhere.read_bytes()
    if is_dangling:
        elsewhere.rename(tmp_path / "gone.ipynb")
    released.symlink_to(elsewhere)
    new_edition(folders)
    assert outcomes(folders) == ["kept"]
    assert released.is_symlink()
    assert is_dangling != elsewhere.exists()
    assert is_dangling or elsewhere.read_bytes() == before


def test_a_copy_that_can_not_be_opened_is_kept(folders, released, monkeypatch):
    def fail(path):
        if path == released:
            raise PermissionError(13, "Permission denied")
        return real(path)

    real, before = Path.read_bytes, released.read_bytes()
    new_edition(folders)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", fail)
        assert outcomes(folders) == ["kept"]
    assert released.read_bytes() == before


def test_what_is_saved_while_the_release_looks_at_it_is_kept(
    folders, released, monkeypatch
):
    new_edition(folders)
    real = release_module.replace_known

    def save_first(path, known, content):
        edit(path, solve)
        return real(path, known, content)

    monkeypatch.setattr(release_module, "replace_known", save_first)
    assert outcomes(folders) == ["kept"]
    assert "return 5" in read(released).cells[2].source


def test_a_file_that_appears_while_the_first_copy_is_written_is_kept(
    folders, monkeypatch
):
    path, real = folders[1] / "01_fcn.ipynb", release_module.write_new

    def save_first(place):
        path.parent.mkdir()
        path.write_text("mine")
        return real(place)

    monkeypatch.setattr(release_module, "write_new", save_first)
    assert outcomes(folders) == ["kept"]
    assert path.read_text() == "mine"


def test_work_that_was_undone_is_no_work(folders, released):
    untouched = read(released).cells[2].source
    edit(released, solve)
    edit(released, lambda notebook: notebook.cells[2].update(source=untouched))
    new_edition(folders)
    assert outcomes(folders) == ["written"]


@pytest.mark.parametrize("text", ["", '{"cells": [', "[]", '{"cells": [{}]}', "\xff"])
def test_a_copy_that_cannot_be_read_is_kept(folders, text):
    folders[1].mkdir()
    path = folders[1] / "01_fcn.ipynb"
    path.write_bytes(text.encode("latin-1"))
    assert outcomes(folders) == ["kept"]
    assert path.read_bytes() == text.encode("latin-1")


def test_new_tags_reach_a_copy_that_was_not_run(folders, released):
    cells = exercise_cells()
    cells[2].metadata["tags"] = ["nbval-ignore-output"]
    write(folders[0] / "01_fcn.ipynb", *cells)
    assert outcomes(folders) == ["written"]
    assert outcomes(folders) == ["unchanged"]


def test_a_write_that_fails_leaves_the_old_copy_and_no_litter(
    folders, released, monkeypatch
):
    before = released.read_bytes()
    new_edition(folders)

    def disk_full(*args):
        raise OSError("no space left on device")

    monkeypatch.setattr(release_module.Path, "replace", disk_full)
    with pytest.raises(OSError, match="no space left"):
        release(*folders)
    assert released.read_bytes() == before
    assert list(folders[1].iterdir()) == [released]


def test_the_command_says_what_became_of_each_copy(folders, run_command):
    command = ["release", "--source", folders[0], "--destination", folders[1]]
    path = folders[1] / "01_fcn.ipynb"
    assert run_command(*command) == (0, f"written {path}\n")
    assert run_command(*command) == (0, f"unchanged {path}\n")
    edit(path, solve)
    status, printed = run_command(*command)
    assert (status, printed.splitlines()[0]) == (0, f"kept {path}")
    assert "rename yours and run this again" in printed


def test_the_command_ends_with_status_2_and_a_message(run_command, tmp_path):
    status, printed = run_command("release", "--source", tmp_path / "notebooks")
    assert status == 2
    assert re.match("course_utils: .*notebooks must hold taught", printed)


def test_the_folders_are_the_courses_own_unless_told(folders, monkeypatch, run_command):
    monkeypatch.setattr("course_utils.cli.release.COURSE_ROOT", folders[0].parent)
    path = folders[1] / "01_fcn.ipynb"
    assert run_command("release") == (0, f"written {path}\n")
    assert path.is_file()


def test_committed_copies_equal_a_fresh_release():
    taught = sorted(NOTEBOOKS.glob("*.ipynb"))
    exercises = NOTEBOOKS / "exercises"
    committed = {path.name: path for path in exercises.glob("*.ipynb")}
    assert set(committed) == {path.name for path in taught}
    for path in taught:
        fresh = _as_text(_learner_copy(path, exercises))
        committed_text = committed[path.name].read_text(encoding="utf-8")
        assert committed_text == fresh, f"{path.name}: python -m course_utils release"
