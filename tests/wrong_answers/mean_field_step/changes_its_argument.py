"""The new probabilities are written into the old ones."""

HINT = "changed its argument 1"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    probs.data.copy_(scores.softmax(dim=1))
    return probs
