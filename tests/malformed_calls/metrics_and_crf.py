"""Malformed calls of ``metrics`` and ``crf``."""

import numpy as np
import torch

from course_utils import crf, metrics
from malformed_calls.values import (
    FEATURES,
    IMAGE,
    INF,
    NAN,
    PROBS,
    TARGET,
    TARGETS,
    full,
)

COUNTS = torch.tensor([[3, 1], [0, 2]])
PAIR = {"predictions": TARGETS % 3, "targets": TARGETS}
SCORED = {**PAIR, "num_classes": 3}
CRF = {"image": IMAGE, "probs": np.full((2, 8, 8), 0.5)}
UNARY = {"unary": PROBS, "kernels": [torch.ones(6, 6)], "weights": [1.0]}

GOOD = {
    "metrics.ConfusionMatrix": (metrics.ConfusionMatrix, {"num_classes": 3}),
    "metrics.ConfusionMatrix.update": (
        metrics.ConfusionMatrix(3).update,
        {"prediction": TARGET % 3, "target": TARGET},
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
        crf.PermutohedralLattice(FEATURES).__matmul__,
        {"values": PROBS},
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

WHOLE, INTEGER = "must be a whole number", "must be an integer tensor"
FLOATING = "must be a floating-point tensor"
BAD = {
    "metrics.ConfusionMatrix": [
        ({"num_classes": 0}, "num_classes must be from 1 to 10000, got 0"),
        ({"num_classes": True}, f"num_classes {WHOLE}, got True"),
        ({"num_classes": 2.0}, f"num_classes {WHOLE}, got 2.0"),
        ({"num_classes": 10**30}, "num_classes must be from 1 to 10000"),
        ({"ignore_index": None}, f"ignore_index {WHOLE}, got None"),
    ],
    "metrics.ConfusionMatrix.update": [
        ({"prediction": TARGET.float()}, f"prediction {INTEGER}, got float32"),
        ({"target": TARGET.numpy()}, f"target {INTEGER}, got int64 ndarray"),
        ({"target": TARGET[0]}, r"target must be (H, W) or (N, H, W), got (4,)"),
        ({"target": TARGET[:, :0]}, "without a side of 0"),
        ({"prediction": TARGETS}, "must have the same shape, got"),
        ({"prediction": full(2, 4, value=3)}, "class indices from 0 to 2"),
        ({"target": full(2, 4, value=-1)}, "class indices from 0 to 2"),
        ({"target": TARGET == 1}, f"target {INTEGER}, got bool"),
    ],
    "metrics.boundary_band": [
        ({"width": 0}, "width must be at least 1, got 0"),
        ({"width": NAN}, "width must be finite, got nan"),
        ({"width": INF}, "width must be finite, got inf"),
        ({"width": "3"}, "width must be a number, got '3'"),
        ({"distance": torch.ones(3, 3)}, "distance must be of the target's shape"),
    ],
    "metrics.boundary_curve": [
        ({"widths": []}, "widths must be at least 1 long, got an empty list"),
        ({"widths": 3}, "widths must be a list or tuple, got 3"),
        ({"widths": [1, NAN]}, "widths[1] must be finite, got nan"),
        ({"targets": TARGETS[:1]}, "must have the same shape"),
    ],
    "metrics.boundary_distance": [
        ({"target": full(2, 2, value=-1)}, "from 0 up, got -1; void is 255"),
        ({"sizes": [[2, 4]]}, f"sizes {INTEGER}"),
        ({"sizes": torch.tensor([[2, 4]] * 2)}, "of the 1 photographs"),
        ({"sizes": torch.tensor([[9, 4]])}, "from 1 to 2 and 4"),
        ({"sizes": torch.tensor([[2, 4, 1]])}, "sizes must be (N, 2), got (1, 3)"),
    ],
    "metrics.boundary_iou": [
        ({"num_classes": -1}, "num_classes must be from 1"),
        ({"width": True}, "width must be a number, got True"),
        ({"predictions": None}, f"predictions {INTEGER}, got None"),
    ],
    "metrics.inconsistency": [
        ({"min_area": 0}, "min_area must be at least 1, got 0"),
        ({"background": -1}, "background must be at least 0, got -1"),
        ({"predictions": []}, "predictions must be at least 1 long"),
        ({"targets": TARGETS[:1]}, "must be equally many, got 2 and 1"),
        ({"targets": [TARGET, "b"]}, f"targets[1] {INTEGER}, got 'b'"),
    ],
    "metrics.iou_per_class": [
        ({"counts": COUNTS[:1]}, "counts must be square"),
        ({"counts": -COUNTS}, "counts must be 0 or more everywhere"),
        ({"counts": torch.zeros(0, 0)}, "without a side of 0"),
        ({"counts": COUNTS.tolist()}, "counts must be a numeric tensor"),
    ],
    "metrics.mean_iou": [
        ({"counts": COUNTS / 0}, "counts must be finite, got 4 values"),
        ({"counts": COUNTS[0]}, "counts must be (C, C), got (2,)"),
        ({"counts": COUNTS.numpy()}, "got int64 ndarray"),
    ],
    "metrics.pixel_accuracy": [
        ({"counts": None}, "counts must be a numeric tensor, got None"),
        ({"counts": COUNTS == 1}, "counts must be a numeric tensor, got bool"),
    ],
    "metrics.recall_by_object_size": [
        ({"edges": (4, 2)}, "edges must be two or more increasing areas"),
        ({"edges": (0, NAN)}, "edges[1] must be at least 0, got nan"),
        ({"edges": (-1, 2)}, "edges[0] must be at least 0, got -1"),
        ({"edges": ()}, "edges must be two or more increasing areas"),
        ({"min_area": 1.5}, f"min_area {WHOLE}, got 1.5"),
        ({"targets": full(2, 2, 4, value=300)}, "from 0 to 254"),
    ],
    "crf.ExactKernel": [
        ({"features": FEATURES * NAN}, "features must be finite, got 12 values"),
        ({"features": FEATURES.long()}, f"features {FLOATING}, got int64"),
        ({"features": FEATURES[0]}, "features must be (N, D), got (2,)"),
        ({"normalize": 1}, "normalize must be True or False, got 1"),
    ],
    "crf.ExactKernel.@": [
        ({"values": PROBS[:3]}, "a row for each of the 6 pixels, got (3, 2)"),
        ({"values": PROBS.T}, "a row for each of the 6 pixels, got (2, 6)"),
        ({"values": None}, f"values {FLOATING}, got None"),
    ],
    "crf.GridKernel": [
        ({"std": 0}, "std must be above 0, got 0"),
        ({"std": NAN}, "std must be finite, got nan"),
        ({"size": (0, 3)}, "size must be at least 1 high and wide, got (0, 3)"),
        ({"size": (2, 3, 4)}, "size must be two numbers, height and width"),
        ({"size": (2.0, 3)}, "size must be a height and a width, got (2.0, 3)"),
        ({"device": "gpu"}, "device must be the name of a device"),
        ({"include_self": None}, "include_self must be True or False, got None"),
    ],
    "crf.GridKernel.@": [
        ({"values": PROBS[0]}, "values must be (N, C), got (2,)"),
        ({"values": PROBS.long()}, f"values {FLOATING}, got int64"),
    ],
    "crf.PermutohedralLattice": [
        ({"features": FEATURES * 1e12}, "must not span too many standard deviations"),
        ({"features": FEATURES / 0}, "features must be finite"),
        (
            {"features": torch.zeros(0, 2)},
            "features must be (N, D) without a side of 0",
        ),
    ],
    "crf.PermutohedralLattice.@": [
        ({"values": PROBS[:2]}, "a row for each of the 6 pixels, got (2, 2)"),
    ],
    "crf.appearance_features": [
        ({"image": IMAGE}, "image must be a uint8 tensor, got uint8 ndarray"),
        ({"image": torch.zeros(3, 8, 8, dtype=torch.uint8)}, "must be (H, W, 3)"),
        ({"position_std": 0}, "position_std must be above 0, got 0"),
        ({"color_std": -1}, "color_std must be above 0, got -1"),
    ],
    "crf.available_backends": [({"backend": 1}, "unexpected keyword argument")],
    "crf.dense_crf": [
        ({"image": IMAGE / 255}, "image must be RGB as uint8, got torch.float64"),
        ({"probs": CRF["probs"] * 3}, "sum to 1 over the classes"),
        ({"probs": CRF["probs"] * NAN}, "probs must be finite"),
        ({"iterations": -1}, "iterations must be from 0 to 1000, got -1"),
        ({"iterations": 2.5}, f"iterations {WHOLE}, got 2.5"),
        ({"smoothness_weight": NAN}, "smoothness_weight must be finite, got nan"),
        ({"position_std": 0}, "position_std must be at least"),
        ({"backend": "cuda"}, "backend must be one of"),
    ],
    "crf.mean_field": [
        ({"iterations": -1}, "iterations must be at least 0, got -1"),
        ({"weights": [1.0, 2.0]}, "must be equally many, got 1 and 2"),
        ({"weights": [-1]}, "weights[0] must be at least 0, got -1"),
        ({"kernels": [None]}, "kernels[0] must be a kernel, which takes @, got None"),
        ({"unary": PROBS / 0}, "unary must be finite"),
    ],
    "crf.mean_field_step": [
        ({"probs": PROBS[:2]}, "probs and unary must have the same shape"),
        ({"probs": PROBS * NAN}, "probs must be finite, got 12 values"),
        ({"kernels": torch.ones(6, 6), "weights": [1.0]}, "must be equally many"),
    ],
    "crf.pairwise_kernel": [
        ({"std": 0}, "std must be above 0, got 0"),
        ({"std": torch.zeros(2)}, "std must be above 0"),
        ({"std": torch.ones(3)}, "one number for each of the 2 features"),
        ({"features": FEATURES[None]}, "features must be (N, D), got (1, 6, 2)"),
    ],
    "crf.position_features": [
        ({"size": 4}, "size must be a height and a width, got 4"),
        ({"std": -2}, "std must be above 0, got -2"),
    ],
    "crf.unary_energy": [
        ({"probs": PROBS + 1}, "probs must be from 0 to 1"),
        ({"probs": PROBS * NAN}, "probs must be finite"),
        ({"probs": PROBS.long()}, f"probs {FLOATING}, got int64"),
    ],
}
