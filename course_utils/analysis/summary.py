"""A model's layers as a table: sizes, receptive field, parameters and cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course_utils.analysis.receptive_field import ReceptiveField
from course_utils.analysis.trace import ReceptiveFieldTracer, forward_on_meta


@dataclass(frozen=True)
class LayerSummary:
    """One layer, or one part of the model, in the order of computation.

    Attributes:
        name: as in ``model.named_modules()``.
        output_shape: (C, H, W) of its output.
        field: theoretical receptive field of an output cell, pixels of the image.
        parameters: learned numbers in it (where it runs twice, counted once).
        multiply_adds: of its convolutions and matrix products, for one image.
        activation_bytes: outputs that a training step keeps, float32, for one image.
    """

    name: str
    output_shape: tuple[int, int, int]
    field: ReceptiveField
    parameters: int
    multiply_adds: int
    activation_bytes: int


@dataclass(frozen=True)
class ModelSummary:
    """The rows of a model; prints as a table."""

    rows: tuple[LayerSummary, ...]

    @property
    def parameters(self) -> int:
        """Learned numbers in the whole model."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of one image."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def activation_bytes(self) -> int:
        """Bytes of float32 that a training step keeps for one image."""
        return sum(row.activation_bytes for row in self.rows)

    def __str__(self) -> str:
        """Lay the rows out as a table, the total below."""
        head = ("layer", "output (C, H, W)", "stride", "field, px", "parameters")
        table = [(*head, "multiply-adds", "activations")]
        for row in self.rows:
            size = " × ".join(map(str, row.output_shape))
            scale = (_number(row.field.stride), _number(row.field.size))
            costs = (f"{row.parameters:,}", *_costs(row))
            table.append((row.name, size, *scale, *costs))
        table.append(("total", "", "", "", f"{self.parameters:,}", *_costs(self)))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = []
        for row in table:
            cells = [row[0].ljust(widths[0])]
            cells += [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)]
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)


def model_summary(
    model: nn.Module,
    size: tuple[int, int] = (224, 224),
    *,
    in_channels: int = 3,
    depth: int = 1,
) -> ModelSummary:
    """Follow one image through a model, computing shapes and no values.

    Args:
        model: on any device, "meta" included; it is not changed.
        size: H and W of the image, pixels.
        in_channels: channels of the image.
        depth: 1 lists the model's parts, 2 opens each of them once, and so on;
            lists of modules are always opened.
    """
    follower, rows = ReceptiveFieldTracer(), []
    names = dict(model_parts(model, depth))
    handles = []
    for name, module in names.items():
        handles += _hook(name, module, follower, rows)
    image = torch.empty(1, in_channels, *size, device="meta")
    image.receptive_field = ReceptiveField()  # what ReceptiveFieldTracer carries on
    counter = FlopCounterMode(display=False)
    try:
        forward_on_meta(model, image, counter, follower)
    finally:
        for handle in handles:
            handle.remove()
    flops = counter.get_flop_counts()
    root, seen = type(model).__name__, set()
    return ModelSummary(tuple(_with_costs(r, names, flops, root, seen) for r in rows))


def model_parts(
    module: nn.Module, depth: int = 1, prefix: str = ""
) -> Iterator[tuple[str, nn.Module]]:
    """Yield the names and modules that become rows."""
    for name, child in module.named_children():
        full = f"{prefix}{name}"
        if isinstance(child, nn.ModuleList):
            yield from model_parts(child, depth, f"{full}.")
        elif depth > 1 and any(True for _ in child.children()):
            yield from model_parts(child, depth - 1, f"{full}.")
        else:
            yield full, child


def _hook(
    name: str, module: nn.Module, follower: ReceptiveFieldTracer, rows: list[Any]
) -> list[Any]:
    """Make a module enter a row (name, shape, field, activations) when it has run."""
    before: list[int] = []

    def enter(*_: Any) -> None:
        before.append(follower.activation_bytes)

    def leave(_module: nn.Module, _inputs: Any, output: Any) -> None:
        tensor = output[0] if isinstance(output, tuple) else output
        kept = follower.activation_bytes - before.pop()
        rows.append((name, tuple(tensor.shape[1:]), tensor.receptive_field, kept))

    return [
        module.register_forward_pre_hook(enter),
        module.register_forward_hook(leave),
    ]


def _with_costs(
    row: Any, names: dict[str, nn.Module], flops: Any, root: str, seen: set[str]
) -> LayerSummary:
    name, shape, field, kept = row
    first = name not in seen
    seen.add(name)
    parameters = sum(p.numel() for p in names[name].parameters()) if first else 0
    count = sum(flops.get(f"{root}.{name}", {}).values()) // 2 if first else 0
    return LayerSummary(name, shape, field, parameters, count, kept)


def _costs(row: LayerSummary | ModelSummary) -> tuple[str, str]:
    return f"{row.multiply_adds / 1e9:.2f} G", f"{row.activation_bytes / 2**20:.1f} MiB"


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4g}"
