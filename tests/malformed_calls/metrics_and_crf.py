"""Malformed calls of ``metrics`` and ``crf``."""

import numpy as np
import torch
from malformed_calls.values import (
    FEATURES, IMAGE, INF, MAPS, NAN, PROBS, TARGET, TARGETS, Nothing, full,
)

from course_utils import crf, metrics

COUNTS = torch.tensor([[3, 1], [0, 2]])
PAIR = {"predictions": TARGETS % 3, "targets": TARGETS}
SCORED = {**PAIR, "num_classes": 3}
CRF = {"image": IMAGE, "probs": np.full((2, 8, 8), 0.5)}
UNARY = {"unary": PROBS, "kernels": [torch.ones(6, 6)], "weights": [1.0]}

GOOD = {
    "metrics.ConfusionMatrix": (metrics.ConfusionMatrix, {"num_classes": 3}),
    "metrics.ConfusionMatrix.update": (
        metrics.ConfusionMatrix(3).update, {"prediction": TARGET % 3, "target": TARGET}
    ),
    "metrics.boundary_band": (metrics.boundary_band, {"target": TARGET, "width": 1}),
    "metrics.boundary_curve": (metrics.boundary_curve, {**SCORED, "widths": [1, 2]}),
    "metrics.boundary_distance": (metrics.boundary_distance, {"target": TARGET}),
    "metrics.boundary_iou": (metrics.boundary_iou, SCORED),
    "metrics.inconsistency": (metrics.inconsistency, PAIR),
    "metrics.iou_per_class": (metrics.iou_per_class, {"counts": COUNTS}),
    "metrics.mean_iou": (metrics.mean_iou, {"counts": COUNTS}),
    "metrics.pixel_accuracy": (metrics.pixel_accuracy, {"counts": COUNTS}),
    "metrics.recall_by_object_size": (metrics.recall_by_object_size, PAIR),
    "crf.ExactKernel": (crf.ExactKernel, {"features": FEATURES}),
    "crf.ExactKernel.@": (crf.ExactKernel(FEATURES).__matmul__, {"values": PROBS}),
    "crf.GridKernel": (crf.GridKernel, {"size": (2, 3), "std": 2.0}),
    "crf.GridKernel.@": (crf.GridKernel((2, 3), 2.0).__matmul__, {"values": PROBS}),
    "crf.PermutohedralLattice": (crf.PermutohedralLattice, {"features": FEATURES}),
    "crf.PermutohedralLattice.@": (
        crf.PermutohedralLattice(FEATURES).__matmul__, {"values": PROBS}
    ),
    "crf.appearance_features": (
        crf.appearance_features,
        {"image": torch.from_numpy(IMAGE), "position_std": 2.0, "color_std": 9.0},
    ),
    "crf.available_backends": (crf.available_backends, {}),
    "crf.dense_crf": (crf.dense_crf, {**CRF, "backend": "exact"}),
    "crf.mean_field": (crf.mean_field, UNARY),
    "crf.mean_field_step": (crf.mean_field_step, {"probs": PROBS, **UNARY}),
    "crf.pairwise_kernel": (crf.pairwise_kernel, {"features": FEATURES, "std": 2.0}),
    "crf.position_features": (crf.position_features, {"size": (2, 3), "std": 2.0}),
    "crf.unary_energy": (crf.unary_energy, {"probs": PROBS}),
}
