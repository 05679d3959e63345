"""A pixel is its own best neighbor."""

HINT = "not its own neighbor"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-d2 / 2).exp()
