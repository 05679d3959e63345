"""Check the debug clinic of notebook 04: a U-Net whose skips arrive at every size."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import (
    draw_values,
    make_module,
    outputs_of,
    parameters_should_learn,
    shape_should_be,
)
from course_utils.checks.skip_connections.references import join_skip

NUM_CLASSES = 3
PARTS = ("encoder", "bottleneck", "ups", "fuses", "score")
SIZES = [(32, 48), (250, 40), (47, 33), (45, 46), (34, 63)]


def make_net(Net: type[nn.Module]) -> nn.Module:
    """Make a net, in evaluation mode, and look for its parts."""
    hint = "SmallUNet is an nn.Module, made from num_classes."
    made = make_module(Net, NUM_CLASSES, hint=hint)
    ask(made.value.eval(), torch.randn(2, 3, 32, 48), hint="forward takes the images.")
    for name in PARTS:
        if not isinstance(getattr(made.value, name, None), nn.Module):
            problem = f"should have a part named {name}, got none"
            made.refuse(problem, "Keep the layers and their names; mend forward.")
    for name in ("encoder", "ups", "fuses"):
        if (number := len(getattr(made.value, name))) != 2:
            made.refuse(f"should have 2 parts in {name}, got {number}", "Keep them.")
    return made.value


def _forward_of(net: nn.Module, images: Tensor) -> Tensor:
    """Compute what the parts make of images whose sizes are multiples of 4."""
    skips, x = [], images
    for stage in net.encoder:
        skips.append(stage(x))
        x = F.max_pool2d(skips[-1], 2)
    x = net.bottleneck(x)
    for up, fuse in zip(net.ups, net.fuses, strict=True):
        x = fuse(join_skip(up(x), skips.pop()))
    return net.score(x)


@contextmanager
def _cut_below(net: nn.Module) -> Iterator[list[Tensor]]:
    """Let no gradient through the pools, and list what the encoder's stages return.

    A stage's map then moves the logits through its skip alone.
    """

    def cut(_: nn.Module, args: tuple[Any, ...]) -> tuple[Tensor, ...]:
        return (args[0].detach(), *args[1:])

    handles = [net.encoder[1].register_forward_pre_hook(cut)]
    handles += [net.bottleneck.register_forward_pre_hook(cut)]
    try:
        with outputs_of(*net.encoder) as maps:
            yield maps
    finally:
        for handle in handles:
            handle.remove()


def _skips_arrive(net: nn.Module, size: tuple[int, int]) -> None:
    """Measure, by gradient, that each skip is used, and lies where it belongs."""
    hint = f"Of {size[0]}×{size[1]} pixels, which map is joined at each level? Measure "
    hint += "what each skip carries: find_skips, or a gradient."
    images = torch.randn(2, 3, *size)
    with _cut_below(net) as maps:
        reply = ask(net, images, hint=hint)
    shape_should_be(reply, (2, NUM_CLASSES, *size), hint)
    row, column = size[0] - 8, size[1] - 8  # where a stretch has moved most
    pixel = reply.value[0, 0, row, column]  # of one class: probabilities sum to 1
    grads = torch.autograd.grad(pixel, maps, allow_unused=True, retain_graph=True)
    for level, (made, grad) in enumerate(zip(maps, grads, strict=True)):
        if grad is None or not grad.any():
            problem = f"should carry the map of encoder[{level}] ({made.shape[-2]}×"
            problem += f"{made.shape[-1]} cells) across its skip, got nothing of it"
            reply.refuse(problem, hint)
        places = grad[0].abs().sum(dim=0).nonzero().double()
        center = places.mean(dim=0) * 2**level
        shift = (center - torch.tensor([row, column])).abs().max().item()
        if shift > 2 * 2**level:
            problem = f"should join encoder[{level}] where it lies, got it {shift:.0f} "
            reply.refuse(
                f"{problem}pixels away", "Fit x to the skip, and move neither."
            )
    _last_pixel_is_answered(net, reply, hint)


def _last_pixel_is_answered(net: nn.Module, reply: Reply, hint: str) -> None:
    """Ask whether the last row and column, too, are computed from the image."""
    images = reply.args[0].clone().requires_grad_()
    corner = net(images)[0, 0, -1, -1]
    (grad,) = torch.autograd.grad(corner, images)
    if not grad[0, :, -1, -1].any():
        problem = "should answer the last pixel from the image, got nothing of it"
        reply.refuse(problem, hint)


@exercise("4.5")
def check_small_unet(SmallUNet: type[nn.Module]) -> Iterator[None]:
    """Check exercise 4.5: parts, sizes, what skips carry and where, values, learning.

    Padding x, cropping it, or pools that round up are all right.
    """
    net = make_net(SmallUNet)
    draw_values(net)
    yield
    for size in SIZES:
        _skips_arrive(net, size)
        yield
    images = torch.randn(2, 3, 32, 48)
    hint = "At sizes that can be halved twice, nothing should have changed: x first."
    with torch.no_grad():
        expected = _forward_of(net, images)
    ask(net, images, hint=hint).should_be(expected, hint, tolerance=1e-4)
    yield
    yield from parameters_should_learn(net, torch.randn(2, 3, 34, 47))
