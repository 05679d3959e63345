"""What typical misconceptions make of the exercises on the dense CRF.

Each function returns wrong values by the hint that explains them.
"""

import torch
from torch import Tensor

from course_utils.checks.deeplab import references


def energy_mistakes(probs: Tensor) -> dict[str, Tensor]:
    """Make the typical wrong energies of positive probabilities."""
    return {
        "A likely label has a low energy: mind the sign.": probs.log(),
        "The natural logarithm: energies are in nats.": -probs.log2(),
        "The natural logarithm, not that of ten.": -probs.log10(),
        "These are probabilities already: no softmax.": -probs.log_softmax(dim=0),
        "That is linear: being sure and wrong would cost no more than 1.": 1 - probs,
        "That is an entropy: the energy of a label is -log p alone.": (
            -probs * probs.log()
        ),
    }


def kernel_mistakes(features: Tensor, std: Tensor) -> dict[str, Tensor]:
    """Make the typical wrong kernels."""
    right = references.pairwise_kernel(features, std)
    scaled = features / std
    distance = torch.cdist(scaled, scaled)
    others = 1 - torch.eye(len(features), dtype=features.dtype)
    return {
        "Zero on the diagonal: a pixel is not its own neighbor.": (
            right + torch.eye(len(features), dtype=features.dtype)
        ),
        "The exponent is half of the squared distance: where is the half?": (
            right.square()
        ),
        "Squared: that falls like exp(-d/2), with a sharp tip.": (
            (-distance / 2).exp() * others
        ),
        "std divides the features before anything is squared.": (
            references.pairwise_kernel(features, std.sqrt())
        ),
        "Each dimension is divided by its own std.": references.pairwise_kernel(
            features, std[:1].expand_as(std)
        ),
        "Used as it is: no division by the sums of the rows.": (
            right / right.sum(dim=1, keepdim=True)
        ),
        "Dimensions add up before the exponential; nothing is left out.": (
            references.pairwise_kernel(features[:, :1], std[:1])
        ),
    }


def step_mistakes(
    probs: Tensor, unary: Tensor, kernels: list[Tensor], weights: list[float]
) -> dict[str, Tensor]:
    """Make the typical wrong steps."""
    summed = sum(
        (w * (k @ probs) for k, w in zip(kernels, weights, strict=True)),
        torch.zeros_like(probs),
    )
    columns = sum(
        (w * (k.T @ probs) for k, w in zip(kernels, weights, strict=True)),
        torch.zeros_like(probs),
    )
    plain = sum((k @ probs for k in kernels), torch.zeros_like(probs))
    row_sums = [k.sum(dim=1, keepdim=True).clamp(min=1e-9) for k in kernels]
    normalized = sum(
        (
            w * (k @ probs) / n
            for k, w, n in zip(kernels, weights, row_sums, strict=True)
        ),
        torch.zeros_like(probs),
    )
    base = {
        "An energy counts against a label: -unary.": (unary + summed).softmax(1),
        "Neighbors of a label speak for it: plus, not minus.": (
            (-unary - summed).softmax(1)
        ),
        "Softmax over the classes of a pixel, dim=1, not over the pixels.": (
            (summed - unary).softmax(0)
        ),
        "Each pixel starts from its unary energy, not from its last probability.": (
            (probs.clamp(min=1e-9).log() + summed).softmax(1)
        ),
        "These are scores; a softmax over the classes makes them sum to 1.": (
            summed - unary
        ),
        "Each kernel has its own weight.": (plain - unary).softmax(1),
        "Row i of a kernel says what pixel i hears: K @ probs.": (
            (columns - unary).softmax(1)
        ),
        "The kernels are used as given, without dividing by sums of rows.": (
            (normalized - unary).softmax(1)
        ),
    }
    base["Pixels change at once: use the probs given, not updated ones."] = (
        one_after_the_other(probs, unary, kernels, weights)
    )
    return base


def one_after_the_other(
    probs: Tensor, unary: Tensor, kernels: list[Tensor], weights: list[float]
) -> Tensor:
    """Update each pixel from those that are updated already: a typical mistake."""
    probs = probs.clone()
    for i in range(len(probs)):
        score = -unary[i]
        for kernel, weight in zip(kernels, weights, strict=True):
            score = score + weight * (kernel[i] @ probs)
        probs[i] = score.softmax(dim=0)
    return probs
