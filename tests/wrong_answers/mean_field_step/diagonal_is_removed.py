"""The kernel's diagonal is set to 0 again."""

HINT = "diagonal included"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * ((kernel - kernel.diagonal().diag()) @ probs)
    return scores.softmax(dim=1)
