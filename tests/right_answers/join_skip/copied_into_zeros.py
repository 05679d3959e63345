"""What fits is copied into a map of zeros."""


def join_skip(x, skip):
    images, channels = x.shape[:2]
    joined = skip.new_zeros(images, channels + skip.shape[1], *skip.shape[2:])
    height, width = (
        min(a, b) for a, b in zip(x.shape[2:], skip.shape[2:], strict=True)
    )
    joined[:, :channels, :height, :width] = x[:, :, :height, :width]
    joined[:, channels:] = skip
    return joined
