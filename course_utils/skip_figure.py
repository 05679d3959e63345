"""Draw the skips that ``skip_links.find_skips`` has found."""

from collections import Counter
from collections.abc import Sequence
from math import log2

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from course_utils.ledger import Ledger
from course_utils.skip_links import SkipLink

COLORS = {"concatenation": "#0072b2", "addition": "#d55e00", "indices": "#009e73"}
PLURALS = {
    "concatenation": "concatenations",
    "addition": "additions",
    "indices": "maps of indices",
}


def draw_skips(
    ledger: Ledger, links: Sequence[SkipLink], *, title: str, ax: Axes | None = None
) -> Axes:
    """Draw a model's way down and up, and its skips as arrows across.

    A square is a part of the model, larger with more channels; the number at the end of
    an arrow is how many channels it carries.

    Args:
        ledger: what ``ledger.shape_ledger`` returns.
        links: what ``skip_links.find_skips`` returns for the same model and size.
        title: name of the model; how many skips it has is written below.
        ax: where to draw; a new figure by default.
    """
    if ax is None:
        ax = plt.subplots(figsize=(5, 3.2), layout="constrained")[1]
    shapes = [row.output_shape for row in ledger.rows]
    height = max(shape[1] for shape in shapes)
    levels = [log2(height / shape[1]) for shape in shapes]
    ax.plot(range(len(shapes)), levels, color="0.8", linewidth=2, zorder=1)
    for number, (level, shape) in enumerate(zip(levels, shapes, strict=True)):
        size = 3 + 0.6 * shape[0].bit_length()
        ax.plot(number, level, "s", color="0.45", markersize=size, zorder=2)
    for link in links:
        _draw_link(ax, link, levels, log2(height / link.size[0]))
    ticks = range(round(max(levels)) + 1)
    ax.set_yticks(ticks, [f"1/{2**k}" if k else "1" for k in ticks])
    ax.set(xlabel="parts, in the order of computation", ylabel="size of the map")
    ax.set_xticks([])
    ax.set_xlim(-0.06 * len(shapes), 1.12 * len(shapes))  # room for the last number
    ax.set_ylim(max(levels) + 0.4, -0.6)  # the finest map on top
    ax.spines[["top", "right"]].set_visible(False)
    counts = Counter(link.kind for link in links)
    found = ", ".join(f"{n} {PLURALS[kind]}" for kind, n in counts.items())
    ax.set_title(f"{title}: {found or 'no skips'}", fontsize=10)
    return ax


def _draw_link(ax: Axes, link: SkipLink, levels: Sequence[float], level: float) -> None:
    color = COLORS[link.kind]
    alike = [k for k, other in enumerate(levels) if abs(other - level) < 0.4]
    # A join between two parts lies before the next one
    end = link.target - (0 if link.target in alike else 0.5)
    arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 1.8}
    ax.annotate("", (end, level), (link.source, levels[link.source]), arrowprops=arrow)
    ax.annotate(
        f"{link.channels}",
        (max(end, *alike), level),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=color,
    )
