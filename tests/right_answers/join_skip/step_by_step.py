"""Rows and columns are added or cut off one after the other."""

import torch


def fit(x, dim, size):
    missing = size - x.shape[dim]
    if missing <= 0:
        return x.narrow(dim, 0, size)
    shape = list(x.shape)
    shape[dim] = missing
    return torch.cat([x, x.new_zeros(shape)], dim=dim)


def join_skip(x, skip):
    x = fit(fit(x, 2, skip.shape[2]), 3, skip.shape[3])
    return torch.cat((x, skip), 1)
