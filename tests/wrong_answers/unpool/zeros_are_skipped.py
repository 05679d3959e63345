"""Zeros and negative values are taken for empty cells."""

HINT = "Each value goes to the cell its index counts to"


def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.relu().flatten(2))
    return flat.view(*pooled.shape[:2], height, width)
