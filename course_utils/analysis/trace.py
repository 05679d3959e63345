"""Follow the receptive field through the forward pass of any model."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.overrides import TorchFunctionMode

from course_utils.analysis.receptive_field import ReceptiveField


class ReceptiveFieldTracer(TorchFunctionMode):
    """Writes on every tensor its ``receptive_field``, and adds up activations.

    Give the image its own field before the forward pass. Where tensors of different
    fields meet (a sum, a concatenation), the widest is kept.

    Attributes:
        activation_bytes: float32 outputs computed so far that a training step keeps;
            what is computed in place costs nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.activation_bytes = 0

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run ``func``, then write the receptive field on what it returns."""
        output = func(*args, **(kwargs or {}))
        tensor = output[0] if isinstance(output, tuple) and output else output
        if not isinstance(tensor, Tensor):
            return output
        given = (*args, *(kwargs or {}).values())
        inputs = [t for t in _tensors(given) if hasattr(t, "receptive_field")]
        if not inputs:
            return output
        widest = max((t.receptive_field for t in inputs), key=lambda field: field.size)
        rule = _RULES.get(getattr(func, "__name__", ""))
        if rule is None and tensor.shape[-2:] != inputs[0].shape[-2:]:
            raise ValueError(
                "the receptive field can be followed only through known functions, got "
                f"{func.__name__}, which changes the size; add a rule for it"
            )
        tensor.receptive_field = rule(widest, args, kwargs or {}) if rule else widest
        if func.__name__ in _KEPT and not any(tensor is t for t in inputs):
            self.activation_bytes += 4 * tensor.numel()
        return output


_KEPT = frozenset(
    {"conv2d", "conv_transpose2d", "max_pool2d", "max_pool2d_with_indices"}
    | {"avg_pool2d", "max_unpool2d", "relu", "batch_norm", "interpolate", "cat"}
    | {"upsample_bilinear", "unpool"}
)


def _after_conv(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    names = ("weight", "bias", "stride", "padding", "dilation")
    given = {**dict(zip(names, args[1:], strict=False)), **kwargs}
    kernel_size = given["weight"].shape[-2]
    dilation = _first(given.get("dilation", 1))
    padding = given.get("padding", 0)
    if isinstance(padding, str):  # "same" or "valid"
        padding = dilation * (kernel_size - 1) // 2 if padding == "same" else 0
    return field.after_conv(
        kernel_size,
        stride=_first(given.get("stride", 1)),
        padding=_first(padding),
        dilation=dilation,
    )


def _after_transposed(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    names = ("weight", "bias", "stride", "padding")
    given = {**dict(zip(names, args[1:], strict=False)), **kwargs}
    return field.after_upsampling(
        _first(given.get("stride", 1)),
        kernel_size=given["weight"].shape[-2],
        padding=_first(given.get("padding", 0)),
    )


def _after_pool(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    names = ("kernel_size", "stride", "padding")
    given = {**dict(zip(names, args[1:], strict=False)), **kwargs}
    one = {name: _first(given.get(name) or 0) for name in names}
    stride = one["stride"] or one["kernel_size"]
    return field.after_conv(one["kernel_size"], stride=stride, padding=one["padding"])


def _after_unpool(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    names = ("indices", "kernel_size", "stride")
    given = {**dict(zip(names, args[1:], strict=False)), **kwargs}
    return _refined(field, _first(given.get("stride") or given["kernel_size"]), taps=1)


def _after_unpool_by_two(
    field: ReceptiveField, args: Any, kwargs: Any
) -> ReceptiveField:
    return _refined(field, 2, taps=1)


def _after_pad(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    pad = args[1] if len(args) > 1 else kwargs["pad"]  # left, right, top, bottom
    return _moved(field, -pad[2] if len(pad) > 2 else 0)


def _after_reflection(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    return _moved(field, -(args[1] if len(args) > 1 else kwargs["padding"]))


def _after_crop(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    index = args[1]
    has_rows = isinstance(index, tuple) and (len(index) == 4 or index[0] is Ellipsis)
    rows = index[-2] if has_rows else None
    return _moved(field, (rows.start or 0) if isinstance(rows, slice) else 0)


def _after_interpolation(
    field: ReceptiveField, args: Any, kwargs: Any
) -> ReceptiveField:
    height = args[0].shape[-2]
    size, scale = kwargs.get("size"), kwargs.get("scale_factor")
    factor = Fraction(_first(size), height) if size is not None else _first(scale)
    if factor == 1:
        return field
    taps = 2 if kwargs.get("mode") == "bilinear" else 1
    if kwargs.get("align_corners") and height > 1:
        step = Fraction(height - 1, int(factor * height) - 1)  # cells a pixel
        refined = _refined(field, 1 / step, taps=taps)
        return replace(refined, center=field.center)
    return _refined(field, factor, taps=taps)


def _after_bilinear(field: ReceptiveField, args: Any, kwargs: Any) -> ReceptiveField:
    size = args[1] if len(args) > 1 else kwargs["size"]
    return _after_interpolation(
        field, args, {**kwargs, "size": size, "mode": "bilinear"}
    )


def _refined(field: ReceptiveField, factor: Any, *, taps: int) -> ReceptiveField:
    """Divide every cell into ``factor`` cells, each drawing on ``taps`` of before."""
    return ReceptiveField(
        size=field.size + (taps - 1) * field.stride,
        stride=field.stride / Fraction(factor),
        center=field.center + field.stride * (1 / Fraction(factor) - 1) / 2,
    )


def _moved(field: ReceptiveField, cells: int) -> ReceptiveField:
    """Begin that many cells later."""
    return replace(field, center=field.center + cells * field.stride)


_RULES: dict[str, Callable[[ReceptiveField, Any, Any], ReceptiveField]] = {
    "conv2d": _after_conv,
    "conv_transpose2d": _after_transposed,
    "max_pool2d": _after_pool,
    "max_pool2d_with_indices": _after_pool,
    "avg_pool2d": _after_pool,
    "max_unpool2d": _after_unpool,
    "unpool": _after_unpool_by_two,
    "pad": _after_pad,
    "reflect_pad": _after_reflection,
    "__getitem__": _after_crop,
    "interpolate": _after_interpolation,
    "upsample_bilinear": _after_bilinear,
}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, (tuple, list)) else value


def _tensors(args: tuple[Any, ...]) -> Iterator[Tensor]:
    for arg in args:
        if isinstance(arg, Tensor):
            yield arg
        elif isinstance(arg, (tuple, list)):
            yield from _tensors(tuple(arg))


def forward_on_meta(
    model: nn.Module, image: Tensor, *listeners: AbstractContextManager[Any]
) -> None:
    """Send an image through a model in eval mode, while others listen.

    Args:
        model: on any device, in any mode; it is not changed.
        image: on the device "meta", (N, C, H, W).
        listeners: modes of torch that are on during the forward pass, and only then.
    """
    weights = {
        name: tensor.to("meta")
        for name, tensor in (*model.named_parameters(), *model.named_buffers())
    }
    training = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad(), ExitStack() as stack:
            for listener in listeners:
                stack.enter_context(listener)
            functional_call(model, weights, (image,))
    finally:
        for module, mode in training.items():
            module.training = mode
