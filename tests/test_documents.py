"""README, docs and other pages: their links, their lists and their figures."""

import re
from pathlib import Path

import pytest

from course_utils import REPOSITORY
from course_utils.cli import main as cli
from course_utils.experiments.benchmark import SYSTEMS, load_benchmark

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]
PAGES += [ROOT / "data" / "README.md", ROOT / "results" / "README.md"]


def anchors(page):
    """The anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in words}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_to_files_and_headings(page):
    links = re.findall(r"\]\((?!\w+:)([^)\s]+)\)", page.read_text(encoding="utf-8"))
    for link in links:
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_readme_is_one_page():
    assert len(README.splitlines()) <= 150


def test_the_readme_names_no_account_that_does_not_exist():
    assert "YOUR_ACCOUNT" not in README
    assert ("badge" in README.partition("## How much")[0]) == (
        "YOUR_ACCOUNT" not in REPOSITORY
    )


def test_the_readme_lists_every_notebook_and_its_copy():
    for notebook in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert f"(notebooks/{notebook.name})" in README
        assert f"(notebooks/exercises/{notebook.name})" in README


@pytest.mark.parametrize(
    ("data", "row"),
    [
        ("scenes", "| drawn scenes | {} | random, seeds 0 to 2 | {} |"),
        ("camvid", "| CamVid | {} | random, seed 0 | {} |"),
        ("voc", "| VOC 2012 | {} | a VGG16 trained to find edges, seed 0 | {} |"),
    ],
)
def test_the_figures_of_the_readme_are_stored(data, row):
    (fcn8s,) = (system for system in SYSTEMS if system.key == "fcn8s")
    stored = load_benchmark("full", data)
    starts = {entry["start"] for entry in stored.entries(fcn8s)}
    assert starts == {"vgg16_edges_fp16" if data == "voc" else "scratch"}
    assert list(stored.seeds) == ([0, 1, 2] if data == "scenes" else [0])
    assert (stored.settings["steps"], stored.settings["batch_size"]) == (600, 16)
    number = stored.settings["num_train"]
    scores = 100 * stored.values(fcn8s, "mean_iou")
    score = f"{scores.mean():.1f}"
    if len(scores) > 1:
        score += f" ({scores.min():.1f} to {scores.max():.1f})"
    assert row.format(number, score) in README
    assert f"report {100 * fcn8s.published.mean_iou:.1f} on" in README


def test_every_command_is_explained(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = re.findall(r"(?m)^ {4}(\w+)\b", capsys.readouterr().out)
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"(?ms)^## `(\w+)`$(.*?)(?=^## |\Z)", text))
    assert list(sections) == commands
    for command, section in sections.items():
        assert f"-m course_utils {command}" in section
