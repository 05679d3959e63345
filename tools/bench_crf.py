"""Time the backends of the dense CRF: ``python tools/bench_crf.py``.

A drawn scene of 375×500 pixels, 21 classes, 10 iterations, set-up included, with three
sets of parameters. Backends take turns, and the ratios are medians of neighboring runs,
so that a machine that slows down slows down both. On CUDA, the lattice and the exact
kernels are timed there, too.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from course_utils import crf
from course_utils.datasets.scenes.scene import render_scene

SETTINGS = {  # smoothness weight and std, appearance weight, position and color std
    "pydensecrf's README": (3, 3, 10, 80, 13),
    "DeepLab v2": (3, 1, 4, 67, 3),
    "LargeFOV": (3, 3, 4, 121, 5),
}
NAMES = ("smoothness_weight", "smoothness_std", "appearance_weight")
NAMES += ("position_std", "color_std")


def make_input(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw a scene; return it with what a net of stride 8 could say of it."""
    scene = render_scene(seed=5, size=(height, width))
    target = torch.from_numpy(np.where(scene.target == 255, 0, scene.target)).long()
    one_hot = F.one_hot(target, 21).permute(2, 0, 1)[None].float()
    shares = 0.8 * F.avg_pool2d(one_hot, 8, ceil_mode=True) + 0.2 / 21
    noise = torch.randn(shares.shape, generator=torch.Generator().manual_seed(0))
    logits = F.interpolate(shares.log() + noise, scale_factor=8, mode="bilinear")
    return scene.image, logits[0, :, :height, :width].softmax(dim=0).numpy()


def directly(image: np.ndarray, probs: np.ndarray, **options: float) -> np.ndarray:
    """Call pydensecrf as its users do."""
    import pydensecrf.densecrf as densecrf
    from pydensecrf.utils import unary_from_softmax

    model = densecrf.DenseCRF2D(probs.shape[2], probs.shape[1], len(probs))
    model.setUnaryEnergy(unary_from_softmax(probs))
    model.addPairwiseGaussian(
        sxy=options["smoothness_std"], compat=options["smoothness_weight"]
    )
    model.addPairwiseBilateral(
        sxy=options["position_std"],
        srgb=options["color_std"],
        rgbim=image,
        compat=options["appearance_weight"],
    )
    return np.array(model.inference(10)).reshape(probs.shape)


def seconds_of(call: Callable[[], object]) -> float:
    """Time one call, the GPU's work included."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    started = time.perf_counter()
    call()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started


def take_turns(calls: dict[str, Callable[[], object]], runs: int) -> None:
    """Time calls in turn and print their medians, and ratios to the first."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for run in range(runs + 1):
        for name, call in calls.items():
            taken = seconds_of(call)
            if run > 0:  # the first one warms up
                seconds[name].append(taken)
    first = next(iter(calls))
    for name, values in seconds.items():
        ratios = [a / b for a, b in zip(values, seconds[first], strict=True)]
        spread = f"{1000 * min(values):.0f} to {1000 * max(values):.0f}"
        print(
            f"  {name:24s} {1000 * statistics.median(values):8.1f} ms ({spread})",
            end="",
        )
        print(f"   {statistics.median(ratios):.2f} × {first}")


def bench_cpu(image: np.ndarray, probs: np.ndarray, runs: int, options: Any) -> None:
    """Time the backends of the CPU against the library called directly."""
    calls: dict[str, Callable[[], object]] = {}
    if "pydensecrf" in crf.available_backends():
        calls["pydensecrf, directly"] = partial(directly, image, probs, **options)
    for backend in crf.available_backends()[:-1]:  # the exact one is too slow there
        calls[f"{backend}, dense_crf"] = partial(
            crf.dense_crf, image, probs, backend=backend, **options
        )
    take_turns(calls, runs)


def bench_cuda(image: np.ndarray, probs: np.ndarray, runs: int, options: Any) -> None:
    """Time the lattice and the exact kernels on the GPU, and their memory."""
    tensors = [torch.from_numpy(array).cuda() for array in (image, probs)]
    for backend, number in (("lattice", runs), ("exact", 1)):
        torch.cuda.reset_peak_memory_stats()
        call = partial(crf.dense_crf, *tensors, backend=backend, **options)
        take_turns({f"{backend} on CUDA": call}, number)
        peak = torch.cuda.max_memory_allocated() / 2**30
        print(f"  {'':24s} peak {peak:.2f} GiB")


def main() -> None:
    """Time everything that this machine has."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="of each, after one more")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--size", type=int, nargs=2, default=(375, 500))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    image, probs = make_input(*args.size)
    on_gpu = torch.cuda.is_available()
    device = torch.cuda.get_device_name() if on_gpu else "no GPU"
    print(f"torch {torch.__version__}, {args.threads} threads, {device}; {probs.shape}")
    for name, values in SETTINGS.items():
        options = dict(zip(NAMES, map(float, values), strict=True))
        print(name)
        bench_cpu(image, probs, args.runs, options)
        if on_gpu:
            bench_cuda(image, probs, args.runs, options)


if __name__ == "__main__":
    main()
