"""Predictions on void pixels enter the union."""

HINT = "still counts in the union"


def mean_iou(prediction, target, num_classes, ignore_index=255):
    ious = []
    for k in range(num_classes):
        union = ((prediction == k) | (target == k)).sum().item()
        if union:
            ious.append(((prediction == k) & (target == k)).sum().item() / union)
    return sum(ious) / len(ious)
