"""Indices that go there and back, computed at once."""

import torch


def mirrored(side, padding):
    period = max(1, 2 * (side - 1))
    places = torch.arange(-padding, side + padding) % period
    return torch.where(places < side, places, period - places)


def reflect_pad(image, padding):
    rows, columns = (mirrored(side, padding) for side in image.shape[-2:])
    return image[..., rows, :][..., columns]
