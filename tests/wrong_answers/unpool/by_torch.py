"""The function that is to be written is called."""

import torch.nn.functional as F

HINT = "what you are to write"


def unpool(pooled, indices, output_size):
    return F.max_unpool2d(pooled, indices, 2, output_size=output_size)
