"""The GPU and the disk."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from course_utils.environment.doctor.findings import NOTE, OK, TO_DO, Finding
from course_utils.environment.doctor.packages import PYPROJECT

if TYPE_CHECKING:
    from course_utils.settings import RunLevel

LITTLE_SPACE = 5 * 10**9
"""Bytes: VOC's subset, VGG16's weights, and checkpoints of some trainings."""


def examine_gpu() -> Iterator[Finding]:
    """Look for a GPU, and try which batch fits into its memory."""
    torch = importlib.import_module("torch")
    if torch.cuda.is_available():
        yield _examine_cuda(torch)
    elif torch.backends.mps.is_available():
        yield Finding(
            "GPU", OK, "Apple's; set COURSE_RUN=full to use the papers' widths"
        )
    elif shutil.which("nvidia-smi"):
        built = torch.version.cuda or "no CUDA"
        yield Finding(
            "GPU",
            TO_DO,
            f"an NVIDIA GPU is here, but torch {torch.__version__} can't use it (it "
            f"is built for {built})",
            "compare with what nvidia-smi says of CUDA, update the driver, or install "
            "the torch that pytorch.org offers for it",
        )
    else:
        advice = ""
        if "google.colab" in sys.modules:
            advice = "Runtime > Change runtime type > T4 GPU"
        text = "none: the notebooks run at the level laptop, small and in minutes"
        yield Finding("GPU", NOTE, text, advice)


def _examine_cuda(torch: ModuleType) -> Finding:
    free, total = (number / 2**30 for number in torch.cuda.mem_get_info())
    name = f"{torch.cuda.get_device_name()}, {free:.0f} of {total:.0f} GiB free"
    if torch.cuda.device_count() > 1:
        name = f"{torch.cuda.device_count()} × {name}"
    wanted, batch_size, most = try_batch_sizes("cuda")
    if batch_size == wanted:
        text = f"trains FCN-8s with {batch_size} images at a time in {most:.1f} GiB"
        return Finding("GPU", OK, f"{name}; {text}")
    return Finding(
        "GPU",
        TO_DO,
        f"{name}; FCN-8s with {wanted} images at a time does not fit"
        + (f", {batch_size} do" if batch_size else ""),
        "shut down other notebooks and programs that use the GPU (nvidia-smi lists "
        "them), or set COURSE_RUN=laptop",
    )


def try_batch_sizes(device: str, level: str | None = None) -> tuple[int, int, float]:
    """Take two training steps with FCN-8s, with ever smaller batches until they fit.

    Random numbers go on afterwards as if nothing had been.

    Args:
        device: to try it on.
        level: of the sizes; by default that of the environment.

    Returns:
        The batch size of the run level, the one that fits (0 if none does), and the
        most memory allocated, GiB; 0 without CUDA.
    """
    # Here, so that the doctor comes even where these can't be imported
    import torch

    from course_utils.settings import run_level

    run = run_level(level)
    batch_size, is_cuda = run.batch_size, device == "cuda"
    if is_cuda:
        torch.cuda.reset_peak_memory_stats()
    devices = [torch.cuda.current_device()] if is_cuda else []
    with torch.random.fork_rng(devices=devices):
        while batch_size:
            try:
                _take_two_steps(device, run, batch_size)
                break
            except torch.OutOfMemoryError:
                batch_size //= 2
    most = torch.cuda.max_memory_allocated() / 2**30 if is_cuda else 0.0
    torch.cuda.empty_cache()
    return run.batch_size, batch_size, most


def _take_two_steps(device: str, run: RunLevel, batch_size: int) -> None:
    import torch

    from course_utils.models.fcn import FCN8s
    from course_utils.training.losses import cross_entropy
    from course_utils.training.precision import autocast

    model = FCN8s(21, base_channels=run.base_channels, batch_norm=True)
    model.to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters())
    shape = (batch_size, 3, run.image_size, run.image_size)
    for _ in range(2):  # AdamW takes its memory at the first
        images = torch.randn(shape, device=device)
        with autocast():
            logits = model(images.contiguous(memory_format=torch.channels_last))
        targets = torch.zeros_like(logits[:, 0], dtype=torch.long)
        cross_entropy(logits.float(), targets).backward()
        optimizer.step()


def examine_disk() -> Iterator[Finding]:
    """Look at how much space is free where the course lies."""
    free = shutil.disk_usage(PYPROJECT.parent).free
    text = f"{free / 1e9:.0f} GB free"
    if free < LITTLE_SPACE:
        advice = "free some; COURSE_CHECKPOINTS can name a folder on another disk"
        yield Finding("disk", TO_DO, text, advice)
    else:
        yield Finding("disk", OK, text)
