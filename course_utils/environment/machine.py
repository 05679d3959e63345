"""Check the GPU and the disk."""

import importlib
import shutil
import sys
from collections.abc import Iterator

from course_utils.environment.findings import NOTE, OK, TO_DO, Finding
from course_utils.settings import COURSE_ROOT, run_level

_LITTLE_SPACE = 5 * 10**9
"""Bytes that VOC's subset, VGG16's weights and some checkpoints take."""


def examine_gpu() -> Iterator[Finding]:
    """Look for a GPU, and find out whether a batch fits into its memory."""
    torch = importlib.import_module("torch")
    if torch.cuda.is_available():
        yield _examine_cuda()
    elif torch.backends.mps.is_available():
        text = "Apple GPU; COURSE_RUN=full trains the papers' widths on it"
        yield Finding("GPU", OK, text)
    elif shutil.which("nvidia-smi"):
        yield Finding(
            "GPU",
            TO_DO,
            f"there is an NVIDIA GPU, but torch {torch.__version__} can't use it (it "
            f"is built for {torch.version.cuda or 'no CUDA'})",
            "nvidia-smi shows the CUDA version of the driver: update the driver, or "
            "install the torch that pytorch.org offers for that version",
        )
    else:
        on_colab = "google.colab" in sys.modules
        advice = "Runtime > Change runtime type > T4 GPU" if on_colab else ""
        text = "none: the notebooks run at the level laptop, with small models"
        yield Finding("GPU", NOTE, text, advice)


def _examine_cuda() -> Finding:
    import torch

    free, total = (number / 2**30 for number in torch.cuda.mem_get_info())
    name = f"{torch.cuda.get_device_name()}, {free:.0f} of {total:.0f} GiB free"
    if torch.cuda.device_count() > 1:
        name = f"{torch.cuda.device_count()} × {name}"
    batch = f"FCN-8s in batches of {run_level().batch_size}"
    torch.cuda.reset_peak_memory_stats()
    try:
        with torch.random.fork_rng(devices=[torch.cuda.current_device()]):
            _take_two_steps("cuda")
    except torch.OutOfMemoryError:
        advice = "close other notebooks and programs that use the GPU (nvidia-smi lists"
        advice += " them), or set COURSE_RUN=laptop"
        return Finding("GPU", TO_DO, f"{name}; too little to train {batch}", advice)
    finally:
        torch.cuda.empty_cache()
    most = torch.cuda.max_memory_allocated() / 2**30
    return Finding("GPU", OK, f"{name}; it trains {batch}, in {most:.1f} GiB")


def _take_two_steps(device: str) -> None:
    """Train FCN-8s for two steps, with images and batches of the run level."""
    import torch

    from course_utils.datasets import eval_transform
    from course_utils.models import FCN8s
    from course_utils.training import autocast, make_optimizer, train_one_epoch

    run = run_level()
    model = FCN8s(21, base_channels=run.base_channels, batch_norm=True)
    model.to(device, memory_format=torch.channels_last)
    shape = (run.batch_size, 3, run.image_size, run.image_size)
    images = torch.zeros(shape, dtype=torch.uint8)
    # AdamW allocates its memory in the first step
    batches, optimizer = 2 * [(images, images[:, 0])], make_optimizer(model)
    with autocast():
        train_one_epoch(model, batches, optimizer, transform=eval_transform())


def examine_disk() -> Iterator[Finding]:
    """Check how much space is free on the disk of the course."""
    free = shutil.disk_usage(COURSE_ROOT).free
    text = f"{free / 1e9:.0f} GB free"
    if free < _LITTLE_SPACE:
        advice = "free some space, or put COURSE_CHECKPOINTS on another disk"
        yield Finding("disk", TO_DO, text, advice)
    else:
        yield Finding("disk", OK, text)
