"""Find a model's skips by running it: what reaches a decoder without going deeper."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from course_utils.ledger import model_parts
from course_utils.meta_forward import forward_on_meta

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
        Links between the rows of ``ledger.shape_ledger`` of that model and size.
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
