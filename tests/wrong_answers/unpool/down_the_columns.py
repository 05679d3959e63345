"""Indices are taken to count down the columns."""

HINT = "not down the columns"


def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat.view(*pooled.shape[:2], width, height).transpose(2, 3)
