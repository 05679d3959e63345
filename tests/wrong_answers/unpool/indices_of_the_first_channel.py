"""All channels are placed by the indices of the first."""

HINT = "Every channel has indices of its own"


def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat[..., indices[0, 0].flatten()] = pooled.flatten(2)
    return flat.view(*pooled.shape[:2], height, width)
