"""output_size is read as (W, H)."""

HINT = "should have shape"


def unpool(pooled, indices, output_size):
    width, height = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat.view(*pooled.shape[:2], height, width)
