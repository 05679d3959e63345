"""Connections: nothing, addition, concatenation and dense, at equal parameters.

Four small nets of four levels. "Nothing" and "concatenation" have two convolutions a
block, without and with a skip from the encoder; "addition" adds around blocks and from
encoder to decoder; "dense" is a small FC-DenseNet. The widths are chosen so that their
parameters come as close as can be. In notebook 04 they saw crops for 150 steps and
reached 6 to 13 %; here they see whole pictures.

"Skips help, above all at borders" holds if: concatenation gains boundary IoU over
nothing. "Dense connections make the most of their parameters" holds if: dense gains
mean IoU over the best of the other three. Each after N and after 2N steps, by more than
the spread of the seeds; refuted if it loses or does not gain at both.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.experiments.studies.trial import Trial
from course_utils.models.blocks import conv_relu, full_precision
from course_utils.models.fc_densenet import FCDenseNet


def _two_convs(in_channels: int, out_channels: int) -> nn.Sequential:
    first = conv_relu(in_channels, out_channels, batch_norm=True)
    return nn.Sequential(
        *first, *conv_relu(out_channels, out_channels, batch_norm=True)
    )


class _Residual(nn.Module):
    """Two convolutions, and past them what came in; a 1×1 convolution fits channels."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.convs = _two_convs(in_channels, out_channels)[:-1]  # no ReLU before a sum
        self.short = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.short(x) + self.convs(x))


class Hourglass(nn.Module):
    """Four levels down and up, with one kind of connection.

    Shape: (N, 3, H, W), multiples of 8, to logits (N, num_classes, H, W).

    Args:
        num_classes: Channels of the logits.
        width: Channels of the first level; each level below has twice as many.
        kind: "nothing", "addition" or "concatenation".
    """

    def __init__(self, num_classes: int, width: int, kind: str) -> None:
        super().__init__()
        self.kind = kind
        block = _Residual if kind == "addition" else _two_convs
        widths = [width * 2**level for level in range(4)]
        joined = 2 if kind == "concatenation" else 1
        self.down = nn.ModuleList(
            block(a, b) for a, b in zip((3, *widths), widths, strict=False)
        )
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in widths[2::-1]
        )
        self.fuse = nn.ModuleList(block(joined * w, w) for w in widths[2::-1])
        self.score = nn.Conv2d(width, num_classes, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        kept = [self.down[0](images)]
        for stage in self.down[1:]:
            kept.append(stage(F.max_pool2d(kept[-1], 2)))
        x = kept.pop()  # (N, 8 * width, H/8, W/8)
        for up, fuse in zip(self.ups, self.fuse, strict=True):
            x, skip = up(x), kept.pop()
            if self.kind == "addition":
                x = x + skip
            elif self.kind == "concatenation":
                x = torch.cat([x, skip], dim=1)
            x = fuse(x)
        with full_precision(x.device):
            return self.score(x.to(images.dtype))


def _make_dense(num_classes: int, width: int) -> nn.Module:
    """Make a small FC-DenseNet, without dropout: none of the others has any."""
    return FCDenseNet(
        num_classes, base_channels=width, layers_per_block=(4,) * 7, dropout=0.0
    )


_SizedNet = Callable[[int, int], nn.Module]
NETS: dict[str, _SizedNet] = {
    "nothing": partial(Hourglass, kind="nothing"),
    "addition": partial(Hourglass, kind="addition"),
    "concatenation": partial(Hourglass, kind="concatenation"),
    "dense": _make_dense,
}
"""Function that makes each net of a number of classes and a width."""


def equal_widths(num_classes: int, width: int) -> dict[str, int]:
    """Choose widths with which the parameters of all nets come close to each other.

    Args:
        num_classes: Channels of the logits.
        width: Width of the net with concatenations, which the others are fitted to.
    """
    budget = _count(NETS["concatenation"], num_classes, width)
    return {name: _nearest(make, num_classes, budget) for name, make in NETS.items()}


def _nearest(make: _SizedNet, num_classes: int, budget: int) -> int:
    size = partial(_count, make, num_classes)
    above = max(2, 1 + bisect_left(range(1, 128), budget, key=size))
    return min((above - 1, above), key=lambda width: abs(size(width) - budget))


def _count(make: _SizedNet, num_classes: int, width: int) -> int:
    with torch.device("meta"):
        return sum(p.numel() for p in make(num_classes, width).parameters())


def measure(trial: Trial) -> None:
    """Train the four nets, and store their parameters."""
    widths = equal_widths(trial.num_classes, max(2, trial.run.base_channels // 2))
    counts = {
        f"{name}: parameters, M": _count(make, trial.num_classes, widths[name]) / 1e6
        for name, make in NETS.items()
    }
    if not trial.is_stored(*counts):
        trial.store(counts)
    trial.compare(
        {
            name: partial(make, trial.num_classes, widths[name])
            for name, make in NETS.items()
        }
    )
