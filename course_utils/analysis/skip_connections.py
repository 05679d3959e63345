"""Find a model's skips by running it: what reaches a decoder without going deeper."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log2
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from course_utils.analysis.summary import ModelSummary
from course_utils.analysis.trace import StepTracer, forward_on_meta, hooked_parts
from course_utils.arguments import MODULE, TEXT, a, checked, each, optional, whole
from course_utils.arguments import size as size_rule

_JOINS = {
    **dict.fromkeys(("cat", "concat"), "concatenation"),
    **dict.fromkeys(("add", "add_", "__add__", "__iadd__", "__radd__"), "addition"),
    **dict.fromkeys(("unpool", "max_unpool2d"), "indices"),
}
"""Functions that join maps, and what a skip through them is called."""
_ONLY_SHAPES = {"zeros_like", "ones_like", "full_like", "new_zeros", "new_ones"}
"""Functions whose result does not depend on the values of their argument."""
_DEEPER = Fraction(3, 2)
"""How much coarser the deep way must have been; maps also shrink by lost borders."""


@dataclass(frozen=True)
class SkipLink:
    """A map that meets another which has been deeper in the network.

    Attributes:
        kind: "concatenation", "addition" or "indices" (those of a pool).
        source: Number of the summary's row after which the two ways part.
        target: Number of the row in which they meet, or of the first one after that.
        channels: Channels of the map that is carried.
        size: H and W of the joined map.
    """

    kind: str
    source: int
    target: int
    channels: int
    size: tuple[int, int]


@checked(model=MODULE, size=size_rule(), in_channels=whole(1))
def find_skips(
    model: nn.Module, size: tuple[int, int] = (224, 224), *, in_channels: int = 3
) -> tuple[SkipLink, ...]:
    """Trace one image through a model and list its skips, in the order they are met.

    A skip is where a sum, a concatenation or an unpool joins two maps, one of which has
    been through a coarser map than the other. Joins within one level do not count.

    Args:
        model: Model on any device, "meta" included; it is not changed.
        size: H and W of the image, pixels.
        in_channels: Channels of the image.

    Returns:
        Links between the rows of ``model_summary`` for the same model and size.
    """
    tracer = _SkipTracer(size[0])
    image = torch.empty(1, in_channels, *size, device="meta")
    image.step = tracer.steps[0]
    parts = hooked_parts(model, 1, tracer.enter, tracer.leave)
    forward_on_meta(model, image, parts, tracer)
    return tuple(
        SkipLink(kind, tracer.row(parting, -1), tracer.row(step, 0), *carried)
        for kind, parting, step, *carried in tracer.joins
    )


@dataclass(frozen=True)
class _Step:
    """A step, all whose results it used, and the coarsest map on the way to it."""

    used: frozenset[int] = frozenset({0})  # numbers of steps, its own included
    coarsest: Fraction = Fraction(1)
    run: int | None = None  # of the part that it belongs to, if any
    rows_before: int = 0


class _SkipTracer(StepTracer):
    """Writes on every map the step that made it, and notes where skips are joined."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self.height, self.num_runs = height, 0
        self.steps = [_Step()]
        self.running: list[int] = []
        self.row_of_run: dict[int, int] = {}
        self.joins: list[tuple[Any, ...]] = []

    def enter(self) -> None:
        """Note that a part of the model begins."""
        self.running.append(self.num_runs)
        self.num_runs += 1

    def leave(self, *_: Any) -> None:
        """Note that a part of the model ends, which makes it a row of the summary."""
        self.row_of_run[self.running.pop()] = len(self.row_of_run)

    def record(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> None:
        """Write a step on the maps that it returned."""
        made = [t for t in tree_leaves(output) if isinstance(t, Tensor) and t.ndim == 4]
        given = [t for t in tree_leaves((args, kwargs)) if isinstance(t, Tensor)]
        given = [t for t in given if hasattr(t, "step")]
        if not made or not given or name in _ONLY_SHAPES:
            return
        scale = Fraction(self.height, made[0].shape[-2])
        step = _Step(
            used=frozenset({len(self.steps)}).union(*(t.step.used for t in given)),
            coarsest=max(scale, *(t.step.coarsest for t in given)),
            run=self.running[-1] if self.running else None,
            rows_before=len(self.row_of_run),
        )
        self.steps.append(step)
        if name in _JOINS:
            self._note_skips(_JOINS[name], step, given, tuple(made[0].shape[-2:]))
        for tensor in made:
            tensor.step = step

    def _note_skips(
        self, kind: str, step: _Step, given: list[Tensor], size: tuple[int, int]
    ) -> None:
        if kind == "indices":
            deep, carried = given[0], given[1:2]
        else:
            deep = max(given, key=lambda tensor: tensor.step.coarsest)
            limit = deep.step.coarsest / _DEEPER
            carried = [t for t in given if t.step.coarsest <= limit]
        for skip in carried:
            parting = self.steps[max(skip.step.used & deep.step.used)]
            self.joins.append((kind, parting, step, skip.shape[1], size))

    def row(self, step: _Step, offset: int) -> int:
        """Find the row of a step's part or, between parts, the row beside it."""
        if step.run is not None:
            return self.row_of_run[step.run]
        return min(max(step.rows_before + offset, 0), len(self.row_of_run) - 1)


_COLORS = {"concatenation": "#0072b2", "addition": "#d55e00", "indices": "#009e73"}
_PLURALS = {
    "concatenation": "concatenations",
    "addition": "additions",
    "indices": "maps of indices",
}


@checked(
    summary=a("ModelSummary", advice="make it with model_summary").also(
        "a ModelSummary with at least one row", lambda summary: len(summary.rows) > 0
    ),
    links=each(a("SkipLink", advice="find them with find_skips"), least=0),
    title=TEXT,
    ax=optional(a("Axes")),
)
def draw_skips(
    summary: ModelSummary,
    links: Sequence[SkipLink],
    *,
    title: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw a model's way down and up, and its skips as arrows across.

    A square is a part of the model, larger with more channels; the number at the end of
    an arrow is how many channels it carries.

    Args:
        summary: Rows from ``model_summary``.
        links: Skips from ``find_skips`` for the same model and size.
        title: Name of the model; the figure adds how many skips it has.
        ax: Axes to draw on; a new figure by default.

    Returns:
        The axes.
    """
    if ax is None:
        ax = plt.subplots(figsize=(5, 3.2), layout="constrained")[1]
    shapes = [row.output_shape for row in summary.rows]
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
    found = ", ".join(f"{n} {_PLURALS[kind]}" for kind, n in counts.items())
    ax.set_title(f"{title}: {found or 'no skips'}", fontsize=10)
    return ax


def _draw_link(ax: Axes, link: SkipLink, levels: Sequence[float], level: float) -> None:
    color = _COLORS[link.kind]
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
