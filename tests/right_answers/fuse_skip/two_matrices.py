"""Bilinear interpolation is a matrix for the rows and one for the columns."""

import torch


def tent(small, large):
    """Weights of the small cells in each of the large ones, (large, small)."""
    at = (torch.arange(large) + 0.5) * small / large - 0.5
    at = at.clamp(0, small - 1)
    return (1 - (at[:, None] - torch.arange(small)).abs()).clamp(min=0)


def fuse_skip(deep, skip):
    rows = tent(deep.shape[-2], skip.shape[-2])
    columns = tent(deep.shape[-1], skip.shape[-1])
    return torch.einsum("yh,nchw,xw->ncyx", rows, deep, columns) + skip
