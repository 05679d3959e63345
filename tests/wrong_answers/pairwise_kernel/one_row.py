"""Distances to the first pixel alone."""

HINT = "should have shape"


def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled - scaled[0]).square().sum(dim=1)
    return (-d2 / 2).exp()
