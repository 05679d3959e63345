"""Scores of single objects, which are connected regions of the target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from scipy import ndimage
from torch import Tensor

from course_utils.arguments import checked, each, number, optional, whole
from course_utils.labels import IGNORE_INDEX
from course_utils.metrics.label_maps import LABEL_MAPS, label_map_pairs

_EDGES = each(number(0, finite=False), least=0).also(
    "two or more increasing areas",
    lambda edges: len(edges) > 1 and all(low < high for low, high in pairwise(edges)),
)


@dataclass(frozen=True, eq=False)
class SizeRecall:
    """Recall of objects by size, in arrays with one entry for each bin.

    Attributes:
        recall: Mean recall of the objects, float64; nan if there are none.
        num_objects: Number of objects, int64.
    """

    recall: np.ndarray
    num_objects: np.ndarray


@checked(
    predictions=LABEL_MAPS,
    targets=LABEL_MAPS,
    edges=_EDGES,
    min_area=whole(1),
    background=optional(whole(0)),
)
def recall_by_object_size(
    predictions: Sequence[Tensor],
    targets: Sequence[Tensor],
    *,
    edges: tuple[float, ...] = (0, 8**2, 16**2, 32**2, 64**2, 128**2, inf),
    min_area: int = 16,
    background: int | None = 0,
) -> SizeRecall:
    """Measure which proportion of each object is found, and average by size.

    An object is an 8-connected region of one class in the target: two cows that touch
    are one, a cow behind a pole is two. Its recall is the proportion of its pixels that
    are predicted as its class.

    Args:
        predictions: Class indices; a batch (N, H, W) or a sequence of maps (H, W).
        targets: Class indices and void, in the same form.
        edges: Edges of the bins, increasing areas in pixels; bin k has the objects with
            edges[k] <= area < edges[k + 1].
        min_area: Area of the smallest object that counts, in pixels; the annotations
            contain specks.
        background: Class index that has no objects; None if every class has some.

    Raises:
        TypeError: A map does not hold integers.
        ValueError: ``edges`` do not increase, or shapes or numbers of maps differ.
    """
    found = _objects(predictions, targets, background, min_area)
    rows = [(inside.size, (inside == index).mean()) for index, inside, _ in found]
    areas, recalls = np.array(rows, dtype=np.float64).reshape(-1, 2).T
    bins = [(low <= areas) & (areas < high) for low, high in pairwise(edges)]
    means = [recalls[chosen].mean() if chosen.any() else np.nan for chosen in bins]
    return SizeRecall(np.array(means), np.array([b.sum() for b in bins]))


@dataclass(frozen=True, eq=False)
class ObjectInconsistency:
    """Inconsistency of objects, in arrays with one entry for each object.

    Attributes:
        area: Area in pixels, int64.
        side: Square root of the area, in pixels, float64.
        extent: Longer side of the bounding box, in pixels, int64.
        class_index: Class index in the target, int64.
        majority: Class index predicted most often inside the object, int64.
        value: Inconsistency, 1 minus the proportion of that class, float64.
    """

    area: np.ndarray
    side: np.ndarray
    extent: np.ndarray
    class_index: np.ndarray
    majority: np.ndarray
    value: np.ndarray


@checked(
    predictions=LABEL_MAPS,
    targets=LABEL_MAPS,
    min_area=whole(1),
    background=optional(whole(0)),
)
def inconsistency(
    predictions: Sequence[Tensor],
    targets: Sequence[Tensor],
    *,
    min_area: int = 64,
    background: int | None = 0,
) -> ObjectInconsistency:
    """Measure how far each object falls apart into several predicted classes.

    The value is 0 if one class fills the object, even a wrong class or background, so
    look at ``majority`` too. Objects and arguments are those of
    ``recall_by_object_size``; void pixels belong to no object.
    """
    found = list(_objects(predictions, targets, background, min_area))
    area = np.array([inside.size for _, inside, _ in found], dtype=np.int64)
    counts = [np.unique(inside, return_counts=True) for _, inside, _ in found]
    largest = np.array([number.max() for _, number in counts], dtype=np.float64)
    return ObjectInconsistency(
        area=area,
        side=np.sqrt(area),
        extent=np.array([extent for *_, extent in found], dtype=np.int64),
        class_index=np.array([index for index, *_ in found], dtype=np.int64),
        majority=np.array([k[n.argmax()] for k, n in counts], dtype=np.int64),
        value=1 - largest / area,
    )


def _objects(
    predictions: Sequence[Tensor],
    targets: Sequence[Tensor],
    background: int | None,
    min_area: int,
) -> Iterator[tuple[int, np.ndarray, int]]:
    """Yield the class, the predicted classes and the extent of each object."""
    for pair in label_map_pairs(predictions, targets):
        prediction, target = pair.numpy()
        for class_index in np.unique(target):
            if class_index in (IGNORE_INDEX, background):
                continue
            # A 3x3 square of ones joins diagonal neighbors, too
            regions, _ = ndimage.label(target == class_index, np.ones((3, 3)))
            for label, box in enumerate(ndimage.find_objects(regions), start=1):
                inside = prediction[box][regions[box] == label]
                if inside.size >= min_area:
                    extent = max(side.stop - side.start for side in box)
                    yield int(class_index), inside, extent
