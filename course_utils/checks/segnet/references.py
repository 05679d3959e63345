"""Right values for notebook 03 by other means than a reader's, and typical wrong ones.

Each function is named after the exercise whose answers are compared with it.
"""

import statistics
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def conv_from_transposed(
    deconv: nn.ConvTranspose2d,
    x: Tensor,
    *,
    flipped: tuple[int, ...] = (2, 3),
    swapped: bool = True,
    bias: bool = True,
) -> Tensor:
    """Convolve ``x`` with the weights of ``deconv``; the options make the mistakes."""
    kernel = deconv.weight.flip(flipped)
    kernel = kernel.transpose(0, 1) if swapped else kernel
    return F.conv2d(x, kernel, deconv.bias if bias else None, padding=1)


def median_frequency_weights(
    targets: Tensor,
    num_classes: int,
    ignore_index: int = 255,
    *,
    void_counts: bool = True,
    all_images: bool = False,
    middle: Callable[[list[float]], float] = statistics.median,
) -> Tensor:
    """Weigh classes with plain lists; the options make the typical mistakes."""
    frequency = {}
    for k in range(num_classes):
        having = [t for t in targets if all_images or (t == k).any()]
        counted = [t if void_counts else t[t != ignore_index] for t in having]
        pixels = sum((t == k).sum().item() for t in having)
        if pixels and k != ignore_index:
            frequency[k] = pixels / sum(t.numel() for t in counted)
    typical = middle(list(frequency.values()))
    weights = [
        typical / f if (f := frequency.get(k)) else 0 for k in range(num_classes)
    ]
    return torch.tensor(weights, dtype=torch.float32)


def orthogonalize(
    gradient: Tensor,
    steps: int = 5,
    *,
    coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
    rows: int = 1,
    divided: str = "by the norm",
) -> Tensor:
    """Apply the polynomial to singular values; the options make the mistakes."""
    matrix = gradient.double().flatten(rows).flatten(0, rows - 1)
    u, values, v = torch.linalg.svd(matrix, full_matrices=False)
    size = {
        "by the norm": values.square().sum().sqrt(),
        "by the largest": matrix.abs().max(),
        "by the largest singular value": values.max(),
        "not at all": torch.ones(()),
    }[divided]
    values = values / size.where(size > 0, 1)
    a, b, c = coefficients
    for _ in range(steps):
        values = a * values + b * values**3 + c * values**5
    return ((u * values) @ v).view(gradient.shape).to(gradient.dtype)


def orthogonalizing_mistakes(gradient: Tensor, steps: int) -> dict[str, Tensor]:
    """Give the results of typical mistakes, by the hint that helps."""
    if not gradient.any():
        return {}
    mistakes = {
        "Divide by the Frobenius norm first: the root of the sum of squares.": {
            "divided": "not at all"
        },
        "Divide by the Frobenius norm, not by the largest number.": {
            "divided": "by the largest"
        },
        "Divide by the Frobenius norm, not by the largest singular value.": {
            "divided": "by the largest singular value"
        },
        "The last term is missing: c · A @ A @ X.": {
            "coefficients": (3.4445, -4.7750, 0)
        },
        "b is negative: -4.7750.": {"coefficients": (3.4445, 4.7750, 2.0315)},
        "These are the classic coefficients, 1.5 and -0.5; take a, b and c.": {
            "coefficients": (1.5, -0.5, 0)
        },
        "Flatten everything but the first axis: k·k kernels belong to an output.": {
            "rows": gradient.ndim - 1
        },
    }
    wrong = {
        hint: orthogonalize(gradient, steps, **options)
        for hint, options in mistakes.items()
    }
    wrong["A is X @ X.T, a product of matrices, and so is A @ A: not A * A."] = (
        _with_squares(gradient, steps)
    )
    for n in {0, 1, 5, steps - 1, steps + 1} - {steps, -1}:
        hint = f"The argument steps says how often to repeat; this is what {n} bring."
        wrong[hint] = orthogonalize(gradient, n)
    u, _, v = torch.linalg.svd(gradient.double().flatten(1), full_matrices=False)
    hint = "This is exactly orthogonal; a few steps only bring it near."
    wrong[hint] = (u @ v).view(gradient.shape).to(gradient.dtype)
    return wrong


def _with_squares(gradient: Tensor, steps: int) -> Tensor:
    """Square the entries of A instead of A."""
    x = gradient.double().flatten(1)
    is_tall = len(x) > x.shape[1]
    x = (x.T if is_tall else x) / x.norm()
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a * a) @ x
    return (x.T if is_tall else x).reshape(gradient.shape).to(gradient.dtype)


def pack_indices(indices: Tensor, input_size: tuple[int, int]) -> Tensor:
    """Look each index up in a map of offsets, which repeats every 2×2 cells."""
    height, width = (-(-n // 2) for n in input_size)
    offsets = torch.tensor([[0, 1], [2, 3]], dtype=torch.uint8).repeat(height, width)
    return offsets[: input_size[0], : input_size[1]].flatten()[indices]


def unpack_indices(offsets: Tensor, input_size: tuple[int, int]) -> Tensor:
    """Choose, of a map of flat indices, one in each 2×2 window."""
    height, width = input_size
    flat = torch.arange(height * width).view(1, 1, height, width).double()
    windows = F.pixel_unshuffle(flat, 2).long()  # (1, 4, H/2, W/2)
    windows = windows.expand(len(offsets), -1, -1, -1)
    return windows.gather(1, offsets.long())


def encoder_decoder(
    stages: nn.ModuleList, decoder: nn.ModuleList, images: Tensor
) -> Tensor:
    """Pool, rounding up, after each stage; unpool to the size before, and decode."""
    x, kept = images, []
    for stage in stages:
        x = stage(x)
        size = x.shape[-2:]
        x, indices = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
        kept.insert(0, (indices, size))
    for stage, (indices, size) in zip(decoder, kept, strict=True):
        x = stage(F.max_unpool2d(x, indices, 2, output_size=size))
    return x


def layer_mistakes(deconv: nn.ConvTranspose2d, x: Tensor) -> dict[str, Tensor]:
    """Compute what convolutions with typical wrong weights make of a map."""
    of = conv_from_transposed
    square = deconv.in_channels == deconv.out_channels
    mistakes = {
        "The kernel is turned by 180°: flip its rows and columns.": {"flipped": ()},
        "The columns are flipped too, not the rows alone.": {"flipped": (2,)},
        "The rows are flipped too, not the columns alone.": {"flipped": (3,)},
        "The bias is missing.": {"bias": False},
    }
    if square:
        hint = "Input and output channels change places in the weights."
        mistakes[hint] = {"swapped": False}
    return {hint: of(deconv, x, **options) for hint, options in mistakes.items()}


def weight_mistakes(
    targets: Tensor, num_classes: int, **options: int
) -> dict[str, Tensor]:
    """Compute typical wrong weights."""

    def of(**mistake: object) -> Tensor:
        return median_frequency_weights(targets, num_classes, **options, **mistake)

    right = of()
    return {
        "Void pixels count too, among all pixels of an image.": of(void_counts=False),
        "Only images in which the class occurs count.": of(all_images=True),
        "torch.median takes the lower of the middle two; here it is their mean.": of(
            middle=statistics.median_low
        ),
        "Take the median, not the mean.": of(middle=statistics.fmean),
        "That is 1 / frequency: the median is missing.": of(middle=lambda _: 1),
        "Classes that occur nowhere have no part in the median.": of(
            middle=lambda f: statistics.median([*f, *[0] * (num_classes - len(f))])
        ),
        "It is upside down: rare classes weigh more.": torch.where(
            right > 0, 1 / right, right
        ),
    }


def packing_mistakes(indices: Tensor, size: tuple[int, int]) -> dict[str, Tensor]:
    """Compute typical wrong offsets of some flat indices."""
    height, width = size
    rows, columns = indices // width % 2, indices % width % 2
    wrong = {
        "Rows come first: 2 · (row mod 2) + column mod 2.": 2 * columns + rows,
        "An index mod 4 mixes rows and columns: find row and column first.": indices
        % 4,
        "W is the second of input_size, not the first.": indices // height % 2 * 2
        + indices % height % 2,
        "W is that of the map before the pool.": indices // (width // 2) % 2 * 2
        + indices % (width // 2) % 2,
    }
    return {hint: value.to(torch.uint8) for hint, value in wrong.items()}


def unpacking_mistakes(offsets: Tensor, size: tuple[int, int]) -> dict[str, Tensor]:
    """Compute typical wrong flat indices of some offsets."""
    height, width = size
    down, right = offsets.long() // 2, offsets.long() % 2
    rows, columns = (torch.arange(n) for n in offsets.shape[-2:])
    rows = rows[:, None]
    wrong = {
        "A window is 2 cells wide and high: begin at twice its row and column.": (
            (rows + down) * width + columns + right
        ),
        "Rows come first: offset // 2 goes down, offset % 2 to the right.": (
            (2 * rows + right) * width + 2 * columns + down
        ),
        "A row is W cells long, W of the map before the pool.": (
            (2 * rows + down) * (width // 2) + 2 * columns + right
        ),
        "W is the second of input_size, not the first.": (
            (2 * rows + down) * height + 2 * columns + right
        ),
        "The place of the window itself is missing.": down * width + right,
    }
    return wrong
