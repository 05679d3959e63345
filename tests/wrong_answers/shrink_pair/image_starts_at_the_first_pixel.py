"""Images are blurred and then picked from the first pixel of each block."""

import torch.nn.functional as F

HINT = "The image has moved"


def shrink_pair(images, targets, size):
    blurred = F.avg_pool2d(F.pad(images, [2] * 4, mode="replicate"), 4, 1)
    images = F.interpolate(blurred[..., :-1, :-1], size=size, mode="nearest")
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
