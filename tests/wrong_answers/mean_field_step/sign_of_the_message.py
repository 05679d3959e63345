"""Neighbors speak against their own label."""

HINT = "plus, not minus"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores - weight * (kernel @ probs)
    return scores.softmax(dim=1)
