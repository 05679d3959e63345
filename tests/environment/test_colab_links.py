import ast
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from course_utils import REPOSITORY, TAG
from course_utils.classroom.student_copies import _learner_copy
from course_utils.environment import colab_links as stamp

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob(stamp.TAUGHT))
NEW = {"repository": "https://github.com/me/course", "tag": "v2"}
PAGE = "https://colab.research.google.com/github/me/course/blob/v2/notebooks"


@pytest.fixture
def course(tmp_path):
    """A course of two notebooks, the first of which needs no GPU."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "course_utils").mkdir()
    source = (ROOT / "course_utils" / "__init__.py").read_text()
    (tmp_path / "course_utils" / "__init__.py").write_text(source)
    for name in ("00_start", "01_fcn"):
        cells = [
            nbformat.v4.new_markdown_cell(f"# {name}", id="title"),
            nbformat.v4.new_markdown_cell("Setup", id="setup-text"),
            nbformat.v4.new_code_cell("import torch", id="setup", execution_count=7),
        ]
        notebook = nbformat.v4.new_notebook(cells=cells)
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.write_text(nbformat.writes(notebook) + "\n")
    (tmp_path / "README.md").write_text(
        "| [FCN](notebooks/exercises/01_fcn.ipynb) | [read](notebooks/01_fcn.ipynb) |\n"
    )
    shutil.copy(ROOT / "CITATION.cff", tmp_path)
    return tmp_path


def read(course, name="01_fcn"):
    return nbformat.read(course / "notebooks" / f"{name}.ipynb", as_version=4)


def git(folder, *arguments):
    subprocess.run(["git", "-C", folder, *arguments], check=True)


def test_the_badge_follows_the_title_and_the_cell_comes_before_all_code(course):
    stamp.stamp(course, **NEW)
    cells = read(course).cells
    ids = ["title", "colab-badge", "setup-text", "colab-setup", "setup"]
    assert [cell.id for cell in cells] == ids
    assert f"({PAGE}/exercises/01_fcn.ipynb)" in cells[1].source
    assert 'repository = "https://github.com/me/course"\n    tag = "v2"\n' in (
        cells[3].source
    )
    assert cells[4].execution_count == 7


def test_the_readme_links_to_colab_beside_each_copy(course):
    for tag in ("v1", "v2"):  # the second replaces the first
        stamp.stamp(course, repository=NEW["repository"], tag=tag)
    text = (course / "README.md").read_text()
    colab = "https://colab.research.google.com"
    badge = f"[![Open in Colab]({colab}/assets/colab-badge.svg)]"
    assert text == (
        f"| [FCN](notebooks/exercises/01_fcn.ipynb) {badge}"
        f"({PAGE}/exercises/01_fcn.ipynb) | [read](notebooks/01_fcn.ipynb) |\n"
    )


def test_the_readme_links_the_book_once_there_is_a_site(course):
    line = "**To read the course as a book**, on a phone too: "
    readme = course / "README.md"
    readme.write_text(f"# Course\n\n{line}`make book`.\n\nText\n")
    stamp.stamp(course, **NEW)
    expected = f"# Course\n\n{line}<https://me.github.io/course/>\n\nText\n"
    assert readme.read_text() == expected
    assert stamp.book_address("https://github.com/YOUR_ACCOUNT/course") == ""


def test_the_citation_names_the_edition(course):
    stamp.stamp(course, **NEW)
    citation = yaml.safe_load((course / "CITATION.cff").read_text())
    assert (citation["version"], citation["repository-code"]) == (
        NEW["tag"],
        NEW["repository"],
    )


def test_a_second_stamp_changes_nothing(course):
    names = ["__init__.py", "README.md", "CITATION.cff", "00_start.ipynb"]
    changed = [path.name for path in stamp.stamp(course, **NEW)]
    assert changed == [*names, "01_fcn.ipynb"]
    assert stamp.stamp(course, **NEW) == []
    values = {}
    exec((course / "course_utils" / "__init__.py").read_text(), values)
    assert (values["REPOSITORY"], values["TAG"]) == tuple(NEW.values())


def test_a_new_tag_replaces_the_old_one_everywhere(course):
    stamp.stamp(course, **NEW)
    stamp.stamp(course, **NEW | {"tag": "v3.1-rc1"})
    for path in course.rglob("*.*"):
        if path.is_file():
            assert "v2" not in path.read_text()
            assert "v3.1-rc1" in path.read_text()


def test_a_run_notebook_keeps_the_number_of_the_cell(course):
    stamp.stamp(course, **NEW)
    notebook = read(course)
    notebook.cells[3].execution_count = 1
    path = course / "notebooks" / "01_fcn.ipynb"
    path.write_text(nbformat.writes(notebook) + "\n")
    assert stamp.stamp(course, **NEW) == []
    assert '"nbformat_minor": 5' in path.read_text()


def test_all_but_the_first_notebook_ask_for_a_gpu_and_their_copies_too(course):
    stamp.stamp(course, **NEW)
    assert "accelerator" not in read(course, "00_start").metadata
    path = course / "notebooks" / "01_fcn.ipynb"
    copy = _learner_copy(path, path.parent / "exercises")
    for notebook in (read(course), copy):
        assert notebook.metadata["accelerator"] == "GPU"
        assert notebook.metadata["colab"] == {"gpuType": "T4"}
    text = "".join(cell.source for cell in copy.cells)
    assert text.count(f"{PAGE}/exercises/01_fcn.ipynb") == 1  # it opens itself


ELSEWHERE = ["https://gitlab.com/me/course", "git@gitlab.com:me/course", "me/course"]
ELSEWHERE += ["x", "https://github.com/me", "https://github.com/me/course/tree/main"]
NOT_ONE_WORD = ["two words", "-v1", 'v1"', "a/b"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        *(("repository", r, r"be https://github\.com/ACCOUNT/NAME") for r in ELSEWHERE),
        *(("tag", tag, "be one word") for tag in NOT_ONE_WORD),
    ],
)
def test_colab_needs_a_repository_of_github_and_a_tag_of_one_word(
    course, name, value, message
):
    with pytest.raises(ValueError, match=f"must {message}"):
        stamp.stamp(course, **NEW | {name: value})
    assert "me/course" not in (course / "README.md").read_text()


@pytest.mark.parametrize(
    "repository",
    [
        "https://github.com/me/course.git",
        "https://me:secret@github.com/me/course",
        "git@github.com:me/course.git",
        "ssh://git@github.com/me/course",
    ],
)
def test_an_address_may_be_as_git_writes_it(course, repository):
    git(course, "init", "--quiet")
    assert stamp.origin(course) is None
    git(course, "remote", "add", "origin", repository)
    stamp.stamp(course, repository=stamp.origin(course), tag="v2")
    assert stamp.stamp(course, **NEW) == []


def test_until_the_course_is_published_there_are_no_badges(course):
    before = (course / "README.md").read_text()
    stamp.stamp(course, **NEW)
    nobody = f"https://github.com/{stamp._NOBODY}/course"
    stamp.stamp(course, repository=nobody, tag="v2")
    assert (course / "README.md").read_text() == before
    cell = read(course).cells[1]
    assert cell.id == "colab-badge"
    assert "badge.svg" not in cell.source and "course_utils stamp" in cell.source
    assert f'repository = "{nobody}"' in read(course).cells[3].source


def test_the_cell_is_short_and_well_formed():
    source = stamp._CELL.format(**NEW)
    assert len(source.splitlines()) <= 25
    assert max(map(len, source.splitlines())) <= 88
    ast.parse(source)


def test_the_cell_does_nothing_outside_colab(tmp_path):
    source = stamp._CELL.format(**NEW)
    script = f"{source}\nassert 'subprocess' not in dir()\nprint(sys.path == before)"
    script = f"import sys\nbefore = list(sys.path)\n{script}"
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("True\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_is_stamped(path):
    text = path.read_text(encoding="utf-8")
    wanted = stamp._with_cells(text, path.name, REPOSITORY, TAG)
    assert text == wanted, "run: python -m course_utils stamp"


def test_the_readme_is_stamped():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    wanted = stamp._with_badges(text, "README.md", REPOSITORY, TAG)
    assert text == wanted, "run: python -m course_utils stamp"
    copies = list((ROOT / "notebooks" / "exercises").glob("*.ipynb"))
    is_published = stamp._NOBODY not in REPOSITORY
    assert text.count("colab-badge.svg") == len(copies) * is_published


def test_the_command_says_what_it_wrote(course, monkeypatch, run_command):
    monkeypatch.setattr("course_utils.cli.stamp.COURSE_ROOT", course)
    arguments = ["stamp", "--repository", NEW["repository"], "--tag", NEW["tag"]]
    status, printed = run_command(*arguments)
    assert status == 0 and "written README.md" in printed
    assert run_command(*arguments) == (0, "nothing to change\n")
    status, printed = run_command("stamp", "--repository", "nowhere")
    assert status == 2 and "must be https://github.com" in printed


def test_the_command_takes_the_address_from_git(course, monkeypatch, run_command):
    monkeypatch.setattr("course_utils.cli.stamp.COURSE_ROOT", course)
    git(course, "init", "--quiet")
    git(course, "remote", "add", "origin", "https://example.org/me/course")
    status, printed = run_command("stamp")
    assert status == 0
    assert "origin of this checkout is not a GitHub repository" in printed
    assert "badge.svg" not in (course / "README.md").read_text()
    git(course, "remote", "set-url", "origin", "git@github.com:me/course.git")
    assert run_command("stamp", "--tag", "v2")[0] == 0
    assert stamp.stamp(course, **NEW) == []
