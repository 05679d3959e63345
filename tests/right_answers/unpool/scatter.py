"""One scatter for all channels."""


def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat.unflatten(2, (height, width))
