"""The map is taken to be twice as large as the pooled one."""

HINT = "7 rows are pooled to 4"


def unpool(pooled, indices, output_size):
    n, c, h, w = pooled.shape
    result = pooled.new_zeros(n, c, 2 * h * 2 * w)
    result = result.scatter(2, indices.flatten(2), pooled.flatten(2))
    return result.view(n, c, 2 * h, 2 * w)
