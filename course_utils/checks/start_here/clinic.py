"""Check the debug clinic of notebook 00, Start here."""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.modules import shape_should_be
from course_utils.checks.start_here import references
from course_utils.checks.wording import describe

Pair = Callable[[Tensor, Tensor, tuple[int, int]], tuple[Tensor, Tensor]]
Size = tuple[int, int]
SIZES = [  # H and W of the images given, of those to return, hint
    ((8, 12), (4, 6), "Both are shrunk to size, whose height comes first."),
    ((33, 47), (16, 23), "33 to 16 is no whole factor: resize to size itself."),
    ((24, 12), (6, 6), "Height and width each have their own factor."),
    ((9, 7), (18, 20), "size may be larger, too: then both are enlarged."),
    ((6, 8), (6, 8), "They have that size already: both come back as they are."),
]
_MIXED = [  # two classes that meet, hint
    ((0, 14), "The mean of two class indices is a third class: pick, do not average."),
    ((20, 255), "Void (255) is picked like a class: never averaged, never replaced."),
]
_CHECKERBOARDS = [  # size given, size wanted
    *(((36, 36), new) for new in ((18, 18), (12, 12), (9, 12))),
    ((33, 47), (16, 23)),
]
_GRAY = 0.15  # how far from 0.5 a checkerboard of 0 and 1 may stay; area: 0.06
_SHIFT = 0.2  # pixels of the small map; "nearest" is off by 0.33 at a factor of 3
_WAVES = [  # size given, size wanted, half waves across, tolerance
    ((48, 60), (16, 15), 3, 0.08),
    ((33, 47), (16, 23), 1, 0.24),
    ((16, 15), (40, 33), 1, 0.24),
]


def _ask_for_pair(
    shrink_pair: Pair, images: Tensor, targets: Tensor, size: Size, hint: str
) -> tuple[Reply, Reply]:
    """Return the images and the targets, once their shapes and dtypes are right."""
    reply = ask(shrink_pair, images, targets, size, hint=hint)
    if not isinstance(reply.value, tuple | list) or len(reply.value) != 2:
        problem = f"should be a pair of tensors, got {describe(reply.value)}"
        reply.refuse(problem, "Return images and targets.")
    count = len(images)
    number = "Class indices stay int64: cast to float for the resizing only."
    axis = "Targets have no channel axis: take off what interpolate made you add."
    mistakes = [
        {"size is (H', W'), unlike PIL's.": ((count, 3, *size[::-1]), images)},
        {number: ((count, *size), images), axis: ((count, 1, *size), targets)},
    ]
    parts = []
    for position, given in enumerate((images, targets)):
        value, shape = reply.value[position], (count, *given.shape[1:-2], *size)
        part = replace(reply, call=f"{reply.call}[{position}]", value=value)
        wrong = {
            better_hint: torch.empty(shape, dtype=like.dtype, device="meta")
            for better_hint, (shape, like) in mistakes[position].items()
        }
        shape_should_be(part, shape, hint, dtype=given.dtype, mistakes=wrong)
        parts.append(part)
    return parts[0], parts[1]


def _sizes_are_right(shrink_pair: Pair) -> Iterator[None]:
    """Ask for images and targets of several sizes."""
    for old, new, hint in SIZES:
        images, targets = torch.rand(2, 3, *old), torch.randint(21, (2, *old))
        _ask_for_pair(shrink_pair, images, targets, new, hint)
        yield


def _no_class_is_invented(shrink_pair: Pair) -> Iterator[None]:
    """Let two classes meet in the middle of a block."""
    for classes, hint in _MIXED:
        for new in ((4, 6), (3, 5), (20, 30)):
            targets = torch.full((1, 8, 12), classes[0])
            targets[..., 5:] = classes[1]
            targets[..., 3:, :] = targets[..., 3:, :].flip(-1)
            images = torch.rand(1, 3, 8, 12)
            _, reply = _ask_for_pair(shrink_pair, images, targets, new, hint)
            found = reply.value.unique().tolist()
            if found != list(classes):
                problem = f"should hold {classes[0]} and {classes[1]}, got {found}"
                reply.refuse(problem, hint)
        yield


def _images_are_averaged(shrink_pair: Pair) -> Iterator[None]:
    """Shrink the finest checkerboard: what has been averaged is gray."""
    hint = (
        "A fine checkerboard must turn gray, since a pixel stands for all that it "
        "covers; nearest, and bilinear without antialias, skip most of it."
    )
    for old, new in _CHECKERBOARDS:
        board = torch.arange(old[0])[:, None] + torch.arange(old[1])
        images = (board % 2).float().expand(1, 3, *old)
        targets = torch.zeros(1, *old, dtype=torch.int64)
        reply, _ = _ask_for_pair(shrink_pair, images, targets, new, hint)
        low, high = reply.value.min().item(), reply.value.max().item()
        if not 0.5 - _GRAY <= low <= high <= 0.5 + _GRAY:
            problem = f"should be about 0.5, got values from {low:.2f} to {high:.2f}"
            reply.refuse(problem, hint)
        yield


def _place_of(maps: Tensor) -> Tensor:
    """Center of mass of maps (N, H, W): row and column in pixels, mean over N."""
    profiles = [maps.float().sum(dim=2), maps.float().sum(dim=1)]
    places = [(p * torch.arange(p.shape[1])).sum(1) / p.sum(1) for p in profiles]
    return torch.stack(places).mean(dim=1)


def _squares_stay_in_place(shrink_pair: Pair) -> Iterator[None]:
    """Shrink twelve squares, one for every way that they can lie on the blocks."""
    hints = [  # of images, of targets, of both where they are far off
        "The image has moved: align_corners=False, nothing cropped or padded.",
        'The target has moved off its image: "nearest" takes the first pixel of every '
        'block, "nearest-exact" the one at its center.',
        "Resize both alike: nothing cropped or padded, each target with its image.",
    ]
    old, new = (36, 48), (12, 12)
    targets = torch.zeros(12, *old, dtype=torch.int64)
    for k in range(12):
        targets[k, 6 + k : 18 + k, 6 + k : 18 + k] = 7
    images = (targets == 7).float()[:, None].expand(-1, 3, -1, -1)
    wanted = (_place_of(targets == 7) + 0.5) * torch.tensor([1 / 3, 1 / 4]) - 0.5
    replies = _ask_for_pair(shrink_pair, images, targets, new, hints[1])
    maps = replies[0].value.mean(dim=1), replies[1].value == 7
    for reply, shrunk, hint in zip(replies, maps, hints[:2], strict=True):
        down, right = (_place_of(shrunk) - wanted).tolist()
        if not max(abs(down), abs(right)) <= _SHIFT:
            moved = f"{down:+.2f} rows and {right:+.2f} columns"
            problem = f"should have its squares in place, got them moved by {moved}"
            far = max(abs(down), abs(right)) >= 1
            reply.refuse(problem, hints[2] if far else hint)
    yield


def _targets_are_picked(shrink_pair: Pair) -> Iterator[None]:
    """Compare random targets; where two pixels are equally near, both are right."""
    hint = "A target is the class at the new pixel's center, (k + 1/2) H / H'."
    for old, new in [((21, 33), (7, 11)), *(case[:2] for case in SIZES)]:
        targets = torch.randint(21, (2, *old))
        targets[torch.rand(targets.shape) < 0.2] = 255
        images = torch.rand(2, 3, *old)
        _, reply = _ask_for_pair(shrink_pair, images, targets, new, hint)
        _, expected = references.shrink_pair(images, targets, new)
        for tie in itertools.product((0, 1), repeat=2):
            _, near = references.shrink_pair(images, targets, new, ties=tie)
            expected = torch.where(reply.value == near, near, expected)
        void = F.adaptive_max_pool2d(targets.float(), new) == 255
        widened = expected.masked_fill(void, 255)
        mistakes = {"That widens void: 255 wins any maximum.": widened}
        reply.should_be(expected, hint, mistakes=mistakes)
        yield


def _waves_keep_their_values(shrink_pair: Pair) -> Iterator[None]:
    """Compare waves from -2 to 2, smooth enough for every mean to agree."""
    hint = "A smooth image keeps its values and its place: nothing cropped or padded."
    for old, new, count, tolerance in _WAVES:
        angles = [math.pi * count * (torch.arange(n) + 0.5) / n for n in old]
        down, right = torch.meshgrid(*(a.cos() for a in angles), indexing="ij")
        images = 2 * torch.stack([down, right, down * right])
        images, targets = torch.stack([images, -images]), torch.zeros(2, *old).long()
        reply, _ = _ask_for_pair(shrink_pair, images, targets, new, hint)
        expected, _ = references.shrink_pair(images, targets, new)
        clipped = {
            "Normalized images are not in [0, 1]: no clip.": expected.clamp(0, 1)
        }
        reply.should_be(expected, hint, mistakes=clipped, tolerance=tolerance)
        yield


@exercise("0.2")
def check_shrink_pair(shrink_pair: Pair) -> Iterator[None]:
    """Check exercise 0.2: sizes, classes, then what becomes of images and targets.

    Images may be shrunk by any mean (antialias, area); targets must be picked.
    """
    yield from _sizes_are_right(shrink_pair)
    yield from _no_class_is_invented(shrink_pair)
    yield from _images_are_averaged(shrink_pair)
    yield from _squares_stay_in_place(shrink_pair)
    yield from _targets_are_picked(shrink_pair)
    yield from _waves_keep_their_values(shrink_pair)
