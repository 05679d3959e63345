"""Pool indices in little memory: a flat index says only which of four cells it was.

Source: Badrinarayanan, Kendall and Cipolla, 2017, arXiv:1511.00561, section 3, which
notes that 2 bits for each 2×2 window are enough. Unlike there, an offset takes a byte;
notebook 03 puts four of them into one.
"""

import torch
from torch import Tensor


def pack_indices(indices: Tensor, input_size: tuple[int, int]) -> Tensor:
    """Keep of each flat index where in its 2×2 window the largest value was.

    Built in notebook 03 (exercise 3.3).

    Args:
        indices: int64, (N, C, h, w), as ``F.max_pool2d(x, 2, return_indices=True)``
            returns them: row·W + column.
        input_size: (H, W) of the map that was pooled; odd ones too, if the pool rounded
            up or down.

    Returns:
        2·(row mod 2) + column mod 2, uint8, (N, C, h, w).

    Raises:
        TypeError: ``indices`` are not int64.
        ValueError: ``input_size`` is not what was pooled to (h, w).
    """
    if indices.dtype != torch.int64:
        raise TypeError(
            f"indices must be int64, got {indices.dtype}; take them from the pool"
        )
    _check_size(indices, input_size)
    width = input_size[1]
    return (indices // width % 2 * 2 + indices % width % 2).to(torch.uint8)


def unpack_indices(offsets: Tensor, input_size: tuple[int, int]) -> Tensor:
    """Restore flat indices from where in its 2×2 window each of them lies.

    Built in notebook 03 (exercise 3.3).

    Args:
        offsets: uint8, (N, C, h, w), what ``pack_indices`` returns.
        input_size: (H, W) of the map that was pooled.

    Returns:
        row·W + column, int64, (N, C, h, w).

    Raises:
        TypeError: ``offsets`` are not uint8.
        ValueError: ``input_size`` is not what was pooled to (h, w).
    """
    if offsets.dtype != torch.uint8:
        raise TypeError(
            f"offsets must be uint8, got {offsets.dtype}; pack the indices first"
        )
    _check_size(offsets, input_size)
    offsets = offsets.long()
    rows, columns = (
        2 * torch.arange(n, device=offsets.device) for n in offsets.shape[-2:]
    )
    return (rows[:, None] + offsets // 2) * input_size[1] + columns + offsets % 2


def _check_size(pooled: Tensor, input_size: tuple[int, int]) -> None:
    for small, large in zip(pooled.shape[-2:], input_size, strict=True):
        if small not in (large // 2, (large + 1) // 2):
            height, width = input_size
            raise ValueError(
                f"input_size must be the size before the pool, got {height}×{width} "
                f"for a map of {tuple(pooled.shape[-2:])}"
            )
