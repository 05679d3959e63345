"""Images are picked like targets, so fine texture turns into noise."""

import torch.nn.functional as F

HINT = "must turn gray"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="nearest-exact")
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
