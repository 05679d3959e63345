"""A step for each kernel, one after the other."""

HINT = "Sum over all kernels"


def mean_field_step(probs, unary, kernels, weights):
    probs = probs.clone()
    if not kernels:
        return (-unary).softmax(dim=1)
    for kernel, weight in zip(kernels, weights, strict=True):
        probs = (weight * (kernel @ probs) - unary).softmax(dim=1)
    return probs
