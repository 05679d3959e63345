"""The map is cut to output_size, and the indices are still read in rows of 2w."""

HINT = "not twice the pooled width"


def unpool(pooled, indices, output_size):
    n, c, h, w = pooled.shape
    height, width = output_size
    result = pooled.new_zeros(n, c, 4 * h * w)
    result = result.scatter(2, indices.flatten(2), pooled.flatten(2))
    return result.view(n, c, 2 * h, 2 * w)[..., :height, :width]
