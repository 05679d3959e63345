"""An extension of Sphinx: links to the glossary, and pictures that load when needed."""

import re
from typing import Any, ClassVar

from docutils import nodes
from PIL import Image
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

GLOSSARY = "docs/glossary"
_NOT_PROSE = (
    nodes.title,
    nodes.reference,
    addnodes.pending_xref,
    nodes.literal,
    nodes.literal_block,
    nodes.FixedTextElement,
    nodes.math,
    nodes.raw,
)


def terms(markdown: str) -> dict[str, str]:
    """Read the glossary: every term and the first sentence of its explanation.

    Args:
        markdown: Source of the glossary, with a heading of level 2 for each term.
    """
    entries = re.findall(r"(?ms)^## (.+?)\n\n(.+?)(?=^## |\Z)", markdown)
    plain = {term: re.sub(r"\[(.+?)\]\(.+?\)|[*`]", r"\1", text) for term, text in entries}
    return {term: re.split(r"(?<=[.?])\s", text)[0] for term, text in plain.items()}


def anchor(term: str) -> str:
    """Name the place of a term in the glossary, as MyST and GitHub do."""
    return re.sub(r"[^\w\- ]", "", term.lower()).replace(" ", "-")


def pattern(names: list[str]) -> re.Pattern[str]:
    """Build the pattern that finds terms in prose, also capitalized and in the plural.

    Args:
        names: Terms; where one contains another, the longer one is found.
    """
    longest_first = sorted(names, key=len, reverse=True)
    words = (f"(?i:{re.escape(n[0])}){re.escape(n[1:])}" for n in longest_first)
    return re.compile(rf"(?<![\w-])({'|'.join(words)})(?:s|es)?(?![\w-])")


class LinkFirstUses(SphinxPostTransform):
    """Link the first use of every term on a page to the glossary."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Go through the prose of a page in its order."""
        page = self.env.docname
        if page == GLOSSARY:
            return
        path = self.env.doc2path(GLOSSARY)
        waiting = terms(path.read_text(encoding="utf-8"))
        self.glossary = self.app.builder.get_relative_uri(page, GLOSSARY)
        for text in list(self.document.findall(nodes.Text)):
            if waiting and not _is_within(text, _NOT_PROSE):
                text.parent.replace(text, self._linked(text.astext(), waiting))

    def _linked(self, text: str, waiting: dict[str, str]) -> list[nodes.Node]:
        """Cut a text at the terms that were not used before, and link these."""
        pieces, end = [], 0
        for match in pattern(list(waiting)).finditer(text):
            names = {name.lower(): name for name in waiting}
            if not (name := names.get(match[1].lower())):
                continue  # already linked, a few words before
            link = nodes.reference(
                "",
                match[0],
                refuri=f"{self.glossary}#{anchor(name)}",
                reftitle=waiting.pop(name),
                classes=["term"],
                internal=True,
            )
            pieces += [nodes.Text(text[end : match.start()]), link]
            end = match.end()
        return [*pieces, nodes.Text(text[end:])]


def _is_within(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    """Say whether a node is part of one of some kinds."""
    while node := node.parent:
        if isinstance(node, kinds):
            return True
    return False


class LoadPicturesWhenNeeded(SphinxPostTransform):
    """Let browsers load pictures late, and leave room for them meanwhile."""

    default_priority = 300
    formats: ClassVar[tuple[str, ...]] = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Note the loading and the size of every picture on a page."""
        for picture in self.document.findall(nodes.image):
            with Image.open(self.env.srcdir / picture["uri"]) as image:
                picture["width"], picture["height"] = map(str, image.size)
            picture["loading"] = "lazy"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both."""
    app.add_post_transform(LinkFirstUses)
    app.add_post_transform(LoadPicturesWhenNeeded)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
