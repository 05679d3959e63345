from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from gradients import assert_every_parameter_learns
from torch import nn

from course_utils.analysis.summary import model_summary
from course_utils.models.deconvnet import DeconvBlock, DeconvNet

SIZES = [
    (32, 32),
    (33, 47),
    (223, 223),
    (250, 250),
    (321, 321),
    (351, 351),
    (360, 480),
    (479, 479),
    (511, 511),
    (32, 511),
]
CONVS = (nn.Conv2d, nn.ConvTranspose2d)


def meta_model(num_classes=21, **options):
    with torch.device("meta"):
        return DeconvNet(num_classes, **options)


def layers_of(part):
    """Kind, kernel, padding and channels of the convolutions of a part."""
    return [
        (
            type(m) is nn.ConvTranspose2d,
            m.kernel_size[0],
            m.padding[0],
            m.in_channels,
            m.out_channels,
        )
        for m in part.modules()
        if isinstance(m, CONVS)
    ]


def passing_through(model, tap):
    """Let every layer hand on what it gets, in place; fc6 and its inverse at one tap.

    All 3×3 kernels are 1 in the middle and 0 elsewhere. fc6 reads its window at a row
    and column ``tap``, and the deconvolution behind writes it there again.
    """
    for layer in model.modules():
        if isinstance(layer, CONVS):
            nn.init.zeros_(layer.weight)
            middle = tap if layer.kernel_size == (7, 7) else layer.kernel_size[0] // 2
            with torch.no_grad():
                layer.weight[0, 0, middle, middle] = 1
    return model.eval()


def maxima_of_maxima(image):
    """Where the maximum of each 32×32 pixels lies, counted from the top left corner."""
    height, width = image.shape
    places = []
    for top in range(0, height, 32):
        for left in range(0, width, 32):
            window = image[top : top + 32, left : left + 32]
            row, column = divmod(int(window.argmax()), window.shape[1])
            places.append((top // 32, left // 32, top + row, left + column))
    return places


# 13 convolutions 14,714,688; fc6 512·4096·49 + 4096; fc7 4096² + 4096; fc6-deconv
# 4096·512·49 + 512; the decoder's 13 deconvolutions 14,749,376; scores of 64 channels,
# each with a bias. Batch normalization has two numbers a channel: 4,224 channels in the
# encoder, 8,192 in fc6 and fc7, 512 behind, 3,776 in the decoder. Published: 252 M.
def test_parameters_are_those_of_the_paper():
    convs = 14_714_688 + 102_764_544 + 16_781_312 + 102_760_960 + 14_749_376
    norms = 2 * (4_224 + 8_192 + 512 + 3_776)
    for num_classes, published in ((21, 251.806), (11, 251.805)):
        count = sum(p.numel() for p in meta_model(num_classes).parameters())
        assert count == convs + norms + 65 * num_classes
        assert count / 1e6 == pytest.approx(published, abs=5e-4)


def test_the_layers_are_those_of_the_papers_table():
    model = meta_model(5)
    widths = [3, 64, 64, 128, 128, *[256] * 3, *[512] * 6]
    assert layers_of(model.stages) == [(False, 3, 1, *p) for p in pairwise(widths)]
    assert layers_of(model.fc6) == [(False, 7, 0, 512, 4096)]
    assert layers_of(model.fc7) == [(False, 1, 0, 4096, 4096)]
    assert layers_of(model.fc6_deconv) == [(True, 7, 0, 4096, 512)]
    decoder = [
        [(512, 512), (512, 512), (512, 512)],
        [(512, 512), (512, 512), (512, 256)],
        [(256, 256), (256, 256), (256, 128)],
        [(128, 128), (128, 64)],
        [(64, 64), (64, 64)],
    ]
    for block, pairs in zip(model.decoder, decoder, strict=True):
        assert layers_of(block) == [(True, 3, 1, *pair) for pair in pairs]
    assert layers_of(model.score) == [(False, 1, 0, 64, 5)]
    # normalized after every layer but the scores
    assert sum(isinstance(m, nn.BatchNorm2d) for m in model.modules()) == 13 + 3 + 13


def test_the_summary_lists_the_sizes_of_the_paper():
    summary = model_summary(meta_model(), (224, 224))
    shapes = {row.name: row.output_shape for row in summary.rows}
    assert shapes["fc6"] == shapes["fc7"] == (4096, 1, 1)
    assert shapes["fc6_deconv"] == (512, 7, 7)
    up = [shapes[f"decoder.{k}"] for k in range(5)]
    sizes = [(512, 14), (256, 28), (128, 56), (64, 112), (64, 224)]
    assert up == [(channels, side, side) for channels, side in sizes]
    assert shapes["score"] == (21, 224, 224)
    assert summary.rows[-1].field.stride == 1
    # 32.7 billion multiply-adds, as counted elsewhere
    assert summary.multiply_adds / 1e9 == pytest.approx(32.7, abs=0.1)
    assert summary.parameters == sum(p.numel() for p in meta_model().parameters())


def test_every_unpooling_and_every_deconvolution_is_a_row_of_its_own():
    names = [row.name for row in model_summary(meta_model(), depth=3).rows]
    for k, depth in enumerate((3, 3, 3, 2, 2)):
        assert f"decoder.{k}.unpool" in names
        assert f"decoder.{k}.deconvs.{3 * depth - 1}" in names


@pytest.mark.parametrize("size", SIZES)
def test_what_survives_the_pools_comes_back_to_its_own_place(size):
    """Measured with a net that hands on: no shift, no shear, at odd sizes either.

    fc6's windows begin at each cell of pool5 that leaves seven to its right and below,
    or at the first alone; the tap chooses which cell of the window passes.
    """
    image = torch.rand(size) + 1
    cells = [-(-n // 32) for n in size]
    for tap in (0, min(*cells, 7) - 1):
        model = passing_through(DeconvNet(1, base_channels=1), tap)
        with torch.no_grad():
            logits = model(image.expand(1, 3, *size))[0, 0]
        expected = torch.zeros(size)
        for i, j, row, column in maxima_of_maxima(image):
            windows = [max(n, 7) - 6 for n in cells]
            if 0 <= i - tap < windows[0] and 0 <= j - tap < windows[1]:
                expected[row, column] = image[row, column]
        assert (expected > 0).sum() > 0
        # batch normalization divides by √(1 + 1e-5) 29 times
        torch.testing.assert_close(logits, expected, rtol=1e-3, atol=0)


def test_a_block_unpools_and_fills_up():
    block = DeconvBlock(3, 2, 2).eval()
    x, index = F.max_pool2d(
        torch.randn(2, 3, 7, 10), 2, ceil_mode=True, return_indices=True
    )
    expected = F.max_unpool2d(x, index, 2, output_size=(7, 10))
    for k in (0, 3):
        deconv, norm = block.deconvs[k], block.deconvs[k + 1]
        expected = F.conv_transpose2d(expected, deconv.weight, deconv.bias, padding=1)
        expected = norm(expected).relu()
    torch.testing.assert_close(block(x, index, (7, 10)), expected)
    kinds = [type(layer) for layer in DeconvBlock(3, 2, 1, batch_norm=False).deconvs]
    assert kinds == [nn.ConvTranspose2d, nn.ReLU]


def test_a_deconvolution_starts_from_he_initialization():
    layer = DeconvBlock(64, 128, 1).deconvs[0]
    # an output cell has 64·9 inputs
    assert layer.weight.std().item() == pytest.approx((2 / 576) ** 0.5, rel=0.02)
    assert (layer.bias == 0).all()


def test_before_training_the_scores_are_neither_small_nor_large():
    # Inputs of second moment 1/2, as after normalization and ReLU: logits of 1/2
    score = DeconvNet(21, base_channels=16).score
    assert score.weight.std().item() == pytest.approx(1 / 4, rel=0.1)
    assert (score.bias == 0).all()


@pytest.mark.parametrize("size", [(32, 32), (224, 224), (97, 200)])
def test_one_image_whose_fc6_is_one_cell_is_refused_in_training(size):
    model = DeconvNet(3, base_channels=1)
    image = torch.randn(1, 3, *size)
    height, width = size
    with pytest.raises(ValueError, match=f"one value .* {height}×{width} .*drop_last"):
        model(image)
    assert model.eval()(image).shape == (1, 3, *size)
    plain = DeconvNet(3, base_channels=1, batch_norm=False)
    assert plain(image).shape == (1, 3, *size)
    model.train()(torch.randn(1, 3, 32, 225)).sum().backward()  # two cells


def test_every_parameter_learns_from_two_images_of_32_pixels():
    assert_every_parameter_learns(DeconvNet(3, base_channels=4))
