"""The margin is the border strip itself, shifted and not mirrored."""

import torch

HINT = "as a tile does"


def reflect_pad(image, padding):
    if padding == 0:
        return image
    head, tail = image[..., 1 : 1 + padding, :], image[..., -1 - padding : -1, :]
    x = torch.cat([head, image, tail], dim=-2)
    head, tail = x[..., 1 : 1 + padding], x[..., -1 - padding : -1]
    return torch.cat([head, x, tail], dim=-1)
