"""Check the exercise of notebook 00, Start here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from course_utils.checks.answer import ask
from course_utils.checks.exercise import exercise
from course_utils.checks.start_here import references


@dataclass(frozen=True)
class Case:
    """Two small maps, their mean IoU, and the values that typical mistakes give."""

    prediction: list[Any]
    target: list[Any]
    num_classes: int
    expected: float
    hint: str
    mistakes: dict[str, float] = field(default_factory=dict)
    options: dict[str, int] = field(default_factory=dict)
    dtype: torch.dtype = torch.int64


_CASES = [
    Case([0, 1, 1, 0], [0, 1, 1, 0], 2, 1.0, "Two equal maps have an IoU of 1."),
    Case(  # class 0: 1 pixel in common of 3 in the union; class 1: 2 of 4
        *([0, 1, 1, 1, 1], [0, 0, 0, 1, 1], 2, 5 / 12),
        hint="Of each class: pixels in common over pixels in the union; then the mean.",
        mistakes={
            "That is pixel accuracy, which large classes decide.": 0.6,
            "That is recall: what a class takes from others is free.": 2 / 3,
            "That is precision: what a class misses is free.": 0.75,
            "That is Dice: it counts the pixels in common twice.": 7 / 12,
            "That is one IoU over all pixels: take each class, then the mean.": 3 / 7,
            "That weights classes by pixels: in the mean all are equal.": 0.4,
            "That leaves out class 0: background is a class like any other.": 0.5,
            "That leaves out the last class, num_classes - 1.": 1 / 3,
        },
    ),
    Case(
        *([0, 1, 1, 1, 1], [0, 0, 0, 1, 1], 3, 5 / 12),
        hint="A class in neither map has no union: it is absent and must be skipped.",
        mistakes={
            "The absent class counts as 0; it has no union, so skip it.": 5 / 18,
            "The absent class counts as 1; it has no union, so skip it.": 11 / 18,
        },
    ),
    Case(
        *([0, 0, 2, 2], [0, 0, 0, 0], 3, 0.25),
        hint="Class 2 is predicted but not in the target: its union is not empty.",
        mistakes={
            "Class 2 is predicted but not in the target: it must count, with 0.": 0.5
        },
    ),
    Case(
        *([0, 0, 0, 0], [0, 0, 2, 2], 3, 0.25),
        hint="Class 2 is in the target but never predicted: its union is not empty.",
        mistakes={"Class 2 is never predicted, but it must count, with 0.": 0.5},
    ),
    Case(
        *([17, 3, 3], [17, 17, 3], 21, 0.5),
        hint="The classes that occur need not be the first ones.",
    ),
    Case(
        *([0, 1, 1, 0, 1], [0, 1, 1, 255, 255], 2, 1.0),
        hint="Where the target is void (255), the prediction does not matter.",
        mistakes={
            "Void counts as background: 255 is not a class.": 2 / 3,
            "What is predicted on void still counts in the union.": 7 / 12,
        },
    ),
    Case(
        *([1, 2, 1, 1], [0, 0, 1, 2], 3, 0.25),
        hint="Void is whatever ignore_index says; 255 is only the default.",
        options={"ignore_index": 0},
    ),
    Case(
        *([0, 1], [255, 255], 2, float("nan")),
        hint="All is void and nothing is left: the mean over no classes is nan.",
    ),
    Case(  # class 20: 1/2; class 5: 0; classes 0 and 1: 1
        *([20, 5, 1, 0], [20, 20, 1, 0], 21, 0.625),
        hint="In uint8, 20 * 21 wraps around to 164: go to int64 before you multiply.",
        dtype=torch.uint8,
    ),
    Case(  # class 0: 5 of 7; class 1: 1 of 3
        prediction=[[[0, 0], [0, 0]], [[1, 0], [0, 0]]],
        target=[[[0, 0], [0, 0]], [[1, 1], [1, 0]]],
        num_classes=2,
        expected=11 / 21,
        hint="A batch (N, H, W) is one set of pixels: one confusion matrix over it.",
        mistakes={
            "That is the mean over images of their IoUs; count all images first.": 2 / 3
        },
    ),
]


@exercise("0.1")
def check_mean_iou(mean_iou: Callable[..., float]) -> Iterator[None]:
    """Check exercise 0.1, from the easiest case to the hardest."""
    for case in _CASES:
        maps = [
            torch.tensor(m, dtype=case.dtype) for m in (case.prediction, case.target)
        ]
        reply = ask(mean_iou, *maps, case.num_classes, hint=case.hint, **case.options)
        reply.should_be(case.expected, case.hint, mistakes=case.mistakes)
        yield
    generator = torch.Generator().manual_seed(0)
    for num_classes in (2, 11, 21):
        shape = (2, 13, 17)
        prediction = torch.randint(num_classes, shape, generator=generator)
        target = torch.randint(num_classes, shape, generator=generator)
        agree = torch.rand(shape, generator=generator) < 0.6
        target = torch.where(agree, prediction, target)
        target[torch.rand(shape, generator=generator) < 0.1] = 255
        reply = ask(mean_iou, prediction, target, num_classes)
        hint = "Random maps: compare with your formula, class by class, on one image."
        reply.should_be(references.mean_iou(prediction, target, num_classes), hint)
        yield
