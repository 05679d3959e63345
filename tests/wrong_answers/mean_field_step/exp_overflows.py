"""exp is written out, and overflows."""

HINT = "exp overflows"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    scores = scores.exp()
    return scores / scores.sum(dim=1, keepdim=True)
