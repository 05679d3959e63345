"""Images keep their proportions and lose their sides; targets are squeezed."""

import torch.nn.functional as F
from torchvision.transforms.v2 import functional as TF

HINT = "moved"


def shrink_pair(images, targets, size):
    (height, width), (new_height, new_width) = targets.shape[1:], size
    scale = max(new_height / height, new_width / width)
    between = [round(height * scale), round(width * scale)]
    images = F.interpolate(images, size=between, mode="bilinear", antialias=True)
    images = TF.center_crop(images, list(size))
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
