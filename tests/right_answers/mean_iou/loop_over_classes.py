"""Masks, class by class."""


def mean_iou(prediction, target, num_classes, ignore_index=255):
    valid = target != ignore_index
    prediction, target = prediction[valid], target[valid]
    ious = []
    for k in range(num_classes):
        union = ((prediction == k) | (target == k)).sum().item()
        if union > 0:
            ious.append(((prediction == k) & (target == k)).sum().item() / union)
    return sum(ious) / len(ious) if ious else float("nan")
