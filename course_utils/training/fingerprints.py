"""What data and which loss a training has, in words that a checkpoint can keep.

Two data sets may have one name and as many batches. Their targets tell them apart.
"""

import functools
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from course_utils.training.evaluation import Batches


def describe_training(
    train: Batches, val: Batches, criterion: Callable[..., Tensor]
) -> dict[str, str]:
    """Describe what a checkpoint must agree with to be of the same training.

    Args:
        train: Training batches, as for ``fit``.
        val: Validation batches.
        criterion: Mean loss of logits and targets.

    Returns:
        Number, size and hash of the targets of both, and the loss, by name.
    """
    return {
        "training data": _describe_targets(train),
        "validation data": _describe_targets(val),
        "criterion": _describe_function(criterion),
    }


def _describe_targets(batches: Batches) -> str:
    """Write the number, size and hash of targets; of others, only their number.

    Those of a data set that is read from the disk anew each time are not read for this.
    """
    data = getattr(batches, "dataset", batches)
    if hasattr(data, "tensors"):
        return _describe(data.tensors[1:2])
    if isinstance(getattr(data, "targets", None), Tensor):
        return _describe([data.targets])
    if isinstance(batches, list | tuple):
        return _describe([targets for _, targets in batches])
    names = "\n".join(map(str, getattr(data, "names", ())))
    number = len(data) if hasattr(data, "__len__") else "unknown"
    return f"{number}, names {_short(names.encode())}" if names else f"{number}"


def _describe(targets: Iterable[Tensor]) -> str:
    content, sizes = hashlib.sha256(), []
    for target in targets:
        sizes.append(" × ".join(map(str, target.shape)))
        content.update(target.to(torch.uint8).cpu().contiguous().numpy())
    shown = ", ".join(sizes[:1] + sizes[-1:] if len(sizes) > 1 else sizes)
    return f"{shown}, hash {content.hexdigest()[:16]}"


def _describe_function(function: Any) -> str:
    """Name a function and the numbers it has been made with, not where they lie."""
    if isinstance(function, functools.partial):
        bound = [*function.args, *function.keywords.items()]
        return f"{_describe_function(function.func)}({_describe_values(bound)})"
    if isinstance(function, torch.nn.Module):
        state = _describe_values(function.state_dict().items())
        return f"{function!r}({state})"
    name = getattr(function, "__qualname__", type(function).__qualname__)
    cells = getattr(function, "__closure__", None) or ()
    return f"{name}({_describe_values(cell.cell_contents for cell in cells)})"


def _describe_values(values: Iterable[Any]) -> str:
    return ", ".join(map(_describe_value, values))


def _describe_value(value: Any) -> str:
    if isinstance(value, Tensor):
        numbers = value.detach().cpu().double().contiguous().numpy()
        return f"{tuple(value.shape)} {_short(numbers.tobytes())}"
    if isinstance(value, list | tuple):
        return f"[{_describe_values(value)}]"
    if callable(value):
        return _describe_function(value)
    is_plain = isinstance(value, bool | int | float | str | type(None))
    return repr(value) if is_plain else type(value).__name__


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
