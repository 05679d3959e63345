"""Scores as curves: over the epochs, and over the width of a band along borders."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any, Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from course_utils.arguments import Rule, checked, each, named, number
from course_utils.plots.panels import WIDTH

# Okabe and Ito, 2008, without yellow: distinct on white, and with color blindness
_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_LINESTYLES = ("-", "--", "-.", ":")

_CURVE = each(number(finite=False), least=0)
_HISTORY = Rule(
    "a History, or several by name",
    lambda value: isinstance(value, Mapping) or _has_curves(value),
)


def _has_curves(value: Any) -> bool:
    return hasattr(value, "train_loss") and hasattr(value, "mean_iou")


class _HasCurves(Protocol):
    """The history of a training, one entry per epoch, such as ``training.History``."""

    train_loss: list[float]
    mean_iou: list[float]


@checked(history=_HISTORY)
def plot_history(history: _HasCurves | Mapping[str, _HasCurves]) -> list[Axes]:
    """Draw training loss and validation mean IoU over the epochs; return two axes.

    Args:
        history: History of one training, with losses in nats and mean IoUs as
            proportions, or several histories by name.

    Raises:
        ValueError: A history is empty, or a mean IoU is not a proportion.
    """
    several = isinstance(history, Mapping)
    histories = history if several else {"history": history}
    named(_HISTORY).check("history", histories)
    for name, one in histories.items():
        _CURVE.check(f"train_loss of {name}", one.train_loss)
        _CURVE.check(f"mean_iou of {name}", one.mean_iou)
        if len(one.mean_iou) != len(one.train_loss):
            raise ValueError(
                f"{name} must have a mean IoU for each of its {len(one.train_loss)} "
                f"epochs, got {len(one.mean_iou)}"
            )
        if len(one.train_loss) == 0:
            raise ValueError(f"{name} must have at least one epoch, got none")
        _check_proportions(f"mean_iou of {name}", one.mean_iou)
    _, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.4), layout="constrained")
    for (name, one), style in zip(histories.items(), _styles(), strict=False):
        epochs = range(1, 1 + len(one.train_loss))
        axes[0].plot(epochs, one.train_loss, label=name, **style)
        axes[1].plot(epochs, 100 * np.asarray(one.mean_iou), label=name, **style)
    axes[0].set(title="training loss", ylabel="mean loss, nats")
    axes[1].set(title="validation", ylabel="mean IoU, %")
    for ax in axes:
        ax.set_xlabel("epoch")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_ylim(bottom=0)
        _tidy(ax)
    if several:
        axes[1].legend(frameon=False, fontsize=8)
    return list(axes)


@checked(curves=named(_CURVE), widths=each(number(above=0)))
def plot_boundary_curve(
    curves: Mapping[str, Sequence[float]], widths: Sequence[float]
) -> Axes:
    """Draw how the mean IoU depends on how near to a border the pixels are.

    Args:
        curves: Values of ``boundary_iou`` at each width, proportions, by model name.
        widths: Widths of one side of the band, in pixels of the image.

    Raises:
        ValueError: A curve has more or fewer values than there are widths, or a value
            is not a proportion.
    """
    for name, curve in curves.items():
        if len(curve) != len(widths):
            raise ValueError(
                f"{name} must have a value for each of the {len(widths)} widths, got "
                f"{len(curve)}"
            )
        _check_proportions(name, curve)
    _, ax = plt.subplots(figsize=(6, 3.8), layout="constrained")
    for (name, curve), style in zip(curves.items(), _styles(), strict=False):
        ax.plot(widths, 100 * np.asarray(curve), label=name, **style)
    ax.set(
        title="score near the borders between classes",
        xlabel="width of the band on either side of a border, pixels",
        ylabel="mean IoU inside the band, %",
    )
    ax.legend(frameon=False, fontsize=8)
    _tidy(ax)
    return ax


def _styles() -> Iterator[dict[str, Any]]:
    """Yield line styles; the first 56 differ in color or marker."""
    for color, marker, linestyle in zip(
        cycle(_COLORS), cycle(_MARKERS), cycle(_LINESTYLES), strict=False
    ):
        yield {
            "color": color,
            "marker": marker,
            "linestyle": linestyle,
            "markersize": 5,
            "linewidth": 1.6,
        }


def _check_proportions(name: str, values: Sequence[float]) -> None:
    """Refuse percentages, which would be multiplied by 100 twice."""
    wrong = [float(value) for value in values if value < 0 or value > 1]
    if wrong:
        raise ValueError(
            f"{name} must be proportions from 0 to 1, got {wrong[0]:.4g}; "
            "divide percentages by 100"
        )


def _tidy(ax: Axes) -> None:
    """Keep only two spines and a light grid, which help to read values."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(color="0.9")
    ax.set_axisbelow(True)
