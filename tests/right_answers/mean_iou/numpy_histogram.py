"""A two-dimensional histogram in numpy."""

import numpy as np


def mean_iou(prediction, target, num_classes, ignore_index=255):
    truth, guess = target.numpy().ravel(), prediction.numpy().ravel()
    keep = truth != ignore_index
    edges = np.arange(num_classes + 1) - 0.5
    counts, _, _ = np.histogram2d(truth[keep], guess[keep], bins=(edges, edges))
    union = counts.sum(axis=0) + counts.sum(axis=1) - np.diag(counts)
    occurs = union > 0
    if not occurs.any():
        return float("nan")
    return float(np.mean(np.diag(counts)[occurs] / union[occurs]))
