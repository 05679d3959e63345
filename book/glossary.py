"""Read the glossary, and find its terms in prose."""

import re

PAGE = "docs/glossary"
"""Place of the glossary, without the ending of the file."""


def terms(markdown: str) -> dict[str, str]:
    """Read every term and the first sentence of its explanation.

    Args:
        markdown: Source of the glossary, with a heading of level 2 for each term.
    """
    entries = re.findall(r"(?ms)^## (.+?)\n\n(.+?)(?=^## |\Z)", markdown)
    return {term: _first_sentence(text) for term, text in entries}


def _first_sentence(markdown: str) -> str:
    """Return a sentence without its links and marks."""
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", markdown).replace("`", "")
    return " ".join(re.split(r"(?<=[.?])\s", text)[0].split())


def anchor(term: str) -> str:
    """Name the place of a term on the page, as MyST and GitHub do.

    Args:
        term: Heading of an entry.
    """
    return re.sub(r"[^\w\- ]", "", term.lower()).replace(" ", "-")


def pattern(names: list[str]) -> re.Pattern[str]:
    """Build the pattern that finds terms in prose, also capitalized and in the plural.

    Args:
        names: Terms; where one contains another, the longer one is found.
    """
    longest_first = sorted(names, key=len, reverse=True)
    words = (f"(?i:{re.escape(n[0])}){re.escape(n[1:])}" for n in longest_first)
    return re.compile(rf"(?<![\w-])({'|'.join(words)})(?:s|es)?(?![\w-])")
