"""Check the exercises of notebook 06, DilatedNet; 6.3 is in ``dilatednet_context``."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise

WINDOWS = [  # dilations, kernel_size, side, cells touched in a row, hint
    ([1], 3, 3, 3, "One plain layer touches all of its nine cells."),
    ([], 3, 1, 1, "With no layer at all, a cell sees itself."),
    (
        [1, 1],
        3,
        5,
        5,
        "A layer adds dilation * (kernel_size - 1) cells a side; none is left out.",
    ),
    ([2], 3, 5, 3, "Taps at 0, 2 and 4: 3 of 5 in a row, so 9 of 25 in the window."),
    ([12], 3, 25, 3, "Three taps in a row, however far apart they are."),
    ([1, 2], 3, 7, 7, "Every tap of a layer brings all that the layers below touch."),
    ([2, 2, 2], 3, 13, 7, "Only every other cell is reached: 7 of 13 in a row."),
    ([1, 2, 5], 3, 17, 17, "The layers below fill a gap that is no wider than they."),
    ([1, 12], 3, 27, 9, "A dilation of 1 fills only gaps that are not too wide."),
    ([2], 5, 9, 5, "A kernel of 5 has five taps in a row."),
    ([3, 1], 1, 1, 1, "A 1x1 kernel sees one cell, whatever its dilation."),
]
KERNELS = [  # channels, kernel_size, options, hint
    (1, 3, {}, "One channel: 1 at the middle of the 3x3 taps, 0 elsewhere."),
    (3, 3, {}, "Output channel k draws on input channel k alone."),
    (2, 5, {}, "The middle of a kernel of 5 is tap 2: kernel_size // 2."),
    (2, 1, {}, "A 1x1 kernel has one tap, and that is the middle."),
    (2, (3, 5), {}, "Height and width each have their own middle."),
    (3, 3, {"dilation": 4}, "Dilation changes nothing: the middle tap stays."),
    (2, 7, {"bias": False}, "There may be no bias: conv.bias is None then."),
]
PADDINGS = [  # shape, padding, hint
    ((1, 1, 3, 3), 2, "The outermost pixel is the mirror: it is not repeated."),
    ((1, 1, 3, 5), 2, "All four sides grow by padding; H and W each have their rule."),
    ((2, 3, 4, 6), 3, "Every image and every channel alike."),
    ((1, 1, 2, 3), 0, "A padding of 0 leaves the image as it is."),
    ((1, 1, 3, 4), 3, "Wider than the image: turn around again at the far border."),
    ((1, 2, 4, 3), 11, "Wider than the image: there and back, again and again."),
    ((1, 1, 2, 5), 186, "186 pixels around a small image: there and back, many times."),
    ((1, 1, 1, 3), 4, "A side of one pixel has nothing to mirror: repeat the pixel."),
]


def window_of(dilations: list[int], kernel_size: int) -> tuple[int, float]:
    """Spread one lit cell with kernels of ones, and count what is lit."""
    lit = torch.ones(1, 1, 1, 1, dtype=torch.float64)
    kernel = torch.ones(1, 1, kernel_size, kernel_size, dtype=torch.float64)
    for dilation in dilations:
        lit = F.conv_transpose2d(lit, kernel, dilation=dilation).clamp(max=1)
    return lit.shape[-1], lit.mean().item()


@exercise("6.1")
def check_footprint(footprint: Callable[..., tuple[int, float]]) -> Iterator[None]:
    """Check exercise 6.1, from one layer to random stacks and the context module.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for dilations, kernel_size, side, touched, hint in WINDOWS:
        options = {} if kernel_size == 3 else {"kernel_size": kernel_size}
        row = touched / side
        mistakes = {
            "That is the share of a row; the window is square.": (side, row),
            "That is in percent; give a proportion.": (side, 100 * row**2),
        }
        reply = ask(footprint, dilations, hint=hint, **options)
        reply.should_be((side, row**2), hint, mistakes=mistakes)
        yield
    numbers = random.Random(0)
    stacks = [
        ([numbers.randint(1, 7) for _ in range(length)], numbers.choice([2, 3, 5]))
        for length in (1, 2, 3, 4)
    ]
    hint = "Layer by layer, add every tap to every place that is touched so far."
    for dilations, kernel_size in [*stacks, ([1, 1, 2, 4, 8, 16, 1], 3)]:
        reply = ask(footprint, dilations, kernel_size=kernel_size, hint=hint)
        reply.should_be(window_of(dilations, kernel_size), hint)
        yield


def kernel_mistakes(right: Tensor) -> dict[str, Tensor]:
    """Make typical wrong kernels out of the right one."""
    channels, taps = range(len(right)), right[0, 0].numel()
    first, mean = torch.zeros_like(right), torch.zeros_like(right)
    first[channels, channels, 0, 0] = 1
    mean[channels, channels] = 1 / taps
    return {
        "Every output adds up all channels; let it draw on its own.": (
            right.amax(dim=(0, 1)).expand_as(right)
        ),
        "That is the first tap: the output is shifted.": first,
        "That is a mean over the taps: the output is blurred.": mean,
        "With zeros alone nothing comes through.": torch.zeros_like(right),
    }


def weights_should_be_right(reply: Reply, conv: nn.Conv2d, hint: str) -> None:
    """Compare weight and bias after the call with torch's own identity."""
    expected = nn.init.dirac_(torch.empty_like(conv.weight))
    call = f"the weight after {reply.call}"
    reply = replace(reply, call=call, value=conv.weight.detach())
    mistakes = kernel_mistakes(expected) if conv.weight[0, 0].numel() > 1 else None
    reply.should_be(expected.detach(), hint, mistakes=mistakes)
    if conv.bias is not None:
        call = call.replace("weight", "bias", 1)
        reply = replace(reply, call=call, value=conv.bias.detach())
        reply.should_be(torch.zeros(len(conv.bias)), "The bias must become 0, too.")


@exercise("6.2")
def check_identity_init_(identity_init_: Callable[[nn.Conv2d], None]) -> Iterator[None]:
    """Check exercise 6.2: in place, the numbers, and what the convolution then does.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for channels, kernel_size, options, hint in KERNELS:
        conv = nn.Conv2d(channels, channels, kernel_size, padding="same", **options)
        before = dict(conv.named_parameters())
        reply = ask(identity_init_, conv, hint=hint)
        after = dict(conv.named_parameters())
        if any(after.get(name) is not tensor for name, tensor in before.items()):
            note = "Fill the tensors that are there: an optimizer may hold them."
            reply.refuse("should change weight and bias in place, got others", note)
        if not all(p.requires_grad and p.is_leaf for p in after.values()):
            note = "Change the values alone, inside torch.no_grad()."
            reply.refuse("should leave weight and bias able to learn", note)
        if reply.value is not None:
            note = "It works in place, as its name says with the underscore."
            reply.refuse(f"should return None, got a {_kind(reply.value)}", note)
        weights_should_be_right(reply, conv, hint)
        yield
    conv, image = (
        nn.Conv2d(3, 3, 3, padding="same", dilation=2),
        torch.randn(2, 3, 5, 7),
    )
    nn.init.constant_(conv.weight, float("nan"))
    ask(identity_init_, conv)
    ask(conv, image).should_be(image, "Write every number; don't scale what was there.")
    yield


def _kind(value: object) -> str:
    return type(value).__name__


def padding_mistakes(image: Tensor, padding: int) -> dict[str, Tensor]:
    """Make the typical wrong continuations of an image."""
    sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    hints = {
        "symmetric": "There the outermost pixel is repeated; reflection skips it.",
        "edge": "That repeats the outermost pixel.",
        "wrap": "That goes on with the other side, as a tile does.",
        "constant": "Those are zeros: the network would see a frame.",
    }
    return {
        hint: torch.from_numpy(np.pad(image.numpy(), sides, mode=mode))
        for mode, hint in hints.items()
    }


@exercise("6.4")
def check_reflect_pad(reflect_pad: Callable[[Tensor, int], Tensor]) -> Iterator[None]:
    """Check exercise 6.4: narrow paddings, then wider than the image, then gradients.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for shape, padding, hint in PADDINGS:
        image = torch.arange(1.0, 1 + np.prod(shape)).view(shape)
        sides = ((0, 0), (0, 0), (padding, padding), (padding, padding))
        expected = torch.from_numpy(np.pad(image.numpy(), sides, mode="reflect"))
        mistakes = padding_mistakes(image, padding) if padding else None
        reply = ask(reflect_pad, image, padding, hint=hint)
        reply.should_be(expected, hint, mistakes=mistakes)
        yield
    hint = "Gradients must flow back to the image: stay with torch, nothing detached."
    image = torch.rand(1, 1, 3, 3, requires_grad=True)
    (grad,) = ask(reflect_pad, image, 1, hint=hint).should_carry_gradient(hint)
    # a corner is seen once, a middle of a side 1 + 2 times along that side's axis
    times = torch.tensor([1.0, 3.0, 1.0])
    Reply("the gradient of its sum", (), grad[0, 0]).should_be(
        torch.outer(times, times), hint
    )
    yield
