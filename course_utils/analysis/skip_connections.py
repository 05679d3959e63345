"""Find a model's skips by running it: what reaches a decoder without going deeper."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log2
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from course_utils.analysis.summary import ModelSummary, model_parts
from course_utils.analysis.trace import forward_on_meta

JOINS = {
    **dict.fromkeys(("cat", "concat"), "concatenation"),
    **dict.fromkeys(("add", "add_", "__add__", "__iadd__", "__radd__"), "addition"),
    **dict.fromkeys(("unpool", "max_unpool2d"), "indices"),
}
"""The functions that join maps, and what a skip through them is called."""
ONLY_SHAPES = {"zeros_like", "ones_like", "full_like", "new_zeros", "new_ones"}
"""Functions whose result owes nothing to the values of their argument."""
DEEPER = Fraction(3, 2)
"""How much coarser the deep way must have been: lost borders make maps smaller, too."""


@dataclass(frozen=True)
class SkipLink:
    """A map that meets another which has been deeper in the network.

    Attributes:
        kind: "concatenation", "addition" or "indices" (those of a pool).
        source: number of the ledger's row after which the two ways part.
        target: number of the row in which they meet, or of the first one after that.
        channels: of the map that is carried.
        size: H and W of the joined map.
    """

    kind: str
    source: int
    target: int
    channels: int
    size: tuple[int, int]


def find_skips(
    model: nn.Module, size: tuple[int, int] = (224, 224), *, in_channels: int = 3
) -> tuple[SkipLink, ...]:
    """Follow one image through a model and list its skips, in the order they are met.

    A skip is where a sum, a concatenation or an unpool joins two maps, one of which has
    been through a coarser map than the other. Joins within one level are none.

    Args:
        model: on any device, "meta" included; it is not changed.
        size: H and W of the image, pixels.
        in_channels: channels of the image.

    Returns:
        Links between the rows of ``ledger.model_summary`` of that model and size.
    """
    finder, handles = _Finder(size[0]), []
    for _, module in model_parts(model):
        handles.append(module.register_forward_pre_hook(finder.enter))
        handles.append(module.register_forward_hook(finder.leave))
    image = torch.empty(1, in_channels, *size, device="meta")
    image.step = _Step()
    try:
        forward_on_meta(model, image, finder)
    finally:
        for handle in handles:
            handle.remove()
    return tuple(finder.link(join) for join in finder.joins)


@dataclass(frozen=True, eq=False)
class _Step:
    """One operation: what it used, and how coarse a map was on the way to it."""

    number: int = 0
    parents: tuple["_Step", ...] = ()
    coarsest: Fraction = Fraction(1)
    run: int | None = None  # of the part it belongs to, where there is one
    rows_before: int = 0

    def ancestors(self) -> set["_Step"]:
        """Itself and all that it depends on."""
        found: set[_Step] = set()
        waiting = [self]
        while waiting:
            step = waiting.pop()
            if step not in found:
                found.add(step)
                waiting += step.parents
        return found


@dataclass(frozen=True, eq=False)
class _Join:
    """A skip on its way into the list."""

    kind: str
    step: _Step
    deep: _Step
    carried: _Step
    channels: int
    size: tuple[int, int]


class _Finder(TorchFunctionMode):
    """Writes on every map the step that made it, and notes where skips are joined."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self.height, self.num_steps, self.num_runs = height, 0, 0
        self.running: list[int] = []
        self.row_of_run: dict[int, int] = {}
        self.joins: list[_Join] = []

    def enter(self, *_: Any) -> None:
        """A part of the model begins."""
        self.running.append(self.num_runs)
        self.num_runs += 1

    def leave(self, *_: Any) -> None:
        """A part of the model ends, and becomes a row of the ledger."""
        self.row_of_run[self.running.pop()] = len(self.row_of_run)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run ``func``, then write its step on the maps that it returns."""
        output = func(*args, **(kwargs or {}))
        made = [t for t in tree_leaves(output) if isinstance(t, Tensor) and t.ndim == 4]
        given = [t for t in tree_leaves((args, kwargs)) if isinstance(t, Tensor)]
        given = [t for t in given if hasattr(t, "step")]
        name = getattr(func, "__name__", "")
        if not made or not given or name in ONLY_SHAPES:
            return output
        step = self._step(made[0], given)
        if name in JOINS:
            self._note_skips(JOINS[name], step, given, made[0])
        for tensor in made:
            tensor.step = step
        return output

    def _step(self, made: Tensor, given: list[Tensor]) -> _Step:
        self.num_steps += 1
        scale = Fraction(self.height, made.shape[-2])
        return _Step(
            number=self.num_steps,
            parents=tuple(t.step for t in given),
            coarsest=max(scale, *(t.step.coarsest for t in given)),
            run=self.running[-1] if self.running else None,
            rows_before=len(self.row_of_run),
        )

    def _note_skips(
        self, kind: str, step: _Step, given: list[Tensor], made: Tensor
    ) -> None:
        if kind == "indices":
            deep, carried = given[0], given[1:2]
        else:
            deep = max(given, key=lambda tensor: tensor.step.coarsest)
            limit = deep.step.coarsest / DEEPER
            carried = [t for t in given if t.step.coarsest <= limit]
        size = tuple(made.shape[-2:])
        self.joins += [
            _Join(kind, step, deep.step, t.step, t.shape[1], size) for t in carried
        ]

    def link(self, join: _Join) -> SkipLink:
        """Name the rows between which a skip runs."""
        common = join.carried.ancestors() & join.deep.ancestors()
        parting = max(common, key=lambda step: step.number)
        source, target = self._row(parting, -1), self._row(join.step, 0)
        return SkipLink(join.kind, source, target, join.channels, join.size)

    def _row(self, step: _Step, offset: int) -> int:
        """The row of a step's part; of a step between parts, the one beside it."""
        if step.run is not None:
            return self.row_of_run[step.run]
        return min(max(step.rows_before + offset, 0), len(self.row_of_run) - 1)


COLORS = {"concatenation": "#0072b2", "addition": "#d55e00", "indices": "#009e73"}
PLURALS = {
    "concatenation": "concatenations",
    "addition": "additions",
    "indices": "maps of indices",
}


def draw_skips(
    ledger: ModelSummary,
    links: Sequence[SkipLink],
    *,
    title: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw a model's way down and up, and its skips as arrows across.

    A square is a part of the model, larger with more channels; the number at the end of
    an arrow is how many channels it carries.

    Args:
        ledger: what ``ledger.model_summary`` returns.
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
