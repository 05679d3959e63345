"""Each block takes its most frequent class, which erases thin objects."""

import torch
import torch.nn.functional as F

HINT = "A target is the one at"


def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    classes = targets.unique()
    share = torch.stack([(targets == c).float() for c in classes], dim=1)
    return images, classes[F.adaptive_avg_pool2d(share, size).argmax(dim=1)]
