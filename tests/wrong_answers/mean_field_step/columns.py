"""What a pixel says is taken for what it hears."""

HINT = "K @ probs"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel.T @ probs)
    return scores.softmax(dim=1)
