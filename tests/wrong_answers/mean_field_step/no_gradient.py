"""The step is taken without a gradient."""

HINT = "no detach"


def mean_field_step(probs, unary, kernels, weights):
    probs, unary = probs.detach(), unary.detach()
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    return scores.softmax(dim=1)
