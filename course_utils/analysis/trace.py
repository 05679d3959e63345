"""Trace a model's forward pass: its parts, its steps, and the receptive field of each.

A part is a module that becomes a row of the summary. A step is a call of a torch
function, or of one of the models' functions in ``_MODEL_STEPS``.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from fractions import Fraction
from inspect import unwrap
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from course_utils.analysis.eval_mode import eval_mode
from course_utils.analysis.receptive_field import ReceptiveField
from course_utils.arguments import shown
from course_utils.models.blocks import unpool, upsample_bilinear
from course_utils.models.dilatednet import reflect_pad


def forward_on_meta(
    model: nn.Module, image: Tensor, *listeners: AbstractContextManager[Any]
) -> None:
    """Send an image through a model in eval mode, with listeners switched on.

    Args:
        model: Model on any device, in any mode; it is not changed.
        image: Image on the device "meta", (N, C, H, W).
        listeners: Context managers to enter for the forward pass alone.

    Raises:
        ValueError: The model returns nothing.
        RuntimeError: It can't take the image, or needs more than shapes.
    """
    weights = {
        name: tensor.to("meta")
        for name, tensor in (*model.named_parameters(), *model.named_buffers())
    }
    with eval_mode(model), torch.no_grad(), ExitStack() as stack:
        for listener in listeners:
            stack.enter_context(listener)
        try:
            output = functional_call(model, weights, (image,))
        except RuntimeError as error:  # such as of a tensor without values
            raise RuntimeError(
                f"the model must take images {tuple(image.shape)}, and look at shapes "
                f"alone to be followed, but fails ({error}); check size and in_channels"
            ) from error
    if not any(isinstance(leaf, Tensor) for leaf in tree_leaves(output)):
        raise ValueError(f"the model must return a map of logits, got {shown(output)}")


def model_parts(
    module: nn.Module, depth: int = 1, prefix: str = ""
) -> Iterator[tuple[str, nn.Module]]:
    """Yield the names and modules that become rows of the summary."""
    for name, child in module.named_children():
        full = f"{prefix}{name}"
        if isinstance(child, nn.ModuleList):
            yield from model_parts(child, depth, f"{full}.")
        elif depth > 1 and any(True for _ in child.children()):
            yield from model_parts(child, depth - 1, f"{full}.")
        else:
            yield full, child


@contextmanager
def hooked_parts(
    model: nn.Module,
    depth: int,
    enter: Callable[[], None],
    leave: Callable[[str, Any], None],
) -> Iterator[None]:
    """Call ``enter()`` before and ``leave(name, output)`` after each part runs."""
    with ExitStack() as hooks:
        for name, module in model_parts(model, depth):

            def after(_: nn.Module, __: Any, output: Any, name: str = name) -> None:
                leave(name, output)

            before = module.register_forward_pre_hook(lambda *_: enter())
            hooks.enter_context(before)
            hooks.enter_context(module.register_forward_hook(after))
        yield


_MODEL_STEPS = {
    f.__name__: unwrap(f).__code__ for f in (unpool, upsample_bilinear, reflect_pad)
}
"""Functions of the models that call torch several times and count as a single step."""


class StepTracer(TorchFunctionMode):
    """Reports each step of what runs inside it to ``record``.

    Torch shows every call of its own functions to a mode like this one. A function of
    ``_MODEL_STEPS`` is recognized by its code object in Python's profiling hook, so
    under any name and in readers' own models, and no model needs to know of it. While
    it runs, the torch functions that it is made of are not reported.
    """

    _arguments: dict[str, Any] | None = None
    """Arguments of the model step that is running, if one is."""

    def record(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> None:
        """Take note of a step that has run; after an error, ``output`` is None."""
        raise NotImplementedError

    def __enter__(self) -> "StepTracer":
        """Start to record steps."""
        self._previous = sys.getprofile()
        sys.setprofile(self._profile)
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        """Stop, and put back the profiling hook that was there."""
        super().__exit__(*error)
        sys.setprofile(self._previous)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run a function of torch, and record it unless it is part of a larger step."""
        sys.setprofile(None)  # the hook is slow, and there are no steps inside torch
        try:
            output = func(*args, **(kwargs or {}))
        finally:
            sys.setprofile(self._profile)
        if self._arguments is None:
            self.record(getattr(func, "__name__", ""), args, kwargs or {}, output)
        return output

    def _profile(self, frame: FrameType, event: str, output: Any) -> None:
        name = frame.f_code.co_name
        if _MODEL_STEPS.get(name) is not frame.f_code:
            return
        if event == "call":
            self._arguments = dict(frame.f_locals)
        elif event == "return":
            self.record(name, (), self._arguments, output)
            self._arguments = None


class ReceptiveFieldTracer(StepTracer):
    """Writes on every tensor its ``receptive_field``, and adds up activations.

    Give the image its own field before the forward pass. Where tensors with different
    fields meet (in a sum or a concatenation), the result has the widest.

    Attributes:
        activation_bytes: Size of the float32 outputs so far that a training step keeps;
            what is computed in place costs nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.activation_bytes = 0

    def record(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> None:
        """Write the receptive field on what a step returned.

        It is None once it can't be followed: behind a function that may draw on any
        pixel.

        Raises:
            ValueError: An unknown function has changed the size of a map.
        """
        made = [t for t in tree_leaves(output) if isinstance(t, Tensor)]
        given = tree_leaves((args, kwargs))
        inputs = [t for t in given if hasattr(t, "receptive_field")]
        if not made or not inputs:
            return
        field = self._field_after(name, args, kwargs, inputs, made[0])
        for tensor in made:
            tensor.receptive_field = field
        if name in _KEPT and not any(made[0] is t for t in inputs):
            self.activation_bytes += 4 * made[0].numel()

    def _field_after(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        inputs: list[Tensor],
        made: Tensor,
    ) -> ReceptiveField | None:
        fields = [tensor.receptive_field for tensor in inputs]
        if None in fields:
            return None
        field = max(fields, key=lambda field: field.size)
        if name in _RULES:
            is_filter = name.startswith("conv") and len(inputs) > 1  # weights, too
            return None if is_filter else _RULES[name](field, *args, **kwargs)
        if made.shape[-2:] != inputs[0].shape[-2:]:
            raise ValueError(
                "the receptive field can be followed only through known functions, got "
                f"{name}, which changes the size; add a rule for it"
            )
        return field if _keeps_places(name, args, kwargs) else None


_KEPT = frozenset(
    {"conv2d", "conv_transpose2d", "max_pool2d", "max_pool2d_with_indices"}
    | {"avg_pool2d", "max_unpool2d", "relu", "batch_norm", "interpolate", "cat"}
    | {"upsample_bilinear", "unpool"}
)
"""Functions whose output a training step keeps."""

_POINTWISE = frozenset(
    {"relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu"}
    | {"mish", "softplus", "softsign", "hardtanh", "hardswish", "hardsigmoid"}
    | {"sigmoid", "tanh", "exp", "log", "log1p", "sqrt", "rsqrt", "square", "abs"}
    | {"neg", "sign", "sin", "cos", "erf", "reciprocal", "clamp", "clip", "pow"}
    | {"add", "sub", "mul", "div", "true_divide", "maximum", "minimum", "where"}
    | {"lerp", "addcmul", "addcdiv", "logsigmoid", "threshold", "masked_fill"}
    | {"__add__", "__radd__", "__iadd__", "__sub__", "__rsub__", "__isub__"}
    | {"__mul__", "__rmul__", "__imul__", "__truediv__", "__rtruediv__", "__rdiv__"}
    | {"__itruediv__", "__pow__", "__rpow__", "__neg__", "__abs__", "__gt__", "__lt__"}
    | {"__ge__", "__le__", "__eq__", "__ne__", "gt", "lt", "ge", "le", "eq", "ne"}
    | {"batch_norm", "dropout", "dropout2d", "alpha_dropout", "feature_dropout"}
    | {"feature_alpha_dropout", "to", "float", "double", "half", "bfloat16", "type"}
    | {"type_as", "contiguous", "clone", "detach", "requires_grad_", "as_subclass"}
    | {"zeros_like", "ones_like", "full_like", "nan_to_num", "round", "floor", "ceil"}
)
"""Functions of which a cell of the result draws on the same cell of each map alone."""
_OVER_CHANNELS = frozenset(
    {"cat", "concat", "softmax", "log_softmax", "sum", "mean", "amax", "amin", "max"}
    | {"min", "prod", "var", "std", "norm", "normalize", "logsumexp", "argmax"}
    | {"split", "chunk", "unbind", "glu"}
)
"""Functions that keep places only if they work along the channels."""


def _keeps_places(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Tell whether a function that keeps H and W moves nothing from cell to cell."""
    if name.removesuffix("_") in _POINTWISE or name in _POINTWISE:
        return True
    if name not in _OVER_CHANNELS:
        return False
    numbers = [a for a in args[1:] if isinstance(a, (int, tuple, list))]
    position = 1 if name in ("split", "chunk", "normalize") else 0
    first = numbers[position] if len(numbers) > position else None
    return kwargs.get("dim", first) in (1, -3, (1,), [1])


# A rule takes the field before a function, and the arguments that the function takes.
# It returns None if the field can't be followed


def _after_conv(
    field, input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1
):
    kernel_size, dilation = weight.shape[-2], _rows(dilation)
    if isinstance(padding, str):  # "same" or "valid"
        padding = dilation * (kernel_size - 1) // 2 if padding == "same" else 0
    return field.after_conv(
        kernel_size, stride=_rows(stride), padding=_rows(padding), dilation=dilation
    )


def _after_transposed(
    field,
    input,
    weight,
    bias=None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
):
    if _rows(dilation) != 1:
        return None
    return field.after_upsampling(
        _rows(stride), kernel_size=weight.shape[-2], padding=_rows(padding)
    )


def _after_max(field, input, kernel_size, stride=None, padding=0, dilation=1, *_, **__):
    stride = _rows(stride or kernel_size)
    options = {"padding": _rows(padding), "dilation": _rows(dilation)}
    return field.after_conv(_rows(kernel_size), stride=stride, **options)


def _after_average(field, input, kernel_size, stride=None, padding=0, *_, **__):
    return _after_max(field, input, kernel_size, stride, padding)


def _after_unpool(field, input, indices, kernel_size, stride=None, *_, **__):
    return _refined(field, _rows(stride or kernel_size), taps=1)


def _after_pad(field, input, pad, mode="constant", *_, **__):
    if mode == "circular":  # which brings the other border here
        return None
    return _moved(field, -pad[2] if len(pad) > 2 else 0)  # left, right, top, bottom


def _after_crop(field, input, index):
    index = index if isinstance(index, tuple) else (index,)
    if not all(part is None or isinstance(part, _CROPS) for part in index):
        return None  # cells are chosen one by one
    has_rows = len(index) == 4 or (len(index) > 1 and index[0] is Ellipsis)
    rows = index[-2] if has_rows else None
    if not isinstance(rows, slice):
        return field
    start, _, step = rows.indices(input.shape[-2])
    moved = _moved(field, start)
    return replace(moved, stride=step * moved.stride)


_CROPS = (slice, int, type(Ellipsis))


def _after_interpolation(
    field,
    input,
    size=None,
    scale_factor=None,
    mode="nearest",
    align_corners=None,
    recompute_scale_factor=None,
    antialias=False,
):
    height = input.shape[-2]
    factor = Fraction(_rows(size), height) if size is not None else _rows(scale_factor)
    if factor == 1:
        return field
    taps = {"nearest": 1, "nearest-exact": 1, "bilinear": 2, "bicubic": 4}.get(mode)
    if taps is None or antialias:
        return None
    if align_corners and height > 1:
        step = Fraction(height - 1, int(factor * height) - 1)  # cells per pixel
        refined = _refined(field, 1 / step, taps=taps)
        return replace(refined, center=field.center)
    return _refined(field, factor, taps=taps)


def _after_bilinear(field, x, size, align_corners):
    return _after_interpolation(field, x, size, None, "bilinear", align_corners)


def _refined(field: ReceptiveField, factor: Any, *, taps: int) -> ReceptiveField:
    """Divide every cell into ``factor`` cells, each drawing on ``taps`` old ones."""
    factor = Fraction(factor)
    padding = (taps - 1) * factor / 2
    return field.after_upsampling(factor, kernel_size=taps * factor, padding=padding)


def _moved(field: ReceptiveField, cells: int) -> ReceptiveField:
    """Begin that many cells later."""
    return replace(field, center=field.center + cells * field.stride)


def _rows(value: Any) -> Any:
    """Take from an argument for both sides the one for the rows."""
    return value[0] if isinstance(value, (tuple, list)) else value


_RULES: dict[str, Callable[..., ReceptiveField | None]] = {
    "conv2d": _after_conv,
    "conv_transpose2d": _after_transposed,
    "max_pool2d": _after_max,
    "max_pool2d_with_indices": _after_max,
    "avg_pool2d": _after_average,
    "max_unpool2d": _after_unpool,
    "unpool": lambda field, **_: _refined(field, 2, taps=1),
    "pad": _after_pad,
    "reflect_pad": lambda field, image, padding: _moved(field, -padding),
    "__getitem__": _after_crop,
    "interpolate": _after_interpolation,
    "upsample_bilinear": _after_bilinear,
}
