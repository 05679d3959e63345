"""Answers to exercise 0.1: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # One confusion matrix from bincount.
    "confusion_matrix": """
def confusion(prediction, target, num_classes, ignore_index):
    valid = target != ignore_index
    pairs = target[valid].long() * num_classes + prediction[valid].long()
    counts = torch.bincount(pairs, minlength=num_classes**2)
    return counts.view(num_classes, num_classes).double()


def mean_iou(prediction, target, num_classes, ignore_index=255):
    counts = confusion(prediction, target, num_classes, ignore_index)
    ious = counts.diagonal() / (counts.sum(0) + counts.sum(1) - counts.diagonal())
    return ious.nanmean().item()
""",
    # Masks, class by class.
    "loop_over_classes": """
def mean_iou(prediction, target, num_classes, ignore_index=255):
    valid = target != ignore_index
    prediction, target = prediction[valid], target[valid]
    ious = []
    for k in range(num_classes):
        union = ((prediction == k) | (target == k)).sum().item()
        if union > 0:
            ious.append(((prediction == k) & (target == k)).sum().item() / union)
    return sum(ious) / len(ious) if ious else float("nan")
""",
    # A two-dimensional histogram in numpy.
    "numpy_histogram": """
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
""",
    # Counting in plain Python, pixel by pixel.
    "plain_python": """
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
""",
}

MISTAKES = {
    "confusion_matrix": {
        "A smoothing constant makes an absent class a perfect one.": Mistake(
            "counts.diagonal() / (",
            "(counts.diagonal() + 1e-6) / (1e-6 + ",
            "ious.nanmean",
            "ious.mean",
            hint="absent class counts as 1",
        ),
        "A class that occurs in neither map counts as 0.": Mistake(
            "nanmean", "nan_to_num(0).mean", hint="absent class counts as 0"
        ),
        "Class 0 is left out of the mean.": Mistake(
            "return ious", "return ious[1:]", hint="background is a class"
        ),
        "Dice is computed instead of IoU.": Mistake(
            "= counts", "= 2 * counts", "(1) - counts.diagonal()", "(1)", hint="Dice"
        ),
        "Void is always 255, whatever ignore_index is.": Mistake(
            "!= ignore_index", "!= 255", hint="whatever ignore_index says"
        ),
        "The mean recall is computed instead of the mean IoU.": Mistake(
            "(0) + counts.sum(1) - counts.diagonal()", "(1)", hint="recall"
        ),
        "Every image has its own mean IoU, and these are averaged.": Mistake(
            "counts = confusion",
            """if target.dim() == 3:
        pairs = zip(prediction, target, strict=True)
        scores = [mean_iou(p, t, num_classes, ignore_index) for p, t in pairs]
        return sum(scores) / len(scores)
    counts = confusion""",
            hint="mean over images",
        ),
        "The mean precision is computed instead of the mean IoU.": Mistake(
            "(0) + counts.sum(1) - counts.diagonal()", "(0)", hint="precision"
        ),
        "Intersections and unions are summed over classes, then divided.": Mistake(
            "return ious.nanmean()",
            """hits = counts.diagonal().sum()
    return (hits / (2 * counts.sum() - hits))""",
            hint="one IoU over all pixels",
        ),
        "Classes missing from the target are skipped.": Mistake(
            "return ious.nanmean().item()",
            "return ious[counts.sum(1) > 0].mean().item()",
            hint="predicted but not in the target",
        ),
        "Classes that are never predicted are skipped.": Mistake(
            "ious.nanmean", "ious[counts.sum(0) > 0].mean", hint="never predicted"
        ),
        "Pixel accuracy is computed instead of the mean IoU.": Mistake(
            "return ious.nanmean()",
            "return (counts.diagonal().sum() / counts.sum())",
            hint="pixel accuracy",
        ),
        "The mean stays a tensor.": Mistake(".item()", "", hint="a float"),
        "The index of a pair is computed in the dtype of the maps.": Mistake(
            ".long() * num_classes … return counts",
            """ * num_classes + prediction[valid]
    counts = torch.bincount(pairs.long(), minlength=num_classes**2)
    return counts[: num_classes**2]""",
            hint="wraps around",
        ),
        "An image that is all void scores 0.": Mistake(
            "item()", "nan_to_num(0).item()", hint="nothing is left"
        ),
    },
    "loop_over_classes": {
        "Void is overwritten in the caller's target.": Mistake(
            "valid = … target[valid]",
            """prediction[target == ignore_index] = num_classes
    target[target == ignore_index] = num_classes""",
            hint="in place",
        ),
        "argmax is applied to maps of class indices.": Mistake(
            "=255):", "=255):\n    prediction = prediction.argmax(dim=1)", hint="raised"
        ),
        "Predictions on void pixels count in the union.": Mistake(
            "prediction, target = … ious", "ious", hint="still counts in the union"
        ),
        "Void is turned into class 0, as some loaders do.": Mistake(
            "valid = … target[valid]",
            "target = torch.where(target == ignore_index, 0, target)",
            hint="Void counts as background",
        ),
    },
}
