"""The commands of docs/publishing.md, with a bare repository on the disk for GitHub."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml
from checkout import ROOT, copy_checkout

PAGE = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
(COMMANDS,) = re.findall(r"(?s)```\n(git remote add.*?)```", PAGE)
ADDRESS = "https://github.com/ME/COURSE"

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists() or None in map(shutil.which, ("git", "make")),
    reason="a git checkout, git and make",
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The variables under which git pushes to a folder and not to GitHub."""
    bare = tmp_path_factory.mktemp("github") / "course.git"
    subprocess.run(["git", "init", "--quiet", "--bare", bare], check=True)
    settings = {
        f"url.file://{bare}.pushInsteadOf": f"{ADDRESS}.git",
        "user.name": "me",
        "user.email": "me@example.org",
        "init.defaultBranch": "main",
        "core.compression": "0",  # quicker
    }
    variables = {"GIT_CONFIG_GLOBAL": os.devnull, "BARE": f"file://{bare}"}
    variables |= {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": key}
        variables |= {f"GIT_CONFIG_VALUE_{number}": value}
    inherited = {"MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "VENV", "PYTHON", "PYTHONPATH"}
    return {k: v for k, v in os.environ.items() if k not in inherited} | variables


@pytest.fixture(scope="module")
def published(tmp_path_factory, environment):
    """Run the commands in a copy; return what Colab fetches: a clone of the tag."""
    folder = tmp_path_factory.mktemp("course")
    copy_checkout(folder)

    def run(*command, cwd=folder):
        subprocess.run(
            command, cwd=cwd, env=environment, check=True, capture_output=True
        )

    run("git", "init", "--quiet")
    run("git", "add", "--all")
    run("git", "commit", "--quiet", "--message", "The course")
    for line in COMMANDS.splitlines():
        command = shlex.split(line)
        if command[0] == "make":  # in this environment, which is set up
            command[1:1] = ["--old-file=set-up", f"VENV={sys.prefix}"]
        run(*command)
    clone = folder / "clone"
    run("git", "clone", "--depth=1", "--branch=v1.0", environment["BARE"], str(clone))
    return clone


def test_there_are_five_commands():
    assert len(COMMANDS.splitlines()) == 5


def test_every_badge_opens_a_notebook_of_the_tag(published):
    readme = (published / "README.md").read_text(encoding="utf-8")
    badges = re.findall(
        r"\(https://colab\.[^)]+/github/ME/COURSE/blob/v1\.0/([^)]+)\)", readme
    )
    copies = sorted((published / "notebooks" / "exercises").glob("*.ipynb"))
    assert [published / path for path in badges] == copies
    for copy in copies:
        cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
        sources = {cell["id"]: "".join(cell["source"]) for cell in cells}
        assert f"/blob/v1.0/notebooks/exercises/{copy.name})" in sources["colab-badge"]
        assert f'repository = "{ADDRESS}"' in sources["colab-setup"]
        assert 'tag = "v1.0"' in sources["colab-setup"]


def test_the_branch_and_the_tag_are_one_commit(published, environment):
    command = ["git", "ls-remote", environment["BARE"], "main", "v1.0"]
    listed = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    )
    commits = dict(reversed(line.split("\t")) for line in listed.stdout.splitlines())
    assert set(commits) == {"refs/heads/main", "refs/tags/v1.0"}
    assert len(set(commits.values())) == 1


def test_the_pages_of_the_book_link_to_colab_and_to_the_repository(published):
    subprocess.run(
        [sys.executable, "-m", "book.pages", "pages"], cwd=published, check=True
    )
    for path in (published / "pages" / "notebooks").glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert f"/github/ME/COURSE/blob/v1.0/notebooks/exercises/{path.name})" in text
        assert f"[Download the exercises](path:exercises/{path.name})" in text
    readme = (published / "pages" / "README.md").read_text(encoding="utf-8")
    assert f"({ADDRESS}/blob/v1.0/LICENSE)" in readme


def test_workflows_run_targets_that_exist_on_the_pythons_of_the_course():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"(?m)^\.PHONY: (.+)$", makefile)[1].split()
    workflows = ROOT / ".github" / "workflows"
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted(workflows.iterdir()))
    assert set(re.findall(r"run: make ([a-z-]+)", text)) <= set(targets)
    test = yaml.safe_load((workflows / "test.yml").read_text(encoding="utf-8"))
    pythons = test["jobs"]["linux"]["strategy"]["matrix"]["python"]
    assert pythons == ["3.10", "3.11", "3.12", "3.13"]
