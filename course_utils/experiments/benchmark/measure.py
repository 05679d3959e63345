"""What the benchmark measures of a system: how good it is, and what it costs."""

import math
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.analysis.costs import inference_memory, measure_latency
from course_utils.analysis.summary import model_summary
from course_utils.arguments import FLAG, MODULE, checked
from course_utils.arguments import size as size_rule
from course_utils.crf import dense_crf
from course_utils.datasets.course import CourseData
from course_utils.experiments.benchmark.systems import CRF, crf_position_std
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.labels import IGNORE_INDEX
from course_utils.metrics import inconsistency, recall_by_object_size
from course_utils.training.evaluation import predict_logits
from course_utils.training.progress import History

_LARGE, _INTERIOR = 1 / 8, 1 / 32
"""Least side of a large object, and how far from its border its inconsistency is
measured, both as a proportion of the image's longer side."""


def quality(protocol: TrainingProtocol, prediction: Tensor) -> dict[str, Any]:
    """Score class indices of the validation images, integer, (N, H, W).

    Returns:
        "mean_iou" and "boundary_iou"; "recall" and "num_objects" by object size;
        "inconsistency", the mean inside large objects that are not taken for
        background, and how many of the "large" objects were so "found". Proportions;
        nan where nothing could be measured.
    """
    scores, data = protocol.score(prediction), protocol.data
    targets = data.val.tensors[1]
    background = 0 if data.label_set.names[0] == "background" else None
    sizes = recall_by_object_size(prediction, targets, background=background)
    longer = max(targets.shape[-2:])
    interior = targets.where(
        protocol.boundary_distance > _INTERIOR * longer, IGNORE_INDEX
    )
    objects = inconsistency(prediction, interior, background=background, min_area=16)
    large = objects.side >= _LARGE * longer
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


def training_costs(history: History) -> dict[str, float]:
    """Read speed, memory and time off the history of a training.

    Returns:
        "images_per_second", the median over epochs (for DilatedNet, mostly that of its
        front-end); "peak_memory", bytes, 0 without a GPU; "minutes" of training steps,
        without evaluation.
    """
    speeds = torch.tensor(history.images_per_second, dtype=torch.float64)
    return {
        "images_per_second": speeds.median().item(),
        "peak_memory": history.peak_memory,
        "minutes": history.minutes,
    }


@checked(net=MODULE, size=size_rule(), has_crf=FLAG)
def count_costs(
    net: nn.Module, size: tuple[int, int], *, has_crf: bool = False
) -> dict[str, float]:
    """Count what a prediction costs, without running it.

    Args:
        net: Model on any device, "meta" included.
        size: Height and width of the image, pixels.
        has_crf: Whether a dense CRF follows the net. It makes the output stride 1 and
            the field the whole image; the other counts are those of the net alone.

    Returns:
        "parameters"; "multiply_adds" and "inference_memory", bytes, for one image;
        "output_stride" and theoretical "receptive_field", pixels, which is nan if it is
        the whole image.
    """
    summary = model_summary(net, size)
    learned = [row for row in summary.rows if row.parameters]
    if not learned or any(row.field is None for row in learned):
        raise ValueError(
            "the net must have layers that learn, and a receptive field that can be "
            "followed through them; see model_summary"
        )
    field = int(max(row.field.size for row in learned))
    return {
        "parameters": sum(p.numel() for p in net.parameters() if p.requires_grad),
        "multiply_adds": summary.multiply_adds,
        "inference_memory": inference_memory(net, size),
        # What comes after the last layer that learns is a fixed enlargement
        "output_stride": 1 if has_crf else int(learned[-1].field.stride),
        "receptive_field": math.nan if has_crf else field,
    }


def inference_costs(
    net: nn.Module, image: Tensor, *, has_crf: bool
) -> dict[str, float]:
    """Count what a prediction costs at the size of an image, and time it.

    Args:
        net: Model on the device it is timed on.
        image: Image of the data, RGB, uint8, (3, H, W).
        has_crf: Whether a dense CRF follows the net; it counts in the latency.

    Returns:
        The counts of ``count_costs``, and "latency", seconds.
    """
    size = (int(image.shape[1]), int(image.shape[2]))
    timed = _WithCRF(net, image) if has_crf else net
    return {
        **count_costs(net, size, has_crf=has_crf),
        "latency": measure_latency(timed, size),
    }


class _WithCRF(nn.Module):
    """A net whose probabilities are refined with the colors of one image.

    On noise, where no two pixels look alike, the CRF would take longer than on an
    image. Shape: (N, 3, H, W) to (C, H, W), of the first image alone.
    """

    def __init__(self, net: nn.Module, image: Tensor) -> None:
        super().__init__()
        self.net, self.image = net, image

    def forward(self, images: Tensor) -> Tensor:
        return _refine(self.net(images)[0].float().softmax(dim=0), self.image)


def _refine(probs: Tensor, image: Tensor) -> Tensor:
    """Run the dense CRF on probabilities (C, H, W) of an image (3, H, W)."""
    std = crf_position_std(tuple(image.shape[1:]))
    return dense_crf(image.permute(1, 2, 0), probs, position_std=std, **CRF)


@torch.no_grad()
def predict_with_crf(net: nn.Module, data: CourseData) -> Tensor:
    """Predict the validation images with the CRF; padding keeps the net's prediction.

    Returns:
        Class indices, uint8, (N, H, W), on the CPU.
    """
    images, predictions = data.val.tensors[0], []
    batches = (logits.float().softmax(dim=1) for logits in predict_logits(net, images))
    of_each = chain.from_iterable(batches)
    for probs, image, size in zip(of_each, images, data.val_sizes, strict=True):
        height, width = size.tolist()
        refined = _refine(probs[:, :height, :width], image[:, :height, :width])
        prediction = probs.argmax(dim=0)
        prediction[:height, :width] = refined.argmax(dim=0)
        predictions.append(prediction.to(torch.uint8).cpu())
    return torch.stack(predictions)
