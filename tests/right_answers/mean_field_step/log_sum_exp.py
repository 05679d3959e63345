"""The softmax written with logsumexp."""


def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    return (scores - scores.logsumexp(dim=1, keepdim=True)).exp()
