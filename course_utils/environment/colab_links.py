"""Write the repository's address and tag into badges, cells for Colab and citation."""

import json
import re
import subprocess
from pathlib import Path

import nbformat

import course_utils
from course_utils.files import write_whole

TAUGHT = "[0-9][0-9]_*.ipynb"
_BADGE, _BOOTSTRAP = "colab-badge", "colab-setup"  # ids of the cells
GPU = {"accelerator": "GPU", "colab": {"gpuType": "T4"}}
_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?github\.com/|(?:ssh://)?git@github\.com[:/])"
    r"([\w.-]+/[\w.-]+?)(?:\.git|/)?"
)
_NOBODY = "YOUR_ACCOUNT"
"""Account in the address of a course that is not published yet."""
_UNPUBLISHED = (
    "To open this notebook in Colab, publish the course on GitHub and run "
    "`python -m course_utils stamp`: a badge then appears here."
)
_README_LINK = re.compile(
    r"(\[[^\]]+\]\((notebooks/exercises/\d\d_\w+\.ipynb)\))"
    r"(?: \[!\[[^\]]*\]\([^)]*\)\]\([^)]*\))?"
)
_README_BOOK = "**To read the course as a book**, on a phone too: "
_BUILD_THE_BOOK = "`make book` writes `build/book/html/index.html`."
_CELL = """\
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
    """Write one address and tag into the package, notebooks, README and citation.

    Args:
        root: Folder of the course, with ``notebooks``, ``course_utils`` and so on.
        repository: New address on GitHub, as a browser or git writes it; None keeps
            the present one.
        tag: New tag; None keeps the present one.

    Returns:
        Files that changed.

    Raises:
        ValueError: The address is not that of a GitHub repository, or the tag is not
            one word.
    """
    repository = repository or course_utils.REPOSITORY
    tag = tag or course_utils.TAG
    if not (match := _GITHUB.fullmatch(repository)):
        raise ValueError(
            "the repository must be https://github.com/ACCOUNT/NAME, since Colab opens "
            f"notebooks only from GitHub, got {repository!r}"
        )
    if not re.fullmatch(r"\w[\w.-]*", tag):
        raise ValueError(f"the tag must be one word, such as v1.0, got {tag!r}")
    repository = f"https://github.com/{match[1]}"
    texts = {root / "course_utils" / "__init__.py": _with_edition}
    texts |= {root / "README.md": _with_badges, root / "CITATION.cff": _with_citation}
    texts |= dict.fromkeys(sorted((root / "notebooks").glob(TAUGHT)), _with_cells)
    changed = []
    for path, write in texts.items():
        before = path.read_text(encoding="utf-8")
        after = write(before, path.name, repository, tag)
        if after != before:
            with write_whole(path) as file:
                file.write(after.encode())
            changed.append(path)
    return changed


def origin(root: Path) -> str | None:
    """Ask git for the GitHub address that a checkout came from; None if there is none.

    Args:
        root: Folder of the checkout.
    """
    command = ["git", "remote", "get-url", "origin"]
    try:
        run = subprocess.run(command, cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    address = run.stdout.strip()
    return address if _GITHUB.fullmatch(address) else None


def badge(name: str, repository: str, tag: str) -> str:
    """Write the badge that opens the learner's copy of a notebook in Colab.

    It is empty until the course is published.
    """
    if _NOBODY in repository:
        return ""
    place = repository.removeprefix("https://github.com/")
    colab = "https://colab.research.google.com"
    page = f"{colab}/github/{place}/blob/{tag}/notebooks/exercises/{name}"
    return f"[![Open in Colab]({colab}/assets/colab-badge.svg)]({page})"


def book_address(repository: str) -> str:
    """Name the site of the course as a book, on GitHub Pages.

    It is empty until the course is published.
    """
    if _NOBODY in repository:
        return ""
    account, name = repository.removeprefix("https://github.com/").split("/")
    return f"https://{account}.github.io/{name}/"


def _with_edition(source: str, name: str, repository: str, tag: str) -> str:
    """Write the address and tag into the source of ``course_utils/__init__.py``."""
    for constant, value in (("REPOSITORY", repository), ("TAG", tag)):
        line = f"{constant} = {json.dumps(value)}"
        source = re.sub(rf"(?m)^{constant} = .*$", lambda _, s=line: s, source)
    return source


def _with_badges(markdown: str, name: str, repository: str, tag: str) -> str:
    """Link the book, and put a badge after each link to a learner's copy."""

    def add(match: re.Match[str]) -> str:
        return f"{match[1]} {badge(Path(match[2]).name, repository, tag)}".rstrip()

    site = book_address(repository)
    line = _README_BOOK + (f"<{site}>" if site else _BUILD_THE_BOOK)
    markdown = re.sub(rf"(?m)^{re.escape(_README_BOOK)}.*$", lambda _: line, markdown)
    return _README_LINK.sub(add, markdown)


def _with_citation(source: str, name: str, repository: str, tag: str) -> str:
    """Write the address and tag into the file that says how to cite the course."""
    for key, value in (("version", tag), ("repository-code", repository)):
        line = f"{key}: {json.dumps(value)}"
        source = re.sub(rf"(?m)^{key}: .*$", lambda _, s=line: s, source)
    return source


def _with_cells(text: str, name: str, repository: str, tag: str) -> str:
    """Put the badge and the cell that fetches the course into a taught notebook."""
    notebook = nbformat.reads(text, as_version=4)
    old = [c.execution_count for c in notebook.cells if c.id == _BOOTSTRAP]
    bootstrap = nbformat.v4.new_code_cell(
        _CELL.format(repository=repository, tag=tag), id=_BOOTSTRAP
    )
    bootstrap.execution_count = old[0] if old else None
    cells = [c for c in notebook.cells if c.id not in (_BADGE, _BOOTSTRAP)]
    first_code = next(k for k, c in enumerate(cells) if c.cell_type == "code")
    cells.insert(first_code, bootstrap)
    text = badge(name, repository, tag) or _UNPUBLISHED
    cells.insert(1, nbformat.v4.new_markdown_cell(text, id=_BADGE))
    notebook.cells = cells
    if not name.startswith("00"):  # 00 needs no GPU, and GPUs are scarce
        notebook.metadata |= GPU
    return nbformat.writes(notebook).rstrip("\n") + "\n"
