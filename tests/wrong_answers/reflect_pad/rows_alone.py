"""Only rows are continued."""

import torch.nn.functional as F

HINT = "outermost pixel is the mirror"


def reflect_pad(image, padding):
    return F.pad(image, (0, 0, padding, padding), mode="reflect")
