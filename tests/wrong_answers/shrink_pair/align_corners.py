"""Corner pixels of the images are put on corner pixels."""

import torch.nn.functional as F

HINT = "align_corners=False"


def shrink_pair(images, targets, size):
    images = F.interpolate(
        images, size=size, mode="bilinear", antialias=True, align_corners=True
    )
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
