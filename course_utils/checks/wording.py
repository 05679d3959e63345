"""Describe calls, values and differences so that a reader knows what to do."""

import linecache
import os
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from traceback import walk_tb
from typing import Any

import torch
from torch import Tensor

_PRINTED_VALUES = 16  # up to which a tensor is printed in a call
_PRINTED_DIFFERENCE = 64  # up to which two tensors that differ are printed
_PACKAGE = f"{Path(__file__).parents[1]}{os.sep}"


def describe(value: Any) -> str:
    """Name a value on one line: small tensors in full, large ones by their shape."""
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        if value.numel() > _PRINTED_VALUES or value.is_meta:
            return f"<{dtype} tensor of shape {tuple(value.shape)}>"
        return " ".join(str(value.detach()).split())
    if isinstance(value, list | tuple):
        items = ", ".join(describe(item) for item in value)
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, float):
        return f"{float(value):.6g}" if value % 1 else str(float(value))
    text = repr(value)
    return text if len(text) <= 80 else f"<{type(value).__name__}>"


def describe_call(
    answer: Any, args: tuple[Any, ...], options: Mapping[str, Any]
) -> str:
    """Write a call as the reader would: ``mean_iou([0, 1], [0, 1], 2)``."""
    name = getattr(answer, "__name__", f"{type(answer).__name__}(...)")
    parts = [describe(arg) for arg in args]
    parts += [f"{key}={describe(value)}" for key, value in options.items()]
    return f"{name}({', '.join(parts)})"


def describe_error(error: Exception) -> str:
    """Name an exception and the line of the reader's code that it came from."""
    message = (str(error).strip().splitlines() or [""])[0]
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    lines = [
        f" in line {number} of your code, `{source}`"
        for frame, number in walk_tb(error.__traceback__)
        if _is_readers(file := frame.f_code.co_filename)
        and (source := linecache.getline(file, number).strip())
    ]
    return text + (lines[-1] if lines else "")


def _is_readers(file: str) -> bool:
    libraries = (_PACKAGE, sysconfig.get_path("stdlib"), "<frozen")
    return not file.startswith(libraries) and "-packages" not in file


def difference(value: Any, expected: Any, tolerance: float) -> str | None:
    """Say how an answer differs from what is expected; None where it does not.

    Args:
        value: Value that the reader's function returned.
        expected: Number, tuple of numbers or tensor; its types count.
        tolerance: Largest difference of two floats, relative or absolute.
    """
    if isinstance(expected, Tensor):
        return _tensor_difference(value, expected, tolerance)
    if isinstance(expected, tuple):
        fits = isinstance(value, tuple) and len(value) == len(expected)
        pairs = zip(value, expected, strict=True) if fits else ()
        if fits and not any(difference(*pair, tolerance) for pair in pairs):
            return None
        return f"should be {describe(expected)}, got {describe(value)}"
    wanted = "an int" if isinstance(expected, int) else "a float"
    kinds = (int,) if isinstance(expected, int) else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool):
        got = describe(value) if value is None else f"{describe(value)}, {_kind(value)}"
        return f"should be {describe(expected)}, {wanted}, got {got}"
    if _close(torch.tensor(value), torch.tensor(expected), tolerance).all():
        return None
    return f"should be {describe(expected)}, got {describe(value)}"


def _kind(value: Any) -> str:
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"of type {module}{kind.__qualname__}"


def _close(value: Tensor, expected: Tensor, tolerance: float) -> Tensor:
    if not (value.is_floating_point() or expected.is_floating_point()):
        return value == expected
    value, expected = value.double(), expected.double()
    return torch.isclose(
        value, expected, rtol=tolerance, atol=tolerance, equal_nan=True
    )


def _tensor_difference(value: Any, expected: Tensor, tolerance: float) -> str | None:
    if not isinstance(value, Tensor):
        return f"should be a tensor, got {describe(value)}, {_kind(value)}"
    if value.shape != expected.shape:
        return f"should have shape {tuple(expected.shape)}, got {tuple(value.shape)}"
    if value.dtype != expected.dtype:
        return f"should hold {expected.dtype}, got {value.dtype}"
    if value.device != expected.device:
        return f"should be on the device {expected.device}, got {value.device}"
    if expected.is_meta:
        return None
    value, expected = value.detach(), expected.detach()
    if stray := int((value.isnan() & ~expected.isnan()).sum()):
        return f"should hold no nan, got {stray} of {value.numel()} values nan"
    wrong = (~_close(value, expected, tolerance)).nonzero().tolist()
    if not wrong:
        return None
    if value.numel() <= _PRINTED_DIFFERENCE:
        return f"should be\n{expected}\ngot\n{value}\n"
    at = tuple(wrong[0])
    return (
        f"should be {describe(expected[at].item())} at {list(at)}, "
        f"got {describe(value[at].item())}; "
        f"{len(wrong)} of {value.numel()} values are wrong"
    )
