"""Scores of a model whose batch normalization can work in two ways."""

import math
from typing import Any

from torch import nn

from course_utils.labels import LabelSet
from course_utils.metrics import iou_per_class, mean_iou, pixel_accuracy
from course_utils.training.evaluation import Batches, evaluate

EVALUATION_BATCH = 10
"""Images at a time, as in FC-DenseNet's test: batch statistics are those of so many."""


def score_both_ways(
    model: nn.Module, batches: Batches, label_set: LabelSet
) -> dict[str, Any]:
    """Score a model by running averages and, where it can, by batch statistics.

    Returns:
        "mean_iou", "pixel_accuracy" and "iou_per_class" (by name; None for a class that
        does not occur), proportions; and "batch_statistics": the same by the statistics
        of each batch, None for a model that has no such attribute.
    """
    scores = {**_scores(model, batches, label_set), "batch_statistics": None}
    if hasattr(model, "batch_statistics"):
        before, model.batch_statistics = model.batch_statistics, True
        try:
            scores["batch_statistics"] = _scores(model, batches, label_set)
        finally:
            model.batch_statistics = before
    return scores


def describe_scores(scores: dict[str, Any]) -> str:
    """Put what ``score_both_ways`` returns on a line."""
    text = f"mean IoU {100 * scores['mean_iou']:.1f} %"
    if scores["batch_statistics"] is not None:
        other = 100 * scores["batch_statistics"]["mean_iou"]
        text += f" ({other:.1f} % with batch statistics)"
    return text


def _scores(model: nn.Module, batches: Batches, label_set: LabelSet) -> dict[str, Any]:
    counts = evaluate(model, batches, label_set.num_classes).counts
    ious = zip(label_set.names, iou_per_class(counts).tolist(), strict=True)
    return {
        "mean_iou": mean_iou(counts),
        "pixel_accuracy": pixel_accuracy(counts),
        "iou_per_class": {k: None if math.isnan(iou) else iou for k, iou in ious},
    }
