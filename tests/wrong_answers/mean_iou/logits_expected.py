"""The argmax is taken of maps that hold class indices already."""

HINT = "raised"


def mean_iou(prediction, target, num_classes, ignore_index=255):
    prediction = prediction.argmax(dim=1)
    return (prediction == target).float().mean().item()
