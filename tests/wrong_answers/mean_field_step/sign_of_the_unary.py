"""The unary energy counts for a label."""

HINT = "-unary"


def mean_field_step(probs, unary, kernels, weights):
    scores = unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    return scores.softmax(dim=1)
