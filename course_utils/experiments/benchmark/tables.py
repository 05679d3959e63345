"""The wall's figures as tables: for a terminal, a notebook and the README."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from course_utils.experiments.benchmark.stored import Wall
from course_utils.experiments.benchmark.systems import System

Column = tuple[str, Callable[[Wall, System], str]]


def text_table(wall: Wall) -> str:
    """Lay the results out for a terminal or a notebook; says so if there are none."""
    if not wall.systems:
        return (
            f"nothing is stored of {wall.data} at {wall.level}; "
            "python -m course_utils wall makes it"
        )
    blocks = [_aligned(_rows(wall, columns)) for columns in (_QUALITY, _COSTS)]
    return "\n\n".join([*blocks, describe(wall)])


def markdown_table(wall: Wall) -> str:
    """Write the results, and where they are from, as Markdown.

    Raises:
        ValueError: nothing is stored.
    """
    if not wall.systems:
        raise ValueError(text_table(wall))
    blocks = [
        _piped(_rows(wall, columns))
        for columns in ((*_QUALITY, ("published, %", _published)), _COSTS)
    ]
    return "\n\n".join([*blocks, describe(wall)])


def _rows(wall: Wall, columns: Sequence[Column]) -> list[list[str]]:
    head = ["", *(name for name, _ in columns)]
    body = [
        [system.title, *(write(wall, system) for _, write in columns)]
        for system in wall.systems
    ]
    return [head, *body]


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([row[0].ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)


def _piped(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def describe(wall: Wall) -> str:
    """Say in a paragraph what the figures are of, and where they are from."""
    entries = [entry for system in wall.systems for entry in wall.entries(system)]
    commit, device, torch, start = (
        ", ".join(sorted({entry[name] for entry in entries}))
        for name in ("commit", "device", "torch", "start")
    )
    many = len(wall.seeds) > 1
    seeds = ", ".join(map(str, wall.seeds))
    seeds = f"Mean of seeds {seeds} (lowest to highest)" if many else f"Seed {seeds}"
    sizes = wall.settings
    return (
        f"Data: {wall.data}, run level {wall.level}: {sizes['num_train']} pairs to "
        f"train on, {sizes['num_val']} to validate, longer side {sizes['image_size']} "
        f"pixels; {sizes['steps']} steps of {sizes['batch_size']}, first stage "
        f"{sizes['base_channels']} channels wide, start: {start}. {seeds}. Torn: "
        "inconsistent pixels inside large objects that were found. Multiply-adds, "
        "latency and memory are of predicting one image; the CRF counts in the "
        f"latency alone. Minutes of training steps. {device}, torch {torch}, commit "
        f"{commit}."
    )


def spread(values: np.ndarray, form: str = "{:.1f}", scale: float = 100.0) -> str:
    """Write the mean over seeds and, of several, the lowest and the highest.

    Args:
        values: (seeds,); nan where nothing could be measured.
        form: of one number.
        scale: what values are multiplied by, 100 for percent.
    """
    known = scale * values[~np.isnan(values)]
    if not len(known):
        return "-"
    text = form.format(known.mean())
    if len(known) > 1:
        text += f" ({form.format(known.min())} to {form.format(known.max())})"
    return text


def _percent(figure: str) -> Callable[[Wall, System], str]:
    return lambda wall, system: spread(wall.values(system, figure))


def _cost(figure: str, form: str, scale: float) -> Callable[[Wall, System], str]:
    return lambda wall, system: form.format(wall.cost(system, figure) / scale)


def _field(wall: Wall, system: System) -> str:
    field = wall.cost(system, "receptive_field")
    return "image" if math.isnan(field) else f"{field:.0f}"


def _training(figure: str, form: str, scale: float) -> Callable[[Wall, System], str]:
    return lambda wall, system: form.format(wall.values(system, figure).mean() / scale)


def _published(wall: Wall, system: System) -> str:
    published = system.published
    if published is None:
        return ""
    return f"{100 * published.mean_iou:.1f} ({published.data}, {published.apart})"


_QUALITY: tuple[Column, ...] = (
    ("mean IoU, %", _percent("mean_iou")),
    ("boundary IoU, %", _percent("boundary_iou")),
    ("torn, %", _percent("inconsistency")),
)
_COSTS: tuple[Column, ...] = (
    ("stride, px", _cost("output_stride", "{:.0f}", 1)),
    ("field, px", _field),
    ("parameters, M", _cost("parameters", "{:.2f}", 1e6)),
    ("multiply-adds, G", _cost("multiply_adds", "{:.1f}", 1e9)),
    ("latency, ms", _cost("latency", "{:.1f}", 1e-3)),
    ("memory, MiB", _cost("inference_memory", "{:.0f}", 2**20)),
    ("images/s", _training("images_per_second", "{:.0f}", 1)),
    ("GPU, GiB", _training("peak_memory", "{:.1f}", 2**30)),
    ("minutes", _training("minutes", "{:.1f}", 1)),
)
