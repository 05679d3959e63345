"""Answers to exercise 3.2: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # Class by class, one image after the other.
    "image_by_image": """
def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = {}
    for k in range(num_classes):
        having = [t for t in targets if (t == k).any()]
        pixels = sum((t == k).sum().item() for t in having)
        if k == ignore_index or pixels == 0:
            continue
        frequency[k] = pixels / sum(t.numel() for t in having)
    occurring = torch.tensor(list(frequency.values()), dtype=torch.float64)
    median = occurring.quantile(0.5)
    weights = torch.zeros(num_classes)
    for k in frequency:
        weights[k] = median / frequency[k]
    return weights
""",
    # Frequencies in one tensor, 0 where a class is absent.
    "one_tensor": """
def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = torch.zeros(num_classes)
    for k in range(num_classes):
        having = targets[(targets == k).flatten(1).any(dim=1)]
        if len(having) and k != ignore_index:
            frequency[k] = (having == k).float().mean()
    median = frequency[frequency > 0].quantile(0.5)
    return (median / frequency).where(frequency > 0, 0.0)
""",
    # A histogram an image, then sums along the images.
    "histograms": """
def median_frequency_weights(targets, num_classes, ignore_index=255):
    shifted = torch.where(targets == ignore_index, num_classes, targets.long())
    counts = torch.stack(
        [torch.bincount(t.flatten(), minlength=num_classes + 1) for t in shifted]
    )[:, :num_classes]
    images = (counts > 0).sum(dim=0)
    frequency = counts.sum(dim=0) / (images * targets[0].numel())
    occurs = images > 0
    median = torch.quantile(frequency[occurs], 0.5)
    return torch.where(occurs, median / frequency, 0.0).float()
""",
    # Class by class, with a median from the standard library.
    "loop_over_classes": """
import statistics


def median_frequency_weights(targets, num_classes, ignore_index=255):
    frequency = {}
    for k in range(num_classes):
        having = targets[(targets == k).flatten(1).any(dim=1)]
        if k != ignore_index and len(having):
            frequency[k] = (having == k).double().mean().item()
    median = statistics.median(frequency.values())
    weights = [
        median / frequency[k] if k in frequency else 0 for k in range(num_classes)
    ]
    return torch.tensor(weights, dtype=torch.float32)
""",
    # NumPy takes the median.
    "numpy_median": """
def median_frequency_weights(targets, num_classes, ignore_index=255):
    maps = targets.numpy()
    frequency = np.full(num_classes, np.nan)
    for k in set(range(num_classes)) - {ignore_index}:
        occurs = (maps == k).any(axis=(1, 2))
        if occurs.any():
            frequency[k] = (maps == k).sum() / maps[occurs].size
    weights = np.nanmedian(frequency) / frequency
    return torch.from_numpy(np.nan_to_num(weights)).float()
""",
    # Everything at once, from one-hot maps.
    "one_hot": """
def median_frequency_weights(targets, num_classes, ignore_index=255):
    valid = targets != ignore_index
    one_hot = F.one_hot(targets.long() * valid, num_classes) * valid[..., None]
    share = one_hot.double().mean(dim=(1, 2))  # (N, num_classes)
    frequency = share.sum(dim=0) / (share > 0).sum(dim=0)
    median = frequency.nanquantile(0.5)
    return (median / frequency).nan_to_num(0.0).float()
""",
}

MISTAKES = {
    "image_by_image": {
        "An absent class gets the neutral weight 1.": Mistake(
            "torch.zeros", "torch.ones", hint="occurs nowhere weighs 0"
        ),
        "The frequency is taken over the whole data set.": Mistake(
            "having = [t for t in targets if (t == k).any()]",
            "having = list(targets)",
            hint="Only images in which the class occurs",
        ),
        "Weights in double precision do not fit the logits.": Mistake(
            "weights = torch.zeros(num_classes)",
            "weights = torch.zeros(num_classes, dtype=torch.float64)",
            hint="should hold torch.float32",
        ),
        "torch.median returns the lower of the two middle values.": Mistake(
            "quantile(0.5)", "median()", hint="lower of the middle two"
        ),
        "The mean is used instead of the median.": Mistake(
            "quantile(0.5)", "mean()", hint="median, not the mean"
        ),
        "Weights are inverse frequencies.": Mistake(
            "occurring = … weights[k] = median",
            """weights = torch.zeros(num_classes)
    for k in frequency:
        weights[k] = 1""",
            hint="the median is missing",
        ),
        "Frequency over median: frequent classes weigh more.": Mistake(
            "median / frequency[k]", "frequency[k] / median", hint="upside down"
        ),
        "Void is always 255, whatever ignore_index is.": Mistake(
            "k == ignore_index or pixels", "pixels", hint="one of the classes: weight 0"
        ),
        "Void pixels are left out of an image's pixels.": Mistake(
            "t.numel", "(t != ignore_index).sum().item", hint="Void pixels count too"
        ),
    },
    "one_tensor": {
        "Only the classes that occur get a weight.": Mistake(
            ".where(frequency > 0, 0.0)",
            "[frequency > 0]",
            hint="should have shape (5,)",
        ),
        "Absent classes enter the median as zeros.": Mistake(
            "frequency[frequency > 0]", "frequency", hint="have no part in the median"
        ),
        "Only the first image is counted.": Mistake(
            "=255):", "=255):\n    targets = targets[:1]", hint="2 of the 4 pixels"
        ),
        "The frequency of a class is the share of images in which it occurs.": Mistake(
            "(having == k).float().mean()",
            "len(having) / len(targets)",
            hint="Median of 3/4 and 1/4",
        ),
        "An absent class is divided by zero.": Mistake(
            "(median / frequency).where(frequency > 0, 0.0)",
            "median / frequency",
            hint="occurs nowhere weighs 0",
        ),
    },
}
