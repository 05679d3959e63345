"""Only the first image of the batch is unpooled."""

HINT = "Every image has indices of its own"


def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat[0] = flat[0].scatter(1, indices[0].flatten(1), pooled[0].flatten(1))
    return flat.view(*pooled.shape[:2], height, width)
