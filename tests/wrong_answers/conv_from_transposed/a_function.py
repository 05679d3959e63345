"""A function that convolves is no layer."""

import torch.nn.functional as F

HINT = "Make nn.Conv2d"


def conv_from_transposed(deconv):
    kernel = deconv.weight.transpose(0, 1).flip(2, 3)
    return lambda x: F.conv2d(x, kernel, deconv.bias, padding=1)
