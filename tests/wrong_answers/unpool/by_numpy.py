"""The values travel through numpy, and the gradient is lost."""

import torch

HINT = "no detach, no_grad, numpy"


def unpool(pooled, indices, output_size):
    height, width = output_size
    result = torch.zeros(*pooled.shape[:2], height, width, dtype=pooled.dtype)
    values, places = pooled.detach().numpy(), indices.numpy()
    for n in range(values.shape[0]):
        for c in range(values.shape[1]):
            flat = result[n, c].view(-1).numpy()
            flat[places[n, c].ravel()] = values[n, c].ravel()
    return result
