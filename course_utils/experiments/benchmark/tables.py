"""The benchmark's figures as Markdown tables, readable in a terminal, too."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from course_utils.arguments import checked
from course_utils.experiments.benchmark.store import BENCHMARK, Benchmark
from course_utils.experiments.benchmark.systems import System

_Column = tuple[str, Callable[[Benchmark, System], str]]


@checked(benchmark=BENCHMARK)
def markdown_table(benchmark: Benchmark) -> str:
    """Write the results, and where they come from, as Markdown.

    Raises:
        ValueError: Nothing is stored.
    """
    if not benchmark.systems:
        raise ValueError(
            f"results must be stored to be shown, but there are none for "
            f"{benchmark.data} at {benchmark.level}; run: python -m course_utils "
            "benchmark"
        )
    tables = [_table(benchmark, columns) for columns in (_QUALITY, _COSTS)]
    return "\n\n".join([*tables, _describe(benchmark)])


def _table(benchmark: Benchmark, columns: Sequence[_Column]) -> str:
    rows = [["", *(name for name, _ in columns)]]
    rows += [
        [system.title, *(write(benchmark, system) for _, write in columns)]
        for system in benchmark.systems
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    lines = (
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(f"| {line} |" for line in lines)


def _describe(benchmark: Benchmark) -> str:
    """Say in a paragraph what was measured, on what data and on which machine."""
    entries = [entry for s in benchmark.systems for entry in benchmark.entries(s)]
    commit, device, torch, start = (
        ", ".join(sorted({entry[name] for entry in entries}))
        for name in ("commit", "device", "torch", "start")
    )
    seeds = ", ".join(map(str, benchmark.seeds))
    many = len(benchmark.seeds) > 1
    seeds = f"Mean of seeds {seeds} (lowest to highest)" if many else f"Seed {seeds}"
    sizes = benchmark.settings
    return (
        f"Data: {benchmark.data}, run level {benchmark.level}: {sizes['num_train']} "
        f"pairs to train on, {sizes['num_val']} to validate, longer side "
        f"{sizes['image_size']} pixels; {sizes['steps']} steps of "
        f"{sizes['batch_size']}, first stage {sizes['base_channels']} channels wide, "
        f"start: {start}. {seeds}. Torn: inconsistent pixels inside large objects that "
        "were found. Multiply-adds, latency and memory are of predicting one image; "
        "the CRF counts in the latency alone. Minutes of training steps. "
        f"{device}, torch {torch}, commit {commit}."
    )


def _spread(values: np.ndarray) -> str:
    """Write the mean over seeds in percent, and the lowest and highest of several."""
    known = 100 * values[~np.isnan(values)]
    if not len(known):
        return "-"
    text = f"{known.mean():.1f}"
    if len(known) > 1:
        text += f" ({known.min():.1f} to {known.max():.1f})"
    return text


def _percent(figure: str) -> Callable[[Benchmark, System], str]:
    return lambda benchmark, system: _spread(benchmark.values(system, figure))


def _cost(figure: str, form: str, unit: float) -> Callable[[Benchmark, System], str]:
    return lambda benchmark, system: form.format(benchmark.cost(system, figure) / unit)


def _field(benchmark: Benchmark, system: System) -> str:
    field = benchmark.cost(system, "receptive_field")
    return "image" if math.isnan(field) else f"{field:.0f}"


def _published(_: Benchmark, system: System) -> str:
    published = system.published
    if published is None:
        return ""
    return f"{100 * published.mean_iou:.1f} ({published.data}, {published.apart})"


_QUALITY: tuple[_Column, ...] = (
    ("mean IoU, %", _percent("mean_iou")),
    ("boundary IoU, %", _percent("boundary_iou")),
    ("torn, %", _percent("inconsistency")),
    ("published, %", _published),
)
_COSTS: tuple[_Column, ...] = (
    ("stride, px", _cost("output_stride", "{:.0f}", 1)),
    ("field, px", _field),
    ("parameters, M", _cost("parameters", "{:.2f}", 1e6)),
    ("multiply-adds, G", _cost("multiply_adds", "{:.1f}", 1e9)),
    ("latency, ms", _cost("latency", "{:.1f}", 1e-3)),
    ("memory, MiB", _cost("inference_memory", "{:.0f}", 2**20)),
    ("images/s", _cost("images_per_second", "{:.0f}", 1)),
    ("GPU, GiB", _cost("peak_memory", "{:.1f}", 2**30)),
    ("minutes", _cost("minutes", "{:.1f}", 1)),
)
