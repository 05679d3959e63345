"""An extension of Sphinx: links to the glossary, and pages that load quickly."""

from typing import Any, ClassVar

from docutils import nodes
from PIL import Image
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from book import glossary

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


class LinkFirstUses(SphinxPostTransform):
    """Link the first use of every term on a page to the glossary."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Go through the prose of a page in its order."""
        page = self.env.docname
        if page == glossary.PAGE:
            return
        source = self.env.doc2path(glossary.PAGE).read_text(encoding="utf-8")
        waiting = glossary.terms(source)
        uri = self.app.builder.get_relative_uri(page, glossary.PAGE)
        for text in list(self.document.findall(nodes.Text)):
            if waiting and not _is_within(text, _NOT_PROSE):
                text.parent.replace(text, _linked(text.astext(), waiting, uri))


def _linked(text: str, waiting: dict[str, str], uri: str) -> list[nodes.Node]:
    """Cut a text at the terms that were not used before, and link these."""
    pieces, end = [], 0
    names = {name.lower(): name for name in waiting}
    for match in glossary.pattern(list(waiting)).finditer(text):
        name = names[match[1].lower()]
        if name not in waiting:
            continue  # linked a few words before
        link = nodes.reference(
            "",
            match[0],
            refuri=f"{uri}#{glossary.anchor(name)}",
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


def leave_out_the_drawn_icons(app: Sphinx, error: Exception | None) -> None:
    """Empty the theme's script of icons: 1.5 MB that each first visit would load.

    The theme has the same icons as a font, which then serves.
    """
    script = app.outdir / "_static" / "scripts" / "fontawesome.js"
    if error is None and script.exists():
        script.write_text("// The icons come from the theme's font.\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what is above."""
    app.add_post_transform(LinkFirstUses)
    app.add_post_transform(LoadPicturesWhenNeeded)
    app.connect("build-finished", leave_out_the_drawn_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
