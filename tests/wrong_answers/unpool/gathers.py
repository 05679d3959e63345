"""Values are read at the indices instead of written to them."""

HINT = "raised RuntimeError"


def unpool(pooled, indices, output_size):
    height, width = output_size
    return (
        pooled.flatten(2)
        .gather(2, indices.flatten(2))
        .view(*pooled.shape[:2], height, width)
    )
