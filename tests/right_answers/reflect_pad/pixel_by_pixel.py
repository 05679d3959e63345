"""One pixel at a time, each bounced between the borders."""

import torch


def bounced(place, side):
    while side > 1 and not 0 <= place < side:
        place = -place if place < 0 else 2 * (side - 1) - place
    return place if side > 1 else 0


def reflect_pad(image, padding):
    height, width = image.shape[-2:]
    columns = [bounced(k, width) for k in range(-padding, width + padding)]
    rows = [
        image[..., bounced(k, height), :][..., columns]
        for k in range(-padding, height + padding)
    ]
    return torch.stack(rows, dim=-2)
