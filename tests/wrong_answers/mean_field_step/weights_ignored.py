"""All kernels count alike."""

HINT = "its own weight"


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel in kernels:
        scores = scores + kernel @ probs
    return scores.softmax(dim=1)
