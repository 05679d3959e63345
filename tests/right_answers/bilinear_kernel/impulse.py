"""What interpolation makes of a single lit pixel."""

import torch
import torch.nn.functional as F


def bilinear_kernel(factor):
    image = torch.zeros(1, 1, 3, 3)
    image[0, 0, 1, 1] = 1
    image = F.interpolate(image, scale_factor=factor, mode="bilinear")
    first = factor // 2
    return image[0, 0, first : first + 2 * factor, first : first + 2 * factor]
