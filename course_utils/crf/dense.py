"""One checked call for a dense CRF, with three backends."""

import functools
from typing import Any

import numpy as np
import torch
from torch import Tensor

from course_utils.crf import library
from course_utils.crf.energy import (
    appearance_features,
    position_features,
    unary_energy,
)
from course_utils.crf.exact import ExactKernel, GridKernel
from course_utils.crf.lattice import PermutohedralLattice
from course_utils.crf.mean_field import mean_field
from course_utils.crf.settings import (
    Settings,
    check_image,
    check_probs,
    check_settings,
)

_BACKENDS = ("pydensecrf", "lattice", "exact")
_MOST_PIXELS_EXACT = 200 * 200
"""Largest image for the exact backend on a CPU; it takes minutes."""


def available_backends() -> tuple[str, ...]:
    """List the backends of ``dense_crf`` that this machine has."""
    return _BACKENDS if library.is_installed() else _BACKENDS[1:]


def dense_crf(
    image: np.ndarray | Tensor,
    probs: np.ndarray | Tensor,
    *,
    iterations: int = 10,
    smoothness_weight: float = 3.0,
    smoothness_std: float = 3.0,
    appearance_weight: float = 4.0,
    position_std: float = 121.0,
    color_std: float = 5.0,
    backend: str | None = None,
) -> np.ndarray | Tensor:
    """Refine class probabilities with mean-field inference in a fully connected CRF.

    All backends compute the same model: kernels are normalized symmetrically and
    include a pixel's message to itself. The paper does neither, but the library
    pydensecrf does both, and published weights are tuned for it. The first call with a
    backend prints its name.

    Args:
        image: RGB image, uint8, (H, W, 3).
        probs: Softmax output, float, (C, H, W), summing to 1 over C within 0.01.
        iterations: Number of mean-field updates, from 0.
        smoothness_weight: Weight of the kernel over positions alone, nats.
        smoothness_std: Standard deviation of that kernel, pixels of the image.
        appearance_weight: Weight of the kernel over positions and colors, nats.
        position_std: Standard deviation over positions, pixels of the image.
        color_std: Standard deviation over colors, gray levels (0 to 255).
        backend: "pydensecrf" (the default on a CPU if installed; no gradients),
            "lattice" (the default otherwise; torch alone, on CPU and CUDA,
            differentiable in ``probs``) or "exact" (every pair of pixels, for small
            images or a GPU; slow).

    Returns:
        Marginals after the last update, float32, (C, H, W), summing to 1 over C. If
        ``probs`` is a tensor, so are they, on its device; otherwise an array.

    Raises:
        TypeError: An argument has the wrong type; for example, ``image`` is not uint8.
        ValueError: An argument is out of range, or its shape does not fit.
        ModuleNotFoundError: ``backend`` is "pydensecrf", and it is not installed.

    Source:
        Krähenbühl and Koltun, 2011, arXiv:1210.5644. The defaults are those of the
        released DeepLab-LargeFOV.
    """
    pixels = check_image(image)
    size = tuple(pixels.shape[:2])
    checked = check_probs(probs, size)
    settings = check_settings(
        size,
        iterations,
        smoothness_weight=smoothness_weight,
        smoothness_std=smoothness_std,
        appearance_weight=appearance_weight,
        position_std=position_std,
        color_std=color_std,
    )
    device = checked.device if checked.is_cuda else torch.device("cpu")
    chosen = _choose(backend, checked, device)
    _announce(chosen, device.type)
    pixels, checked = pixels.to(device), checked.to(device)
    with torch.autocast(device.type, enabled=False):
        marginals = _infer(chosen, pixels, checked, settings)
    if isinstance(probs, Tensor):
        return marginals.to(probs.device)
    return marginals.numpy()


def _choose(backend: Any, probs: Tensor, device: torch.device) -> str:
    if backend is None:
        usable = device.type == "cpu" and not probs.requires_grad
        return "pydensecrf" if usable and library.is_installed() else "lattice"
    if backend not in _BACKENDS:
        raise ValueError(f"backend must be one of {_BACKENDS}, got {backend!r}")
    if backend == "pydensecrf" and not library.is_installed():
        raise ModuleNotFoundError(
            "backend 'pydensecrf' must be installed, but is not; take 'lattice', or "
            "see the README for how to install it"
        )
    if backend == "pydensecrf" and probs.requires_grad:
        raise ValueError(
            "probs must not require a gradient, since pydensecrf has none; take "
            "backend='lattice', or probs.detach()"
        )
    num_pixels = probs[0].numel()
    if backend == "exact" and device.type == "cpu" and num_pixels > _MOST_PIXELS_EXACT:
        raise ValueError(
            f"the image must have at most {_MOST_PIXELS_EXACT:,} pixels for the exact "
            f"backend on a CPU, got {num_pixels:,}; take a GPU, a crop or 'lattice'"
        )
    return backend


@functools.cache  # prints once, not for every image of a loop
def _announce(backend: str, device: str) -> None:
    others = ", ".join(repr(b) for b in available_backends() if b != backend)
    print(f"dense CRF: {backend} on {device} (backend= also takes {others})")


def _infer(backend: str, image: Tensor, probs: Tensor, settings: Settings) -> Tensor:
    """Compute the marginals, float32, (C, H, W), on the device of ``probs``."""
    unary = unary_energy(probs)
    if backend == "pydensecrf":
        marginals = library.infer(image, unary.detach(), settings)
    else:
        marginals = mean_field(
            unary.flatten(1).T.contiguous(),  # (N, C)
            *_kernels(backend, image, settings),
            iterations=settings.iterations,
        )
        marginals = marginals.T.reshape(probs.shape).contiguous()
    if not marginals.detach().isfinite().all():
        raise ArithmeticError(f"{backend} gave marginals that are not finite")
    return marginals


def _kernels(
    backend: str, image: Tensor, settings: Settings
) -> tuple[list[Any], list[float]]:
    """List the kernels and their weights, without those of weight 0."""
    size, kernels, weights = tuple(image.shape[:2]), [], []
    as_in_library = {"normalize": True, "include_self": True}
    if weight := settings.smoothness_weight:
        std = settings.smoothness_std
        if backend == "exact":
            kernel = GridKernel(size, std, device=image.device, **as_in_library)
        else:
            features = position_features(size, std, device=image.device)
            kernel = PermutohedralLattice(features, normalize=True)
        kernels.append(kernel)
        weights.append(weight)
    if weight := settings.appearance_weight:
        features = appearance_features(image, settings.position_std, settings.color_std)
        if backend == "exact":
            kernel = ExactKernel(features, **as_in_library)
        else:
            kernel = PermutohedralLattice(features, normalize=True)
        kernels.append(kernel)
        weights.append(weight)
    return kernels, weights
