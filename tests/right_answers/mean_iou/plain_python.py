"""Counting in plain Python, pixel by pixel."""

from collections import Counter


def mean_iou(prediction, target, num_classes, ignore_index=255):
    pairs = zip(prediction.flatten().tolist(), target.flatten().tolist(), strict=True)
    counts = Counter(pair for pair in pairs if pair[1] != ignore_index)
    ious = []
    for k in range(num_classes):
        union = sum(n for pair, n in counts.items() if k in pair)
        if union:
            ious.append(counts[k, k] / union)
    return sum(ious) / max(len(ious), 1) if ious else float("nan")
