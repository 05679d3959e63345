"""The dimensions are not summed."""

HINT = "should have shape"


def pairwise_kernel(features, std):
    scaled = features / std
    return (-(scaled[:, None] - scaled).square() / 2).exp()
