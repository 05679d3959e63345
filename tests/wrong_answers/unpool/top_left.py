"""Every value goes to the top left of its window."""

HINT = "the indices are not used"


def unpool(pooled, indices, output_size):
    height, width = output_size
    result = pooled.new_zeros(*pooled.shape[:2], height, width)
    result[..., ::2, ::2] = pooled
    return result
