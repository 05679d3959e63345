"""Answers to exercise 2.3: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # Copies of the lists, read from their ends.
    "copies_of_the_lists": """
def decode(blocks, x, indices, sizes):
    indices, sizes = indices[::-1], list(reversed(sizes))
    for block in blocks:
        x = block(x, indices.pop(), sizes.pop())
    return x
""",
    # A counting loop.
    "counting": """
def decode(blocks, x, indices, sizes):
    for k in range(len(blocks)):
        height, width = sizes[k]
        x = blocks[k](x, indices[k], (height, width))
    return x
""",
    # The first stage, then the rest.
    "recursive": """
def decode(blocks, x, indices, sizes):
    if not blocks:
        return x
    x = blocks[0](x, indices[0], sizes[0])
    return decode(blocks[1:], x, indices[1:], sizes[1:])
""",
    # A fold over the stages.
    "reduce": """
from functools import reduce


def decode(blocks, x, indices, sizes):
    stages = zip(blocks, indices, sizes, strict=True)
    return reduce(lambda x, stage: stage[0](x, stage[1], stage[2]), stages, x)
""",
    # One loop over the three lists.
    "zip": """
def decode(blocks, x, indices, sizes):
    for block, index, size in zip(blocks, indices, sizes, strict=True):
        x = block(x, index, size)
    return x
""",
}

MISTAKES = {
    "copies_of_the_lists": {
        "The lists are emptied while they are read.": Mistake(
            "indices, sizes = … pop())",
            "for block in blocks:\n        x = block(x, indices.pop(0), sizes.pop(0))",
            hint="in place",
        ),
    },
    "zip": {
        "Every stage doubles its map; the excess is cut off.": Mistake(
            "block(x, index, size)\n    return x",
            """x[..., : index.shape[-2], : index.shape[-1]]
        x = block(x, index, [2 * n for n in x.shape[-2:]])
    return x[..., : size[0], : size[1]]""",
            hint="with another width than W",
        ),
        "The size is twice the map, less one where the image is odd.": Mistake(
            "x = block(x, index, size)",
            """odd = (sizes[-1][0] % 2, sizes[-1][1] % 2)
        size = (2 * x.shape[-2] - odd[0], 2 * x.shape[-1] - odd[1])
        x = block(x, index, size)""",
            hint="raised",
        ),
        "The first block is used at every stage.": Mistake(
            "block, … x = block",
            "index, size in zip(indices, sizes, strict=True):\n        x = blocks[0]",
            hint="called once",
        ),
        "Five blocks are assumed.": Mistake(
            "block, … x = block(x, index, size)",
            "k in range(5):\n        x = blocks[k](x, indices[k], sizes[k])",
            hint="raised IndexError",
        ),
        "Indices are rewritten for rows of twice the pooled width.": Mistake(
            "x = block(x, index, size)",
            """width = 2 * index.shape[-1]
        index = index // size[1] * width + index % size[1]
        x = block(x, index, size)""",
            hint="raised",
        ),
        "The lists are read from the image down.": Mistake(
            "for block, index, size in zip(blocks, indices, sizes, strict=True):",
            """for block, index, size in zip(
        reversed(blocks), reversed(indices), reversed(sizes), strict=True
    ):""",
            hint="from the deepest stage up",
        ),
        "The return is inside the loop, after the first block.": Mistake(
            "    return x", "        return x", hint="from the deepest stage up"
        ),
        "Every stage doubles its map; the result is interpolated to size.": Mistake(
            "block(x, index, size)\n    return x",
            """x[..., : index.shape[-2], : index.shape[-1]]
        x = block(x, index, [2 * n for n in x.shape[-2:]])
    return F.interpolate(x, size=size, mode="bilinear")""",
            hint="with another width than W",
        ),
        "Every stage is asked for the size of the image.": Mistake(
            "index, size)\n", "index, sizes[-1])\n", hint="from the deepest stage up"
        ),
        "Only the sizes are read from the image down.": Mistake(
            "sizes, strict", "sizes[::-1], strict", hint="from the deepest stage up"
        ),
        "The height is used for the width too.": Mistake(
            "size in",
            "(height, _) in",
            "x = block(x, index, size)",
            "x = block(x, index, (height, height))",
            hint="from the deepest stage up",
        ),
        "Every stage is taken to double its map, as in the lecture.": Mistake(
            "index, size)\n",
            "index, tuple(2 * n for n in x.shape[-2:]))\n",
            hint="Twice the map is not always",
        ),
        "Maps are unpooled, but the blocks are not called.": Mistake(
            "block, … x = block(x, index, size)",
            """index, size in zip(indices, sizes, strict=True):
        x = F.max_unpool2d(x, index, 2, output_size=size)""",
            hint="called once",
        ),
        "Decoding runs under no_grad.": Mistake(
            "def decode", "@torch.no_grad()\ndef decode", hint="no detach, no_grad"
        ),
    },
}
