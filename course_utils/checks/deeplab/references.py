"""Right values for notebook 05 by other means than a reader's, and typical wrong ones.

Each function is named after the exercise whose answers are compared with it.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def same_padding(kernel_size: int, dilation: int) -> int:
    """Try paddings until a torch convolution, which computes nothing, keeps a size."""
    line = torch.empty(1, 1, 1000, device="meta")
    kernel = torch.empty(1, 1, kernel_size, device="meta")
    padding = 0
    while F.conv1d(line, kernel, None, 1, padding, dilation).shape != line.shape:
        padding += 1
    return padding


def large_fov_head(
    convs: list[nn.Conv2d],
    x: Tensor,
    *,
    dilation: int,
    relus: tuple[bool, bool, bool] = (True, True, False),
) -> Tensor:
    """Sum fc6's nine taps by shifting the map, then mix channels; in evaluation mode.

    ``relus`` and another ``dilation`` make the typical mistakes.
    """
    first, *rest = convs
    height, width = x.shape[-2:]
    padded = F.pad(x, [dilation] * 4)
    total = first.bias[:, None, None]
    for row in range(3):
        for column in range(3):
            top, left = row * dilation, column * dilation
            window = padded[..., top : top + height, left : left + width]
            tap = first.weight[:, :, row, column]
            total = total + torch.einsum("oc,nchw->nohw", tap, window)
    x = total.relu() if relus[0] else total
    for conv, rectify in zip(rest, relus[1:], strict=True):
        x = torch.einsum("oc,nchw->nohw", conv.weight[:, :, 0, 0], x)
        x = x + conv.bias[:, None, None]
        x = x.relu() if rectify else x
    return x


def pairwise_kernel(features: Tensor, std: Tensor) -> Tensor:
    """Compute the kernel pair by pair, in float64, and zero on the diagonal."""
    points = (features.double() / std.double()).tolist()
    rows = [
        [0.0 if a is b else math.exp(-(math.dist(a, b) ** 2) / 2) for b in points]
        for a in points
    ]
    return torch.tensor(rows, dtype=torch.float64).to(features.dtype)


def mean_field_step(
    probs: Tensor, unary: Tensor, kernels: list[Tensor], weights: list[float]
) -> Tensor:
    """Update pixel by pixel with the penalties of the Potts model, in float64."""
    updated = torch.empty_like(probs, dtype=torch.float64)
    for i in range(len(probs)):
        energy = unary[i].double()
        for kernel, weight in zip(kernels, weights, strict=True):
            others = 1 - probs.double()  # the probability of all other labels
            energy = energy + weight * (kernel[i].double()[:, None] * others).sum(0)
        updated[i] = (energy.min() - energy).exp()
    return (updated / updated.sum(dim=1, keepdim=True)).to(probs.dtype)


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
    right = pairwise_kernel(features, std)
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
        "Square the distance: exp(-d/2) has a sharp tip.": (
            (-distance / 2).exp() * others
        ),
        "std divides the features before anything is squared.": (
            pairwise_kernel(features, std.sqrt())
        ),
        "Each dimension is divided by its own std.": pairwise_kernel(
            features, std[:1].expand_as(std)
        ),
        "Use the kernel as it is: no division by its row sums.": (
            right / right.sum(dim=1, keepdim=True)
        ),
        "Dimensions add up before the exponential; nothing is left out.": (
            pairwise_kernel(features[:, :1], std[:1])
        ),
    }


def step_mistakes(
    probs: Tensor, unary: Tensor, kernels: list[Tensor], weights: list[float]
) -> dict[str, Tensor]:
    """Make the typical wrong steps."""
    rows = [kernel.sum(dim=1, keepdim=True).clamp(min=1e-9) for kernel in kernels]
    summed = _messages(probs, kernels, weights)
    columns = _messages(probs, [kernel.T for kernel in kernels], weights)
    plain = _messages(probs, kernels, [1.0] * len(kernels))
    divided = [kernel / row for kernel, row in zip(kernels, rows, strict=True)]
    normalized = _messages(probs, divided, weights)
    return {
        "An energy counts against a label: -unary.": (unary + summed).softmax(1),
        "Neighbors vote for their label: plus, not minus.": (
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
        "Row i of a kernel weights what pixel i receives: K @ probs.": (
            (columns - unary).softmax(1)
        ),
        "The kernels are used as given, without dividing by their row sums.": (
            (normalized - unary).softmax(1)
        ),
        "Pixels change at once: use the probs given, not updated ones.": (
            _one_after_the_other(probs, unary, kernels, weights)
        ),
    }


def _messages(probs: Tensor, kernels: list[Tensor], weights: list[float]) -> Tensor:
    """Sum what the kernels pass on to each pixel."""
    pairs = zip(kernels, weights, strict=True)
    return sum((w * (k @ probs) for k, w in pairs), torch.zeros_like(probs))


def _one_after_the_other(
    probs: Tensor, unary: Tensor, kernels: list[Tensor], weights: list[float]
) -> Tensor:
    """Update each pixel from those that are updated already."""
    probs = probs.clone()
    for i in range(len(probs)):
        score = -unary[i]
        for kernel, weight in zip(kernels, weights, strict=True):
            score = score + weight * (kernel[i] @ probs)
        probs[i] = score.softmax(dim=0)
    return probs
