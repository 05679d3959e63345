"""Write the repository's address and tag into badges and bootstrap cells."""

import json
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import course_utils

TAUGHT = "[0-9][0-9]_*.ipynb"
BADGE, BOOTSTRAP = "colab-badge", "colab-setup"  # ids of the cells
GPU = {"accelerator": "GPU", "colab": {"gpuType": "T4"}}
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git|/)?")
README_LINK = re.compile(
    r"(\[[^\]]+\]\((notebooks/exercises/\d\d_\w+\.ipynb)\))"
    r"(?: \[!\[[^\]]*\]\([^)]*\)\]\([^)]*\))?"
)
CELL = """\
# On Colab, this cell fetches the course. Anywhere else, it does nothing.
import sys

if "google.colab" in sys.modules:
    import shutil
    import subprocess
    from pathlib import Path

    repository = "{repository}"
    tag = "{tag}"
    course = Path.cwd() / f"segmentation-course-{{tag}}"
    if not course.is_dir():
        unfinished = course.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        clone = ["git", "clone", "--quiet", "--depth", "1", "--branch", tag]
        git = subprocess.run([*clone, repository, unfinished], stderr=subprocess.PIPE)
        if git.returncode:
            raise RuntimeError(f"can't fetch the course: {{git.stderr.decode()}}")
        unfinished.rename(course)
    sys.path[:0] = [] if str(course) in sys.path else [str(course)]
    from course_utils.environment.colab import set_up

    set_up(course)"""


def stamp(
    root: Path, *, repository: str | None = None, tag: str | None = None
) -> list[Path]:
    """Bring the notebooks and the README of a course to one address and tag.

    Args:
        root: the course's folder, with ``notebooks`` and ``course_utils``.
        repository: a new address on GitHub; by default it stays.
        tag: a new tag; by default it stays.

    Returns:
        The files that changed.

    Raises:
        ValueError: the address is none of a repository on GitHub, from which alone
            Colab opens notebooks, or the tag can't be one.
    """
    repository = repository or course_utils.REPOSITORY
    tag = tag or course_utils.TAG
    if not (match := GITHUB.fullmatch(repository)):
        raise ValueError(
            "the repository must be https://github.com/ACCOUNT/NAME, since Colab opens "
            f"notebooks from there, got {repository!r}"
        )
    if not re.fullmatch(r"\w[\w.-]*", tag):
        raise ValueError(f"the tag must be one word, such as v1.0, got {tag!r}")
    repository = f"https://github.com/{match[1]}"
    texts = {root / "course_utils" / "__init__.py": with_edition}
    texts |= {root / "README.md": with_badges}
    texts |= dict.fromkeys(sorted((root / "notebooks").glob(TAUGHT)), with_cells)
    changed = []
    for path, write in texts.items():
        before = path.read_text(encoding="utf-8")
        after = write(before, path.name, repository, tag)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def badge(name: str, repository: str, tag: str) -> str:
    """Write the badge that opens the learner's copy of a notebook in Colab."""
    place = repository.removeprefix("https://github.com/")
    colab = "https://colab.research.google.com"
    page = f"{colab}/github/{place}/blob/{tag}/notebooks/exercises/{name}"
    return f"[![Open in Colab]({colab}/assets/colab-badge.svg)]({page})"


def with_edition(source: str, name: str, repository: str, tag: str) -> str:
    """Write the address and tag into the source of ``course_utils/__init__.py``."""
    for constant, value in (("REPOSITORY", repository), ("TAG", tag)):
        line = f"{constant} = {json.dumps(value)}"
        source = re.sub(rf"(?m)^{constant} = .*$", lambda _, s=line: s, source)
    return source


def with_badges(markdown: str, name: str, repository: str, tag: str) -> str:
    """Put a badge after each link of the README to a learner's copy."""

    def add(match: re.Match[str]) -> str:
        return f"{match[1]} {badge(Path(match[2]).name, repository, tag)}"

    return README_LINK.sub(add, markdown)


def with_cells(text: str, name: str, repository: str, tag: str) -> str:
    """Put the badge and the bootstrap cell into a taught notebook."""
    notebook = nbformat.reads(text, as_version=4)
    cells = [c for c in notebook.cells if c.id not in (BADGE, BOOTSTRAP)]
    first_code = next(k for k, c in enumerate(cells) if c.cell_type == "code")
    old = {c.id: c for c in notebook.cells}
    cells.insert(first_code, _bootstrap(old.get(BOOTSTRAP), repository, tag))
    link = nbformat.v4.new_markdown_cell(badge(name, repository, tag), id=BADGE)
    cells.insert(1, link)
    notebook.cells = cells
    if not name.startswith("00"):  # which needs no GPU; they are scarce
        notebook.metadata |= GPU
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def _bootstrap(old: NotebookNode | None, repository: str, tag: str) -> NotebookNode:
    """Make the bootstrap cell; its number in the last run stays."""
    source = CELL.format(repository=repository, tag=tag)
    cell = nbformat.v4.new_code_cell(source, id=BOOTSTRAP)
    cell.execution_count = None if old is None else old.execution_count
    return cell
