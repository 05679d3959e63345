"""The four cells around each place are gathered and weighted."""

import torch


def neighbors(small, large):
    """The cells before and after each place, and how far it is between them."""
    at = ((torch.arange(large) + 0.5) * small / large - 0.5).clamp(min=0)
    before = at.floor().long().clamp(max=small - 1)
    return before, (before + 1).clamp(max=small - 1), at - before


def fuse_skip(deep, skip):
    top, bottom, down = neighbors(deep.shape[2], skip.shape[2])
    left, right, along = neighbors(deep.shape[3], skip.shape[3])
    down = down[:, None]
    upper = deep[:, :, top]
    lower = deep[:, :, bottom]
    upper = upper[..., left] * (1 - along) + upper[..., right] * along
    lower = lower[..., left] * (1 - along) + lower[..., right] * along
    return upper * (1 - down) + lower * down + skip
