"""One flat list for all channels: their indices all begin at 0."""

HINT = "Every channel has indices of its own"


def unpool(pooled, indices, output_size):
    height, width = output_size
    result = pooled.new_zeros(pooled[:, :, 0, 0].numel() * height * width)
    result[indices.flatten()] = pooled.flatten()
    return result.view(*pooled.shape[:2], height, width)
