"""Which device a training runs on, in which precision, and what fits on it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import torch
from accelerate import Accelerator, PartialState
from accelerate.utils import DataLoaderConfiguration


def best_device() -> torch.device:
    """Name the device that Accelerate trains on: CUDA, Apple's MPS, or the CPU."""
    return PartialState().device


def mixed_precision() -> str:
    """Name the training precision: "bf16" where CUDA has it, else "fp16", else "no"."""
    if not torch.cuda.is_available():
        return "no"
    has_bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
    return "bf16" if has_bf16 else "fp16"


def autocast() -> AbstractContextManager[object]:
    """Compute in the training precision: Accelerate's autocast."""
    return Accelerator(mixed_precision=mixed_precision()).autocast()


@contextmanager
def fastest_convolutions() -> Iterator[None]:
    """Let cuDNN try five algorithms for each layer and keep the fastest.

    Only CUDA does so. Its own guess is four times slower for VGG16's fc6, as a 7×7
    convolution in bfloat16 on an H100. Five algorithms come within 8 % of cuDNN's usual
    ten there, which take half a minute to try if fc6 is dilated. Trying pays in a
    training, where one batch size comes again and again. Deterministic mode stays
    deterministic.
    """
    cudnn = torch.backends.cudnn
    before = cudnn.benchmark, cudnn.benchmark_limit
    cudnn.benchmark, cudnn.benchmark_limit = not cudnn.deterministic, 5
    try:
        yield
    finally:
        cudnn.benchmark, cudnn.benchmark_limit = before


def make_accelerator(seed: int) -> Accelerator:
    """Make the Accelerator of a training whose order of images follows ``seed``."""
    # Epoch k shuffles by data_seed + k: neighboring seeds must not share their orders
    loaders = DataLoaderConfiguration(
        use_seedable_sampler=True, data_seed=1_000_003 * seed
    )
    return Accelerator(mixed_precision=mixed_precision(), dataloader_config=loaders)


def out_of_memory_advice(batch_size: int, size: tuple[int, int]) -> str:
    """Say what did not fit on the GPU, and what to try."""
    height, width = size
    advice = (
        f"try batch_size={batch_size // 2}"
        if batch_size > 1
        else "try smaller images, or fewer base_channels"
    )
    total = torch.cuda.mem_get_info()[1] / 2**30 if torch.cuda.is_available() else 0
    return (
        f"a batch of {batch_size} images of {height}×{width} pixels must fit into the "
        f"GPU's {total:.0f} GiB, but does not; {advice}, and restart the kernel if "
        "other notebooks hold memory"
    )
