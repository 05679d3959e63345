"""A model's layers as a table: sizes, receptive field, parameters and cost."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from course_utils.analysis.receptive_field import ReceptiveField
from course_utils.analysis.trace import (
    ReceptiveFieldTracer,
    forward_on_meta,
    hooked_parts,
    model_parts,
)
from course_utils.arguments import MODULE, checked, shown, whole
from course_utils.arguments import size as size_rule

NOT_FOLLOWED = "not followed"
"""What stands in place of a receptive field that is not known."""


@dataclass(frozen=True)
class LayerSummary:
    """One layer, or one part of the model, in the order of computation.

    Attributes:
        name: Name as in ``model.named_modules()``.
        output_shape: (C, H, W) of its output.
        field: Theoretical receptive field of an output cell, pixels of the image; None
            if it could not be followed through a function on the way, such as ``fft2``.
        parameters: Number of learned parameters; 0 where it runs a second time.
        multiply_adds: Multiply-adds of its convolutions and matrix products, for one
            image; 0 where it runs a second time, since the first row counts both.
        activation_bytes: Bytes of float32 outputs that a training step keeps, for one
            image.
    """

    name: str
    output_shape: tuple[int, int, int]
    field: ReceptiveField | None
    parameters: int
    multiply_adds: int
    activation_bytes: int


@dataclass(frozen=True)
class ModelSummary:
    """The layers of a model; prints as a table."""

    rows: tuple[LayerSummary, ...]

    @property
    def parameters(self) -> int:
        """Number of learned parameters in the whole model."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds for one image."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def activation_bytes(self) -> int:
        """Bytes of float32 outputs that a training step keeps for one image."""
        return sum(row.activation_bytes for row in self.rows)

    def __str__(self) -> str:
        """Format the rows as a table, with the total below."""
        head = ("layer", "output (C, H, W)", "stride", "field, px", "parameters")
        table = [(*head, "multiply-adds", "activations")]
        for row in self.rows:
            size = " × ".join(map(str, row.output_shape))
            scale = "-", NOT_FOLLOWED
            if row.field is not None:
                scale = _number(row.field.stride), _number(row.field.size)
            table.append((row.name, size, *scale, *_costs(row)))
        table.append(("total", "", "", "", *_costs(self)))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = []
        for name, *cells in table:
            cells = [c.rjust(w) for c, w in zip(cells, widths[1:], strict=True)]
            lines.append("  ".join([name.ljust(widths[0]), *cells]).rstrip())
        return "\n".join(lines)


@checked(model=MODULE, size=size_rule(), in_channels=whole(1), depth=whole(1))
def model_summary(
    model: nn.Module,
    size: tuple[int, int] = (224, 224),
    *,
    in_channels: int = 3,
    depth: int = 1,
) -> ModelSummary:
    """Trace one image through a model, computing shapes and no values.

    Args:
        model: Model on any device, "meta" included; it is not changed.
        size: H and W of the image, pixels.
        in_channels: Channels of the image.
        depth: Levels of modules to open: 1 lists the model's parts, 2 the parts of
            these, and so on; lists of modules are always opened.

    Raises:
        ValueError: The model returns no map, a part of it does not, or weights of it
            are used outside of the parts, so that no row could count them.
    """
    tracer, counter = ReceptiveFieldTracer(), FlopCounterMode(display=False)
    rows: list[dict[str, Any]] = []
    kept_before: list[int] = []

    def enter() -> None:
        kept_before.append(tracer.activation_bytes)

    def leave(name: str, output: Any) -> None:
        tensor = output[0] if isinstance(output, tuple) and output else output
        if not isinstance(tensor, Tensor):
            raise ValueError(f"{name} must return a map, got {shown(tensor)}")
        field = getattr(tensor, "receptive_field", None)
        row = {"output_shape": tuple(tensor.shape[1:]), "field": field}
        kept = tracer.activation_bytes - kept_before.pop()
        rows.append({"name": name, **row, "activation_bytes": kept})

    image = torch.empty(1, in_channels, *size, device="meta")
    image.receptive_field = ReceptiveField()  # the tracer carries it on
    parts = hooked_parts(model, depth, enter, leave)
    forward_on_meta(model, image, parts, counter, tracer)
    _check_rows(model, depth, {row["name"] for row in rows})
    flops, root = counter.get_flop_counts(), type(model).__name__
    costs = {
        name: {
            "parameters": sum(p.numel() for p in module.parameters()),
            "multiply_adds": sum(flops.get(f"{root}.{name}", {}).values()) // 2,
        }
        for name, module in model_parts(model, depth)
    }
    none = {"parameters": 0, "multiply_adds": 0}  # where a module runs a second time
    return ModelSummary(
        tuple(LayerSummary(**r, **costs.pop(r["name"], none)) for r in rows)
    )


def _check_rows(model: nn.Module, depth: int, ran: set[str]) -> None:
    """Refuse a model that does things outside of the parts that are listed."""
    parts = [module for name, module in model_parts(model, depth) if name in ran]
    counted = {id(p) for part in parts for p in part.parameters()}
    outside = [n for n, p in model.named_parameters() if id(p) not in counted]
    if outside or not parts:
        what = f"{outside[0]} is used outside of any" if outside else "it has none"
        raise ValueError(
            f"the model must be made of modules that it calls, but {what}, so it is "
            f"{NOT_FOLLOWED}; keep weights in a module, and put a single layer into "
            "nn.Sequential"
        )


def _costs(row: LayerSummary | ModelSummary) -> tuple[str, str, str]:
    return (
        f"{row.parameters:,}",
        f"{row.multiply_adds / 1e9:.2f} G",
        f"{row.activation_bytes / 2**20:.1f} MiB",
    )


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4g}"
