"""The period is 2 n - 1, so the far border comes twice."""

import torch

HINT = "far border"


def mirrored(side, padding):
    places = torch.arange(-padding, side + padding).abs() % (2 * side - 1)
    return torch.where(places >= side, 2 * side - 2 - places, places).abs()


def reflect_pad(image, padding):
    rows, columns = (mirrored(side, padding) for side in image.shape[-2:])
    return image[..., rows, :][..., columns]
