"""Continue an image beyond its border."""

import torch
from torch import Tensor
from torch.overrides import handle_torch_function, has_torch_function_unary


def reflect_pad(image: Tensor, padding: int) -> Tensor:
    """Continue an image on every side as its mirror image.

    Built in notebook 06 (exercise 6.4). The outermost pixels are not repeated; a
    padding wider than the image is reflected again at the other side. Equals
    ``numpy.pad(mode="reflect")``; ``F.pad`` stops where the padding reaches the size of
    the image.

    Shape: (N, C, H, W) to (N, C, H + 2·padding, W + 2·padding).

    Raises:
        ValueError: ``padding`` is negative.
    """
    if has_torch_function_unary(image):  # so that a ledger sees one step
        return handle_torch_function(reflect_pad, (image,), image, padding)
    if padding < 0:
        raise ValueError(f"padding must be 0 or more pixels, got {padding}")
    rows, columns = (
        _reflected(side, padding, image.device) for side in image.shape[-2:]
    )
    return image[..., rows[:, None], columns]


def _reflected(side: int, padding: int, device: torch.device) -> Tensor:
    """Number the pixels of one side, there and back again, from -padding on."""
    period = max(1, 2 * (side - 1))  # a side of one pixel is repeated
    places = torch.arange(-padding, side + padding, device=device) % period
    return torch.minimum(places, period - places)
