"""What the wall measures of a system: how good it is, and what it costs."""

import math
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.analysis.costs import inference_memory, measure_latency
from course_utils.analysis.summary import model_summary
from course_utils.crf import dense_crf
from course_utils.datasets.course import CourseData
from course_utils.experiments.benchmark.systems import CRF, crf_position_std
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.labels import IGNORE_INDEX, LabelSet
from course_utils.metrics import inconsistency, recall_by_object_size
from course_utils.training.evaluation import predict_logits
from course_utils.training.progress import History

FIXED_SIZE = (352, 480)
"""H and W at which multiply-adds are counted beside the images' own size, pixels."""
LARGE, INTERIOR = 1 / 8, 1 / 32
"""Of the image's longer side: the least side of a large object, and how far from its
border its inconsistency is measured."""


def quality(protocol: TrainingProtocol, prediction: Tensor) -> dict[str, Any]:
    """Score class indices of the validation images, integer, (N, H, W).

    Returns:
        "mean_iou" and "boundary_iou"; "recall" and "num_objects" by object size;
        "inconsistency", the mean inside large objects that are not taken for
        background, and how many of the "large" objects were so "found". Proportions;
        nan where nothing could be measured.
    """
    scores, data = protocol.score(prediction), protocol.data
    targets, background = data.val.tensors[1], background_of(data.label_set)
    sizes = recall_by_object_size(prediction, targets, background=background)
    longer = max(targets.shape[-2:])
    interior = targets.where(
        protocol.boundary_distance > INTERIOR * longer, IGNORE_INDEX
    )
    objects = inconsistency(prediction, interior, background=background, min_area=16)
    large = objects.side >= LARGE * longer
    found = large & (objects.majority != background)
    return {
        "mean_iou": scores.mean_iou,
        "boundary_iou": scores.boundary_iou,
        "recall": sizes.recall.tolist(),
        "num_objects": sizes.num_objects.tolist(),
        "inconsistency": objects.value[found].mean() if found.any() else math.nan,
        "large": int(large.sum()),
        "found": int(found.sum()),
    }


def background_of(label_set: LabelSet) -> int | None:
    """Name the class that has no objects, where there is one."""
    return 0 if label_set.names[0] == "background" else None


def training_costs(history: History, images_an_epoch: int) -> dict[str, float]:
    """Read off a training how fast it went, in all its parts.

    Returns:
        "images_per_second", the median over epochs (of DilatedNet's, mostly its
        front-end's); "peak_memory", bytes, 0 without a GPU; "minutes" of training
        steps, evaluation not counted.
    """
    speeds = torch.tensor(history.images_per_second, dtype=torch.float64)
    return {
        "images_per_second": speeds.median().item(),
        "peak_memory": history.peak_memory,
        "minutes": (images_an_epoch / speeds).sum().item() / 60,
    }


def count_costs(
    net: nn.Module, size: tuple[int, int], *, has_crf: bool = False
) -> dict[str, float]:
    """Count what a prediction takes, by arithmetic.

    Args:
        net: on any device, "meta" included.
        size: H and W of the image, pixels.
        has_crf: whether the dense CRF comes after the net. It makes the output stride 1
            and the field the whole image; the other counts stay the net's.

    Returns:
        "parameters"; "multiply_adds" and "inference_memory", bytes, for one image;
        "output_stride" and theoretical "receptive_field", pixels, which is nan if it is
        the whole image.
    """
    ledger = model_summary(net, size)
    learned = [row for row in ledger.rows if row.parameters]
    field = int(max(row.field.size for row in learned))
    return {
        "parameters": sum(p.numel() for p in net.parameters() if p.requires_grad),
        "multiply_adds": ledger.multiply_adds,
        "inference_memory": inference_memory(net, size),
        # What comes after the last layer that learns is a fixed enlargement
        "output_stride": 1 if has_crf else int(learned[-1].field.stride),
        "receptive_field": math.nan if has_crf else field,
    }


def inference_costs(
    net: nn.Module, picture: Tensor, *, has_crf: bool = False
) -> dict[str, float]:
    """Count and time what a prediction takes.

    Args:
        net: on the device to time it on.
        picture: an image of the data, RGB, uint8, (3, H, W).
        has_crf: as for ``count_costs``; the latency is that of both.

    Returns:
        What ``count_costs`` does at the size of the picture, "latency", seconds, and
        "multiply_adds_fixed", of an image of ``FIXED_SIZE``.
    """
    size = (int(picture.shape[1]), int(picture.shape[2]))
    timed = WithCRF(net, picture) if has_crf else net
    return {
        **count_costs(net, size, has_crf=has_crf),
        "multiply_adds_fixed": model_summary(net, FIXED_SIZE).multiply_adds,
        "latency": measure_latency(timed, size),
    }


class WithCRF(nn.Module):
    """A net whose probabilities are refined on the colors of one picture.

    On noise, which no two pixels share, the CRF would take longer than on a picture.

    Shape: (N, 3, H, W) to (C, H, W), of the first image alone.
    """

    def __init__(self, net: nn.Module, picture: Tensor) -> None:
        super().__init__()
        self.net, self.picture = net, picture

    def forward(self, images: Tensor) -> Tensor:
        """Compute the marginals."""
        return refine(self.net(images)[0].float().softmax(dim=0), self.picture)


def refine(probs: Tensor, picture: Tensor) -> Tensor:
    """Run the wall's dense CRF on probabilities (C, H, W) of an image (3, H, W)."""
    image = picture.permute(1, 2, 0)
    std = crf_position_std(tuple(image.shape[:2]))
    return dense_crf(image, probs, position_std=std, **CRF)


@torch.no_grad()
def predict_with_crf(
    net: nn.Module, data: CourseData, *, batch_size: int = 16
) -> Tensor:
    """Predict the validation images, refined; padding keeps the net's prediction.

    Returns:
        Class indices, uint8, (N, H, W), on the CPU.
    """
    images, predictions = data.val.tensors[0], []
    batches = predict_logits(net, images, batch_size=batch_size)
    of_each = chain.from_iterable(logits.float().softmax(dim=1) for logits in batches)
    for probs, picture, size in zip(of_each, images, data.val_sizes, strict=True):
        height, width = size.tolist()
        inside = (slice(None), slice(height), slice(width))
        prediction = probs.argmax(dim=0)
        prediction[inside[1:]] = refine(probs[inside], picture[inside]).argmax(dim=0)
        predictions.append(prediction.to(torch.uint8).cpu())
    return torch.stack(predictions)
