"""Scores of a confusion matrix, and scores that isolate one kind of failure.

Label maps are integer tensors on any device, (H, W) or in a batch (N, H, W).
"""

from course_utils.metrics.boundary import (
    boundary_band,
    boundary_curve,
    boundary_distance,
    boundary_iou,
)
from course_utils.metrics.confusion import (
    ConfusionMatrix,
    iou_per_class,
    mean_iou,
    pixel_accuracy,
)
from course_utils.metrics.objects import inconsistency, recall_by_object_size

__all__ = [
    "ConfusionMatrix",
    "boundary_band",
    "boundary_curve",
    "boundary_distance",
    "boundary_iou",
    "inconsistency",
    "iou_per_class",
    "mean_iou",
    "pixel_accuracy",
    "recall_by_object_size",
]
