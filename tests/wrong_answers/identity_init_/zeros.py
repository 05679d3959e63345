"""Everything becomes 0, as a residual branch would start."""

import torch

HINT = "With zeros alone"


@torch.no_grad()
def identity_init_(conv):
    conv.weight.zero_()
    if conv.bias is not None:
        conv.bias.zero_()
