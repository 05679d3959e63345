from pathlib import Path

import pytest

from book import glossary

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / f"{glossary.PAGE}.md").read_text(encoding="utf-8")


def found(names, text):
    return [match[0] for match in glossary.pattern(names).finditer(text)]


def test_a_term_comes_with_its_first_sentence():
    source = "# Glossary\n\nText.\n\n## IoU\n\nOne [part](x.md)\nof `two`. More.\n\n"
    source += "## z\n\nZ."
    assert glossary.terms(source) == {"IoU": "One part of two.", "z": "Z."}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mean IoU, then mean IoUs.", ["Mean IoU", "mean IoUs"]),
        ("of the IoU", ["IoU"]),
        ("switches", ["switches"]),
        ("the mean iou", []),  # code, or another word
        ("a non-void pixel, avoid", []),
    ],
)
def test_terms_are_found_as_whole_words(text, expected):
    assert found(["IoU", "mean IoU", "switch", "void"], text) == expected


def test_the_anchor_of_a_term_is_that_of_its_heading():
    assert glossary.anchor("mean IoU") == "mean-iou"


def test_the_glossary_is_sorted_and_explains_each_term_once():
    headings = [line[3:] for line in SOURCE.splitlines() if line.startswith("## ")]
    assert headings == sorted(headings, key=str.lower)
    assert list(glossary.terms(SOURCE)) == headings  # none is doubled or empty
