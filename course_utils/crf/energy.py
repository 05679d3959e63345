"""The terms of the energy: what a pixel says itself, and what ties it to the others."""

import torch
from torch import Tensor

LEAST_PROBABILITY = 1e-5
"""What a probability of 0 is taken for; the library pydensecrf takes the same."""


def unary_energy(probs: Tensor) -> Tensor:
    """Return -log p, in nats, at most 11.5. Built in notebook 05 (exercise 5.3).

    A network that rounds a probability to 0 would otherwise forbid the class for good:
    no neighbor outvotes an infinite energy.

    Args:
        probs: floating point, of any shape, from 0 to 1.
    """
    return -probs.clamp(min=LEAST_PROBABILITY).log()


def pairwise_kernel(features: Tensor, std: Tensor | float) -> Tensor:
    """Compute exp(-d²/2) between every two pixels. Built in notebook 05 (exercise 5.4).

    Args:
        features: (N, D), such as rows, columns and gray levels.
        std: how far is far, in the units of the features: (D,), or one for all.

    Returns:
        (N, N), symmetric, zero on the diagonal: no pixel is its own neighbor.
    """
    scaled = features / std
    # The quick way, |a|² + |b|² - 2ab, loses the digits that near neighbors live on
    mode = "donot_use_mm_for_euclid_dist"
    distances = torch.cdist(scaled, scaled, compute_mode=mode)
    others = 1 - torch.eye(len(features), dtype=scaled.dtype, device=scaled.device)
    return (-distances.square() / 2).exp() * others


def position_features(
    size: tuple[int, int], std: float, *, device: torch.device | str = "cpu"
) -> Tensor:
    """List where the pixels are: column and row, divided by ``std``.

    Args:
        size: H and W of the image, pixels.
        std: of the kernel over positions, pixels.
        device: where to.

    Returns:
        float32, (H·W, 2).
    """
    rows, columns = (torch.arange(n, device=device, dtype=torch.float32) for n in size)
    # Columns first, as in the library: the lattice blurs one axis after the other, so
    # that their order is seen in its error
    grid = torch.meshgrid(columns, rows, indexing="xy")
    return torch.stack(grid, dim=-1).flatten(0, 1) / std


def appearance_features(image: Tensor, position_std: float, color_std: float) -> Tensor:
    """List where the pixels are and which color they have, each divided by its std.

    Args:
        image: RGB, uint8, (H, W, 3).
        position_std: of the kernel over positions, pixels.
        color_std: of the kernel over colors, gray levels (0 to 255).

    Returns:
        float32, (H·W, 5): column, row, red, green, blue.
    """
    height, width, _ = image.shape
    positions = position_features((height, width), position_std, device=image.device)
    return torch.cat([positions, image.flatten(0, 1) / color_std], dim=1)
