"""Each class is updated against its own rest, and never shares out 1."""

HINT = "should be"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    return scores.sigmoid()
