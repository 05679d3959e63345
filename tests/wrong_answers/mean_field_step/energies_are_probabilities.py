"""The unary energies are turned into probabilities and added."""

HINT = "each pixel asks itself alone"


def mean_field_step(probs, unary, kernels, weights):
    scores = (-unary).exp()
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    return scores.softmax(dim=1)
