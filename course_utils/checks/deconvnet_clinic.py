"""Check the first debug clinic of notebook 02: decoding at every size."""

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.checks.answer import ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import shape_should_be
from course_utils.models.blocks import Unpool
from course_utils.models.deconvnet import DeconvBlock

SIZES = [  # of the image, number of pools, hint
    ((8, 8), 1, "One block, one pool: block(x, indices, size)."),
    ((8, 12), 2, "The lists run from the deepest stage up, as the blocks do."),
    ((224, 224), 5, "Each block takes the indices and the size of its own pool."),
    ((250, 250), 5, "Twice the map is not always the size that entered the pool."),
    ((360, 480), 5, "Twice the map is not always the size that entered the pool."),
    ((223, 223), 5, "Print the size that each block returns beside sizes."),
    ((479, 351), 5, "Print the size that each block returns beside sizes."),
    ((31, 97), 3, "The number of blocks is that of the lists."),
]
Sizes = list[tuple[int, int]]
TOLERANCE = 1e-4  # of sums over a few hundred products


def pool_repeatedly(image: Tensor, number: int) -> tuple[Tensor, list[Tensor], Sizes]:
    """Pool an image; return the last map, indices and sizes from the deepest up."""
    x, indices, sizes = image, [], []
    for _ in range(number):
        sizes.append((x.shape[-2], x.shape[-1]))
        x, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
        indices.append(index)
    return x, indices[::-1], sizes[::-1]


def unpool_repeatedly(x: Tensor, indices: list[Tensor], sizes: Sizes) -> Tensor:
    """Unpool with torch's own function, stage by stage."""
    for index, size in zip(indices, sizes, strict=True):
        x = F.max_unpool2d(x, index, 2, output_size=size)
    return x


def decode_mistakes(
    x: Tensor, indices: list[Tensor], sizes: Sizes
) -> dict[str, Tensor]:
    """Make the map that has the right size and is wrong inside."""
    (height, width), right = sizes[-1], unpool_repeatedly(x, indices, sizes)
    for index in indices:  # twice the map, as if no pool ever rounded up
        x = F.max_unpool2d(x[..., : index.shape[-2], : index.shape[-1]], index, 2)
    hint = "The size is right, but rows were read with another width than W."
    wrong = x[..., :height, :width]
    return {} if wrong.equal(right) else {hint: wrong}


@exercise("2.3")
def check_decode(decode: Callable[..., Tensor]) -> Iterator[None]:
    """Check exercise 2.3 with blocks that only unpool, then with whole ones.

    Raises:
        AnswerError: at the first wrong case: what was called, wanted and returned.
    """
    for size, number, hint in SIZES:
        x, indices, sizes = pool_repeatedly(torch.rand(1, 1, *size) + 1, number)
        blocks = [Unpool() for _ in range(number)]
        reply = ask(decode, blocks, x, indices, sizes, hint=hint)
        reply.should_be(
            unpool_repeatedly(x, indices, sizes),
            hint,
            mistakes=decode_mistakes(x, indices, sizes),
        )
        yield
    yield from blocks_take_turns(decode)
    hint = "The encoder learns through it: no detach, no_grad or data."
    x, indices, sizes = pool_repeatedly(torch.rand(2, 1, 15, 10), 2)
    blocks = [Unpool(), Unpool()]
    reply = ask(decode, blocks, x.requires_grad_(), indices, sizes, hint=hint)
    reply.should_carry_gradient(hint)
    yield


def blocks_take_turns(decode: Callable[..., Tensor]) -> Iterator[None]:
    """Decode with whole blocks that differ in their channels."""
    hint = "Each block is called once, as block(x, indices, size), in order."
    _, indices, sizes = pool_repeatedly(torch.rand(2, 2, 23, 30), 2)
    indices[0] = indices[0].repeat(1, 2, 1, 1)  # four channels in the deeper stage
    x = torch.rand(indices[0].shape)
    blocks = [DeconvBlock(4, 2, 2).eval(), DeconvBlock(2, 3, 1).eval()]
    reply = ask(decode, blocks, x, indices, sizes, hint=hint)
    expected = x
    for block, index, size in zip(blocks, indices, sizes, strict=True):
        expected = block(expected, index, size)
    shape_should_be(reply, (2, 3, 23, 30), hint)
    reply.should_be(expected.detach(), hint, tolerance=TOLERANCE)
    yield
