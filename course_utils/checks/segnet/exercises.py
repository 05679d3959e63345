"""Check the exercises of notebook 03, SegNet."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.exercise import exercise
from course_utils.checks.segnet import references
from course_utils.checks.wording import describe

LAYERS = [  # in_channels, out_channels, bias, H and W of a map, hint
    (1, 1, False, (3, 3), "From one lit cell a convolution makes the flipped kernel."),
    (2, 2, False, (3, 3), "weight is (in, out, 3, 3) there, (out, in, 3, 3) here."),
    (2, 3, False, (4, 5), "The convolution has the same in_channels, out_channels."),
    (3, 2, True, (5, 4), "The bias is one number for each output channel: copy it."),
    (5, 1, True, (7, 2), "Height is not width, and every channel takes part."),
    (1, 4, False, (6, 6), "One channel in, four out: each has a kernel of its own."),
]


def _is_a_convolution(reply: Reply, deconv: nn.ConvTranspose2d) -> nn.Conv2d:
    """Refuse what is no 3×3 convolution of the right settings that can learn."""
    hint = "Make nn.Conv2d(in, out, 3, padding=1), and copy the weights into it."
    conv = reply.value
    if not isinstance(conv, nn.Conv2d):
        reply.refuse(f"should be an nn.Conv2d, got {describe(conv)}", hint)
    if conv.kernel_size != (3, 3) or conv.stride != (1, 1):
        got = f"kernel {conv.kernel_size} and stride {conv.stride}"
        reply.refuse(f"should have kernel (3, 3) and stride (1, 1), got {got}", hint)
    if conv.padding not in ((1, 1), "same"):
        hint = "padding=1 keeps the size of the map."
        reply.refuse(f"should have padding (1, 1), got {conv.padding}", hint)
    if (conv.in_channels, conv.out_channels) != (
        wanted := (deconv.in_channels, deconv.out_channels)
    ):
        got = (conv.in_channels, conv.out_channels)
        reply.refuse(f"should map {wanted[0]} channels to {wanted[1]}, got {got}", hint)
    if deconv.bias is None and conv.bias is not None and conv.bias.any():
        hint = "The given layer has no bias, so this has none: bias=False."
        reply.refuse(f"should add no bias, got {describe(conv.bias)}", hint)
    if not all(p.requires_grad for p in conv.parameters()):
        hint = "A layer made from a layer goes on learning: leave requires_grad alone."
        reply.refuse("should have weights that learn, got requires_grad=False", hint)
    return conv


@exercise("3.1")
def check_conv_from_transposed(
    conv_from_transposed: Callable[[nn.ConvTranspose2d], nn.Conv2d],
) -> Iterator[None]:
    """Check exercise 3.1, from one lit cell to layers with many channels."""
    for in_channels, out_channels, bias, size, hint in LAYERS:
        deconv = nn.ConvTranspose2d(in_channels, out_channels, 3, 1, 1, bias=bias)
        if deconv.weight.numel() == 9:
            deconv.weight.data = torch.arange(1.0, 10).view(1, 1, 3, 3)
        x = torch.randn(1, in_channels, *size)
        x = torch.eye(3)[1].outer(torch.eye(3)[1])[None, None] if size == (3, 3) else x
        x = x.expand(1, in_channels, *size).contiguous()
        before, expected = deconv.weight.detach().clone(), deconv(x)
        reply = ask(conv_from_transposed, deconv, hint=hint)
        if not deconv.weight.equal(before) or deconv.weight.shape != before.shape:
            reply.refuse("changed the layer it was given", "Work on new weights.")
        conv = _is_a_convolution(reply, deconv)
        value = ask(conv, x, hint="padding=1 keeps the size of the map.").value
        of_map = replace(reply, call=f"{reply.call}(x)", value=value)
        of_map.should_be(expected, hint, mistakes=references.layer_mistakes(deconv, x))
        yield
    hint = "Trained layers come in float64 and half precision, too: keep the dtype."
    conv = ask(conv_from_transposed, deconv.double(), hint=hint).value
    ask(conv, x.double(), hint=hint).should_be(deconv(x.double()), hint)
    yield


_TARGETS = [  # targets, num_classes, ignore_index, hint
    ([[[0, 1], [1, 0]]], 2, None, "Equal frequencies give equal weights, 1."),
    ([[[0, 0, 0, 1]]], 2, None, "Median of 3/4 and 1/4: the mean of the two, 1/2."),
    ([[[0, 0, 1, 2, 2, 2, 2, 1]]], 3, None, "Median over own: 1/4, 1/4, 1/2."),
    ([[[0, 0]], [[0, 1]], [[0, 1]]], 2, None, "Class 1: 2 of the 4 pixels."),
    ([[[0, 0, 1, 255]], [[0, 0, 0, 0]]], 2, None, "Class 1: 1 of 4, void counted."),
    ([[[0, 0, 3]]], 5, None, "A class that occurs nowhere weighs 0."),
    ([[[0, 0, 0, 1, 1, 2]], [[4, 0, 0, 0, 1, 1]]], 5, None, "Of four, the middle two."),
    ([[[0, 0, 0, 1, 11, 11]]], 2, 11, "CamVid's authors call void 11: ignore_index."),
    ([[[0, 0, 0, 1, 2, 2]]], 3, 2, "ignore_index may be one of the classes: weight 0."),
]


@exercise("3.2")
def check_median_frequency_weights(
    median_frequency_weights: Callable[..., Tensor],
) -> Iterator[None]:
    """Check exercise 3.2, from two classes to many images."""
    cases = [(torch.tensor(targets), *rest) for targets, *rest in _TARGETS]
    many = torch.randint(6, (5, 9, 8)) + 1
    many[many == 4] = 255
    many[0][many[0] == 6] = 2
    hint = "Several images, void, an absent class: is each counted as it should be?"
    cases += [(many, 8, None, hint), (many.to(torch.uint8), 8, None, hint)]
    for targets, num_classes, ignore_index, hint in cases:
        options = {} if ignore_index is None else {"ignore_index": ignore_index}
        reply = ask(
            median_frequency_weights, targets, num_classes, hint=hint, **options
        )
        expected = references.median_frequency_weights(targets, num_classes, **options)
        mistakes = references.weight_mistakes(targets, num_classes, **options)
        reply.should_be(expected, hint, mistakes=mistakes)
        yield


_POOLED = [  # N, C, H, W of the map that is pooled, hint
    ((1, 1, 4, 6), "row = index // W, column = index % W, W the second of input_size."),
    ((1, 1, 2, 8), "In one row of windows the column alone grows, by 2 a window."),
    ((1, 1, 8, 2), "In one column of windows, rows are W apart: row = index // W."),
    ((2, 3, 6, 4), "Each image and each channel has its own maxima."),
    ((1, 2, 4, 600), "uint8 ends at 255: compute with int64."),
]


@exercise("3.3")
def check_pack_indices(
    pack_indices: Callable[..., Tensor], unpack_indices: Callable[..., Tensor]
) -> Iterator[None]:
    """Check exercise 3.3: packing, then unpacking, each by itself."""
    pairs = []
    for shape, hint in _POOLED:
        x, size = torch.rand(shape), (shape[2], shape[3])
        _, indices = F.max_pool2d(x, 2, return_indices=True)
        pairs.append((indices, references.pack_indices(indices, size), size, hint))
    for indices, offsets, size, hint in pairs:
        mistakes = references.packing_mistakes(indices, size)
        reply = ask(pack_indices, indices, size, hint=hint)
        reply.should_be(offsets, hint, mistakes=mistakes)
        yield
    for indices, offsets, size, hint in pairs:
        mistakes = references.unpacking_mistakes(offsets, size)
        reply = ask(unpack_indices, offsets, size, hint=hint)
        reply.should_be(indices, hint, mistakes=mistakes)
        yield
