"""The energy of a labeling: unary terms, and pairwise terms between all pixels."""

import torch
from torch import Tensor

from course_utils.arguments import DEVICE, checked, either, number, size, tensor

_LEAST_PROBABILITY = 1e-5
"""Smaller probabilities are raised to this, as in the library pydensecrf."""
FEATURES = tensor("N D", "float", finite=True)
"""A rule that functions share: features of the pixels."""
_PROBS = tensor("...", "float", finite=True).also(
    "from 0 to 1", lambda probs: bool(((probs >= 0) & (probs <= 1.01)).all())
)
_STDS = tensor("D or scalar", "float", finite=True).also(
    "above 0", lambda std: bool((std > 0).all())
)
_STD = number(above=0)
_IMAGE = tensor("H W 3", "uint8")


@checked(probs=_PROBS)
def unary_energy(probs: Tensor) -> Tensor:
    """Return -log p, in nats, at most 11.5. Built in notebook 05 (exercise 5.3).

    Without the limit, a probability that a network rounds to 0 would rule out its class
    for good: no neighbor outvotes an infinite energy.

    Args:
        probs: Probabilities, floating point, from 0 to 1, of any shape.
    """
    return -probs.clamp(min=_LEAST_PROBABILITY).log()


@checked(features=FEATURES, std=either(_STD, _STDS))
def pairwise_kernel(features: Tensor, std: Tensor | float) -> Tensor:
    """Compute exp(-d²/2) between every two pixels. Built in notebook 05 (exercise 5.4).

    Args:
        features: Features of the pixels, (N, D), such as rows, columns and gray levels.
        std: Standard deviation in the units of the features: (D,), or one for all.

    Returns:
        The kernel, (N, N), symmetric, zero on the diagonal: no pixel is its own
        neighbor.
    """
    if isinstance(std, Tensor) and std.ndim and len(std) != features.shape[1]:
        raise ValueError(
            f"std must hold one number for each of the {features.shape[1]} features, "
            f"or be one for all, got {len(std)}"
        )
    scaled = features / std
    # The faster |a|² + |b|² - 2ab would lose the digits that tell near neighbors apart
    mode = "donot_use_mm_for_euclid_dist"
    distances = torch.cdist(scaled, scaled, compute_mode=mode)
    others = 1 - torch.eye(len(features), dtype=scaled.dtype, device=scaled.device)
    return (-distances.square() / 2).exp() * others


@checked(size=size(), std=_STD, device=DEVICE)
def position_features(
    size: tuple[int, int], std: float, *, device: torch.device | str = "cpu"
) -> Tensor:
    """Compute the features of the smoothness kernel: column and row over ``std``.

    Args:
        size: H and W of the image, pixels.
        std: Standard deviation over positions, pixels.
        device: Device of the result.

    Returns:
        Features, float32, (H·W, 2).
    """
    rows, columns = (torch.arange(n, device=device, dtype=torch.float32) for n in size)
    # Columns first, as in the library: the lattice blurs one axis after the other, and
    # its error depends on their order
    grid = torch.meshgrid(columns, rows, indexing="xy")
    return torch.stack(grid, dim=-1).flatten(0, 1) / std


@checked(image=_IMAGE, position_std=_STD, color_std=_STD)
def appearance_features(image: Tensor, position_std: float, color_std: float) -> Tensor:
    """Compute the features of the appearance kernel: positions and colors over std.

    Args:
        image: RGB image, uint8, (H, W, 3).
        position_std: Standard deviation over positions, pixels.
        color_std: Standard deviation over colors, gray levels (0 to 255).

    Returns:
        Features, float32, (H·W, 5): column, row, red, green, blue.
    """
    height, width, _ = image.shape
    positions = position_features((height, width), position_std, device=image.device)
    return torch.cat([positions, image.flatten(0, 1) / color_std], dim=1)
