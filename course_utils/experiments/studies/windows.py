"""Decoder and windows, two by two: what DeconvNet's published gain is made of.

DeconvNet was tested on up to 50 windows of a picture, and FCN on the whole. Here either
net is trained and tested both ways, and all four start from one encoder: stages, fc6
and fc7 of an FCN-32s that was trained for 2N steps. "Windows" are nine of half the
size, enlarged, and the whole; the largest logit wins, as in the paper. A net that is
trained on windows sees them half of the time, so that, unlike in notebook 02, the test
shows it nothing new. (These windows are a plain grid and know nothing of objects.)

"The gain is that of the decoder" holds if: DeconvNet gains mean IoU over FCN-8s, both
trained and tested on the whole, and this gain is larger than what windows, trained and
tested, bring FCN-8s; after N and after 2N steps, by more than the spread of the seeds.
Refuted if: windows bring FCN-8s as much, or the decoder brings nothing at both.
"""

import numpy as np
import torch
from torch import Tensor, nn

from course_utils.datasets.transforms import eval_transform, train_transform
from course_utils.experiments.studies.skips import make_fcn
from course_utils.experiments.studies.trial import Make, Trial
from course_utils.models.blocks import upsample_bilinear
from course_utils.models.deconvnet import DeconvNet
from course_utils.training.evaluation import Transform
from course_utils.training.precision import autocast

NETS = ("FCN-8s", "DeconvNet")
WAYS = ("the whole", "windows")
_SCALE = (0.75, 1.5)
"""Smallest and largest enlargement of a whole picture in training, see
``train_transform``; a window's is twice as large."""


def measure(trial: Trial) -> None:
    """Train both nets both ways, and test each of them both ways."""
    for duration, steps in trial.durations.items():
        for name in NETS:
            for way in WAYS:
                title = f"{name}, trained on {way}, {duration}"
                wanted = [f"{title}: mean IoU by {test}" for test in WAYS]
                if not trial.is_stored(*wanted):
                    _measure_one(trial, title, name, way, steps)


def _measure_one(trial: Trial, title: str, name: str, way: str, steps: int) -> None:
    net = train_matched(trial, name, way, steps)
    images, scored = trial.data.val.tensors[0], trial.protocol(steps)
    for test in WAYS:
        windows = window_slices(tuple(images.shape[-2:]), whole_only=test == WAYS[0])
        prediction = predict_by_windows(net, images, windows, trial.num_classes)
        scores = scored.score(prediction)
        trial.store(
            {
                f"{title}: mean IoU by {test}": scores.mean_iou,
                f"{title}: boundary IoU by {test}": scores.boundary_iou,
            }
        )


def train_matched(trial: Trial, name: str, way: str, steps: int) -> nn.Module:
    """Train FCN-8s or DeconvNet from the common encoder.

    The one that is trained on the whole for 2N steps is kept.

    Args:
        trial: Trial with the data and the seed.
        name: One of ``NETS``.
        way: One of ``WAYS``.
        steps: Steps of the training.
    """

    def make() -> nn.Module:
        return _copy_encoder(start.model, _make_net(trial, name)())

    twice = trial.durations["2N steps"]
    start = trial.train("FCN-32s", make_fcn(trial, "FCN-32s"), twice, keep=True)
    transform = window_transform(trial) if way == "windows" else None
    title = f"{name} from FCN-32s, {way}"
    keep = steps == twice and transform is None
    return trial.train(title, make, steps, transform=transform, keep=keep).model


def _make_net(trial: Trial, name: str) -> Make:
    if name == "FCN-8s":
        return make_fcn(trial, name)
    sizes = {"base_channels": trial.run.base_channels}
    return lambda: DeconvNet(trial.num_classes, **sizes)


def _copy_encoder(source: nn.Module, net: nn.Module) -> nn.Module:
    """Copy VGG16's layers, their batch normalization included, in place."""
    for part in ("stages", "fc6", "fc7"):
        getattr(net, part).load_state_dict(getattr(source, part).state_dict())
    return net


def window_transform(trial: Trial) -> Transform:
    """Make the augmentation of which half of a batch sees windows, half the whole."""
    height, width = (int(side) for side in trial.data.train.tensors[0].shape[-2:])
    low, high = _SCALE
    whole = train_transform((height, width), scale=_SCALE)
    window = train_transform((height, width), scale=(2 * low, 2 * high))

    def transform(images: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        half = len(images) // 2
        parts = (
            whole(images[:half], targets[:half]),
            window(images[half:], targets[half:]),
        )
        return tuple(torch.cat(pair) for pair in zip(*parts, strict=True))

    return transform


def window_slices(
    size: tuple[int, int], *, whole_only: bool = False
) -> list[tuple[slice, slice]]:
    """List the whole of an (H, W), and nine windows of half its size that overlap."""
    height, width = size
    windows = [(slice(0, height), slice(0, width))]
    if whole_only:
        return windows
    for top in (0, height // 4, height // 2):
        for left in (0, width // 4, width // 2):
            rows = slice(top, top + height // 2)
            windows.append((rows, slice(left, left + width // 2)))
    return windows


@torch.no_grad()
def predict_by_windows(
    net: nn.Module,
    images: Tensor,
    windows: list[tuple[slice, slice]],
    num_classes: int,
) -> Tensor:
    """Predict each window, enlarged to the whole; the largest logit wins.

    Args:
        net: Net from images to logits; left in eval mode.
        images: Images, uint8, (N, 3, H, W).
        windows: Rows and columns of each window; together they cover the image.
        num_classes: Channels of the logits.

    Returns:
        Class indices, uint8, (N, H, W), on the CPU.
    """
    net.eval()
    device, size = next(net.parameters()).device, tuple(images.shape[-2:])
    predictions = []
    for batch in images.split(16):
        x, _ = eval_transform()(batch.to(device), batch[:, 0].to(device))
        best = x.new_full((len(x), num_classes, *size), -np.inf)
        for window in windows:
            place = (..., *window)
            piece = upsample_bilinear(x[place], size)
            with autocast():
                logits = net(piece.contiguous(memory_format=torch.channels_last))
            part = best[place]
            smaller = upsample_bilinear(logits.float(), tuple(part.shape[-2:]))
            best[place] = torch.maximum(part, smaller)
        predictions.append(best.argmax(dim=1).to(torch.uint8).cpu())
    return torch.cat(predictions)
