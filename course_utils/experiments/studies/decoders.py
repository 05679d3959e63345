"""Decoders of one size: unpooling, deconvolution, learned upsampling, bilinear.

All five nets have SegNet's encoder and the 13 convolutions of its decoder. They differ
in how maps are enlarged before each stage of the decoder:

- unpooling: by the indices of the encoder's pools, as in SegNet;
- deconvolution: the first convolution of the stage is a transposed one of stride 2;
- learned upsampling: each channel by a kernel of its own that starts bilinear;
- bilinear: step by step, nothing learned;
- bilinear at once: not at all; the convolutions work on pool5's small map, and the
  logits are enlarged by 32.

The numbers of parameters agree within 0.2 %. In notebook 03, SegNet stood at 14 % after
450 steps of AdamW, and a net half its size was its control.

"A decoder beats plain enlargement" holds if: unpooling gains boundary IoU over
"bilinear at once". "Indices bring the borders" holds if: unpooling gains over
"bilinear" (step by step), and "learned upsampling beats bilinear" if that net does;
each after N and after 2N steps, by more than the spread of the seeds. Refuted if: the
bilinear net is at least as good at both. If the order changes, say after which steps.
"""

import torch
from torch import Tensor, nn

from course_utils.experiments.studies.trial import Trial
from course_utils.models.blocks import bilinear_kernel, upsample_bilinear
from course_utils.models.segnet import SegNet


class _Unchanged(nn.Module):
    """No enlargement, in the place of an ``Unpool``."""

    def forward(self, x: Tensor, indices: Tensor, size: tuple[int, int]) -> Tensor:
        return x


class _Learned(nn.Module):
    """Doubling of each channel by a kernel that starts bilinear and is trained.

    Shape: (N, channels, h, w) to (N, channels, 2h, 2w).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        # By this name the optimizer knows that it is no matrix between feature maps
        self.upsampling = nn.ConvTranspose2d(
            channels, channels, 4, stride=2, padding=1, groups=channels, bias=False
        )
        with torch.no_grad():
            self.upsampling.weight[:] = bilinear_kernel(2)

    def forward(self, x: Tensor, indices: Tensor, size: tuple[int, int]) -> Tensor:
        return self.upsampling(x)


class _Enlarged(nn.Module):
    """A net whose logits are enlarged to the size of the image."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> Tensor:
        return upsample_bilinear(self.net(images), images.shape[-2:])


def _deconvolution(conv: nn.Conv2d) -> nn.ConvTranspose2d:
    """Make a transposed convolution of stride 2 with as many weights."""
    deconv = nn.ConvTranspose2d(
        conv.in_channels, conv.out_channels, 3, stride=2, padding=1, output_padding=1
    )
    # He's initialization: of the 9 taps, 9/4 meet an output cell on the average
    std = (2 / (conv.in_channels * 9 / 4)) ** 0.5
    nn.init.normal_(deconv.weight, std=std)
    nn.init.zeros_(deconv.bias)
    return deconv


def make_decoder(kind: str, num_classes: int, base_channels: int) -> nn.Module:
    """Make a SegNet that enlarges in another way; sides are multiples of 32.

    Args:
        kind: "unpooling", "deconvolution", "learned upsampling", "bilinear" or
            "bilinear at once".
        num_classes: Channels of the logits.
        base_channels: Width of the first stage.
    """
    upsampling = "bilinear" if kind == "bilinear" else "unpool"
    net = SegNet(num_classes, base_channels=base_channels, upsampling=upsampling)
    for number, stage in enumerate(net.decoder):
        if kind == "learned upsampling":
            net.unpools[number] = _Learned(stage[0].in_channels)
        elif kind in ("deconvolution", "bilinear at once"):
            net.unpools[number] = _Unchanged()
        if kind == "deconvolution":
            stage[0] = _deconvolution(stage[0])
    return _Enlarged(net) if kind == "bilinear at once" else net


KINDS = (
    *("unpooling", "deconvolution", "learned upsampling"),
    *("bilinear", "bilinear at once"),
)


def measure(trial: Trial) -> None:
    """Train SegNet's encoder with each of the decoders."""
    sizes = trial.num_classes, trial.run.base_channels
    trial.compare(
        {kind: lambda kind=kind: make_decoder(kind, *sizes) for kind in KINDS}
    )
