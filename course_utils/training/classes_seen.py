"""Which classes a training was shown; a net learns nothing from fewer than two."""

from collections.abc import Callable

import torch
from torch import Tensor

from course_utils.labels import IGNORE_INDEX
from course_utils.training.evaluation import Transform

_ADVICE = (
    "; class indices count from 0, and 255 is void: in masks of 0 and 255, the object "
    "must become 1"
)


class ClassesSeen:
    """Notes the lowest and highest class index of every batch on its way.

    A GPU is asked for them once, by ``check``.
    """

    def __init__(self) -> None:
        self._ranges: list[Tensor] = []

    def watched(self, transform: Transform) -> Transform:
        """Note the classes of the targets as they are stored."""

        def note(images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
            classes = targets.long()
            is_void = classes == IGNORE_INDEX
            lowest = classes.masked_fill(is_void, IGNORE_INDEX).amin()
            highest = classes.masked_fill(is_void, -1).amax()
            self._ranges.append(torch.stack([lowest, highest]))
            return transform(images, targets)

        return note

    def check(self, gather: Callable[[Tensor], Tensor]) -> None:
        """Refuse targets that hold void alone, or a single class.

        Args:
            gather: Function that concatenates a tensor with those of other processes.

        Raises:
            ValueError: They do.
        """
        ranges = gather(torch.stack(self._ranges)).cpu()
        lowest, highest = int(ranges[:, 0].min()), int(ranges[:, 1].max())
        if highest < 0:
            raise ValueError(
                f"the training targets must hold classes, got void alone{_ADVICE}"
            )
        if lowest == highest:
            raise ValueError(
                "the training targets must hold two classes or more, got class "
                f"{lowest} alone{_ADVICE}"
            )
