"""The image and its mirror are laid side by side, and a window is cut out."""

import torch


def continue_columns(x, padding):
    side = x.shape[-1]
    if side == 1:
        return x.expand(*x.shape[:-1], 1 + 2 * padding)
    period = torch.cat([x, x[..., 1:-1].flip(-1)], dim=-1)
    length = period.shape[-1]
    before = -(-padding // length)
    times = before + -(-(side + padding) // length)
    long = torch.cat([period] * times, dim=-1)
    start = before * length - padding
    return long[..., start : start + side + 2 * padding]


def reflect_pad(image, padding):
    x = continue_columns(image, padding).transpose(-1, -2)
    return continue_columns(x, padding).transpose(-1, -2)
