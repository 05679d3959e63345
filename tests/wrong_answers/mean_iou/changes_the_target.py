"""Void is overwritten in the caller's target."""

HINT = "in place"


def mean_iou(prediction, target, num_classes, ignore_index=255):
    prediction[target == ignore_index] = num_classes
    target[target == ignore_index] = num_classes
    ious = []
    for k in range(num_classes):
        union = ((prediction == k) | (target == k)).sum().item()
        if union:
            ious.append(((prediction == k) & (target == k)).sum().item() / union)
    return sum(ious) / len(ious) if ious else float("nan")
