"""Right values for notebook 02 from torch's functions, and the typical wrong ones.

Each function is named after the exercise whose answers are compared with it.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Size = tuple[int, int]


def pool(
    shape: tuple[int, int], size: Size, *, ceil_mode: bool = True
) -> tuple[Tensor, Tensor]:
    """Pool noise of both signs; return the maxima and their indices."""
    return F.max_pool2d(
        torch.randn(*shape, *size), 2, ceil_mode=ceil_mode, return_indices=True
    )


def pool_repeatedly(
    image: Tensor, number: int
) -> tuple[Tensor, list[Tensor], list[Size]]:
    """Pool an image; return the last map, indices and sizes from the deepest up."""
    x, indices, sizes = image, [], []
    for _ in range(number):
        sizes.append((x.shape[-2], x.shape[-1]))
        x, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
        indices.append(index)
    return x, indices[::-1], sizes[::-1]


def place(pooled: Tensor, indices: Tensor, size: Size) -> Tensor:
    """Put values at flat indices of a map of any size; what is outside is lost."""
    length = max(size[0] * size[1], int(indices.max()) + 1)
    flat = torch.zeros(*pooled.shape[:2], length, dtype=pooled.dtype)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat[..., : size[0] * size[1]].unflatten(2, size)


def unpool_mistakes(pooled: Tensor, indices: Tensor, size: Size) -> dict[str, Tensor]:
    """Make the typical wrong maps out of the right arguments."""
    (h, w), (height, width) = pooled.shape[-2:], size
    at_corners = torch.zeros(*pooled.shape[:2], 2 * h, 2 * w)
    at_corners[..., ::2, ::2] = pooled
    copies = pooled.repeat_interleave(2, -2).repeat_interleave(2, -1)
    of_the_first = indices[:1, :1].expand_as(indices)
    columns_first = place(pooled, indices, (width, height)).transpose(-2, -1)
    mistakes = {
        "That is the top left of every window: the indices are not used.": at_corners,
        "That copies every value four times; the other three cells are 0.": copies,
        "Every channel has indices of its own.": place(pooled, of_the_first, size),
        "Rows are W cells long, not twice the pooled width.": place(
            pooled, indices, (2 * h, 2 * w)
        ),
        "An index counts along rows, not down the columns.": columns_first,
    }
    right = place(pooled, indices, size)
    mistakes = {hint: m[..., :height, :width] for hint, m in mistakes.items()}
    return {hint: m for hint, m in mistakes.items() if not m.equal(right)}


def deconv_block(
    layers: list[nn.Module],
    x: Tensor,
    *,
    training: bool = False,
    relus: tuple[bool, bool] = (True, True),
    relu_first: bool = False,
) -> Tensor:
    """Apply the reader's layers to an unpooled map; the options make mistakes.

    Args:
        layers: Transposed convolutions and normalizations, in turn.
        x: Unpooled map, (N, in_channels, H, W).
        training: Normalize with the statistics of the batch.
        relus: ReLU after the normalizations but the last, and after the last.
        relu_first: ReLU before each normalization instead.
    """
    for k in range(0, len(layers), 2):
        x = _convolve(layers[k], x, padding=1)
        x = x.relu() if relu_first else x
        x = _normalize(layers[k + 1], x, training)
        x = x.relu() if relus[k == len(layers) - 2] and not relu_first else x
    return x.detach()


def decode(x: Tensor, indices: list[Tensor], sizes: list[Size]) -> Tensor:
    """Unpool with torch's own function, stage by stage."""
    for index, size in zip(indices, sizes, strict=True):
        x = F.max_unpool2d(x, index, 2, output_size=size)
    return x


def decode_mistakes(
    x: Tensor, indices: list[Tensor], sizes: list[Size]
) -> dict[str, Tensor]:
    """Make the map that has the right size and is wrong inside."""
    (height, width), right = sizes[-1], decode(x, indices, sizes)
    for index in indices:  # twice the map, as if no pool ever rounded up
        x = F.max_unpool2d(x[..., : index.shape[-2], : index.shape[-1]], index, 2)
    hint = "The size is right, but rows were read with another width than W."
    wrong = x[..., :height, :width]
    return {} if wrong.equal(right) else {hint: wrong}


def bottleneck(
    layers: list[nn.Module],
    pool5: Tensor,
    *,
    training: bool = False,
    centered: bool = False,
    relus: tuple[bool, bool, bool] = (True, True, True),
) -> Tensor:
    """Apply the reader's six layers to pool5; the options make mistakes."""
    height, width = pool5.shape[-2:]
    down, right = (max(0, 7 - n) for n in (height, width))
    top, left = (down // 2, right // 2) if centered else (0, 0)
    x = F.pad(pool5, (left, right - left, top, down - top))
    for k, rectify in enumerate(relus):
        x = _normalize(layers[2 * k + 1], _convolve(layers[2 * k], x), training)
        x = x.relu() if rectify else x
    return x[..., top : top + height, left : left + width].detach()


def _convolve(layer: nn.Module, x: Tensor, padding: int = 0) -> Tensor:
    transposed = isinstance(layer, nn.ConvTranspose2d)
    function = F.conv_transpose2d if transposed else F.conv2d
    return function(x, layer.weight, layer.bias, padding=padding)


def _normalize(norm: nn.Module, x: Tensor, training: bool) -> Tensor:
    """Normalize as a layer does, without updating its statistics."""
    mean, var = norm.running_mean.clone(), norm.running_var.clone()
    return F.batch_norm(x, mean, var, norm.weight, norm.bias, training, eps=norm.eps)
