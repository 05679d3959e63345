"""Each pixel hears those that have changed already."""

HINT = "change at once"


def mean_field_step(probs, unary, kernels, weights):
    probs = probs.clone()
    for i in range(len(probs)):
        score = -unary[i]
        for kernel, weight in zip(kernels, weights, strict=True):
            score = score + weight * (kernel[i] @ probs)
        probs[i] = score.softmax(dim=0)
    return probs
