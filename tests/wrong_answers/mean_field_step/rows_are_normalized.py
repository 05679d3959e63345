"""Each kernel is divided by the sums of its rows."""

HINT = "without dividing"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs) / kernel.sum(1, keepdim=True)
    return scores.softmax(dim=1)
