import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.models.blocks import (
    BilinearUpsampling,
    LearnedUpsampling,
    Unpool,
    bilinear_kernel,
    check_image_batch,
    conv_relu,
    fuse_skip,
    unpool,
    upsample_bilinear,
)


def enlarge(x, factor):
    return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)


@pytest.mark.parametrize(
    ("kernel_size", "dilation"), [(1, 1), (3, 1), (3, 4), (7, 1), (7, 4)]
)
def test_a_convolution_keeps_height_and_width_by_default(kernel_size, dilation):
    layers = conv_relu(3, 5, kernel_size, dilation=dilation)
    output = nn.Sequential(*layers)(torch.randn(2, 3, 9, 12))
    assert output.shape == (2, 5, 9, 12)
    assert output.min() == 0


def test_padding_can_be_chosen():
    output = nn.Sequential(*conv_relu(3, 5, 7, padding=0))(torch.randn(2, 3, 9, 12))
    assert output.shape == (2, 5, 3, 6)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_batch_normalization_stands_before_the_relu_if_asked_for(batch_norm):
    kinds = [type(layer) for layer in conv_relu(3, 5, batch_norm=batch_norm)]
    between = [nn.BatchNorm2d] if batch_norm else []
    assert kinds == [nn.Conv2d, *between, nn.ReLU]


def test_a_convolution_starts_from_he_initialization():
    conv, _ = conv_relu(64, 128)
    # standard deviation √(2 / fan-in), fan-in 64·9
    assert conv.weight.std().item() == pytest.approx((2 / 576) ** 0.5, rel=0.02)
    assert (conv.bias == 0).all()


@pytest.mark.parametrize("factor", [2, 4, 8, 32])
def test_the_bilinear_kernel_interpolates_inside(factor):
    x = torch.randn(1, 1, 5, 6)
    kernel = bilinear_kernel(factor)[None, None]
    output = F.conv_transpose2d(x, kernel, stride=factor, padding=factor // 2)
    inside = (..., *[slice(factor // 2, -(factor // 2))] * 2)
    torch.testing.assert_close(output[inside], enlarge(x, factor)[inside])


@pytest.mark.parametrize("factor", [-2, 0, 1, 3])
def test_no_bilinear_kernel_of_an_odd_factor(factor):
    with pytest.raises(ValueError, match=f"even and at least 2, got {factor}"):
        bilinear_kernel(factor)


@pytest.mark.parametrize("size", [(3, 5), (8, 8), (96, 160), (7, 33), (2, 1)])
@pytest.mark.parametrize("corners", [False, True])
def test_interpolation_by_matrices_is_torchs_with_its_gradient(size, corners):
    x = torch.randn(2, 4, 3, 5, dtype=torch.float64, requires_grad=True)
    ours = upsample_bilinear(x, size, align_corners=corners)
    theirs = F.interpolate(x, size, mode="bilinear", align_corners=corners)
    torch.testing.assert_close(ours, theirs)
    weights = torch.randn(size, dtype=torch.float64)
    grads = [torch.autograd.grad((y * weights).sum(), x)[0] for y in (ours, theirs)]
    torch.testing.assert_close(*grads)


def test_interpolation_stays_in_full_precision_under_autocast():
    x = torch.randn(1, 2, 3, 4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        output = BilinearUpsampling(4)(x)
    torch.testing.assert_close(output, enlarge(x, 4))
    assert upsample_bilinear(x.bfloat16(), (6, 8)).dtype == torch.float32
    assert upsample_bilinear(x.double(), (6, 8)).dtype == torch.float64


@pytest.mark.parametrize("size", [(8, 6), (7, 7), (23, 30), (45, 61), (1, 2)])
@pytest.mark.parametrize("ceil_mode", [True, False])
def test_unpooling_is_torchs_with_its_gradient(size, ceil_mode):
    if min(size) < 2 and not ceil_mode:
        return  # nothing would be left
    x = torch.randn(2, 3, *size, dtype=torch.float64)
    pooled, indices = F.max_pool2d(x, 2, ceil_mode=ceil_mode, return_indices=True)
    pooled.requires_grad_()
    ours = unpool(pooled, indices, size)
    theirs = F.max_unpool2d(pooled, indices, 2, output_size=size)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
    weights = torch.randn_like(ours)
    grads = [
        torch.autograd.grad((y * weights).sum(), pooled)[0] for y in (ours, theirs)
    ]
    torch.testing.assert_close(*grads, rtol=0, atol=0)


def test_unpooling_runs_where_algorithms_must_be_deterministic():
    x = torch.randn(1, 2, 4, 4)
    torch.use_deterministic_algorithms(True)
    try:
        output = unpool(*F.max_pool2d(x, 2, return_indices=True), (4, 4))
    finally:
        torch.use_deterministic_algorithms(False)
    assert (output != 0).sum() == 8


def test_unpooling_as_a_layer_can_be_hooked():
    layer, seen = Unpool(), []
    layer.register_forward_hook(lambda *hooked: seen.append(hooked[2]))
    pooled, indices = F.max_pool2d(torch.rand(1, 1, 8, 6), 2, return_indices=True)
    output = layer(pooled, indices, (8, 6))
    assert output is seen[0]
    torch.testing.assert_close(output, unpool(pooled, indices, (8, 6)))
    assert not list(layer.parameters())


@pytest.mark.parametrize("size", [(10, 8), (8, 6), (4, 4), (16, 16)])
def test_a_size_that_was_not_pooled_is_refused(size):
    pooled, indices = F.max_pool2d(torch.rand(1, 1, 8, 8), 2, return_indices=True)
    with pytest.raises(ValueError, match="must be the size before the pool, got"):
        unpool(pooled, indices, size)


def test_indices_of_another_map_are_refused():
    indices = torch.zeros(1, 2, 4, 4, dtype=torch.int64)
    with pytest.raises(ValueError, match=r"one shape, got \(1, 1, 4, 4\) and \(1, 2"):
        unpool(torch.rand(1, 1, 4, 4), indices, (8, 8))


@pytest.mark.parametrize("factor", [2, 8, 16])
@pytest.mark.parametrize("size", [(1, 1), (1, 4), (5, 3)])
def test_learned_upsampling_starts_as_interpolation_border_included(factor, size):
    x = torch.randn(2, 3, *size, dtype=torch.float64)
    output = LearnedUpsampling(3, factor).double()(x)
    torch.testing.assert_close(output, enlarge(x, factor), rtol=1e-12, atol=1e-12)


def test_learned_upsampling_can_learn_to_mix_channels():
    layer = LearnedUpsampling(3, 2)
    target = torch.randn(1, 3, 8, 8)
    F.mse_loss(layer(torch.randn(1, 3, 4, 4)), target).backward()
    assert (layer.weight.grad[0, 1] != 0).any()
    assert [name for name, _ in layer.named_parameters()] == ["weight"]


@pytest.mark.parametrize("size", [(4, 6), (5, 7), (2, 3), (9, 4)])
def test_a_skip_is_fused_at_its_own_size(size):
    deep, skip = torch.randn(2, 3, 2, 3), torch.randn(2, 3, *size)
    expected = F.interpolate(deep, size=size, mode="bilinear") + skip
    torch.testing.assert_close(fuse_skip(deep, skip), expected)


@pytest.mark.parametrize("shape", [(2, 1, 4, 6), (1, 3, 4, 6)])
def test_a_skip_that_would_broadcast_is_refused(shape):
    with pytest.raises(ValueError, match=r"agree in images and channels, got \(2, 3"):
        fuse_skip(torch.randn(2, 3, 2, 3), torch.randn(shape))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_normalized_images_of_32_pixels_are_accepted(dtype):
    check_image_batch(torch.zeros(1, 3, 32, 32, dtype=dtype))
    check_image_batch(torch.zeros(1, 1, 32, 40, dtype=dtype), in_channels=1)


def test_integer_images_are_refused():
    with pytest.raises(TypeError, match=r"got torch\.uint8; apply datasets\.eval_"):
        check_image_batch(torch.zeros(1, 3, 32, 32, dtype=torch.uint8))


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 1, 32, 32), (1, 4, 32, 32)])
def test_images_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"must be \(N, 3, H, W\), got \(.*images\["):
        check_image_batch(torch.zeros(shape))


@pytest.mark.parametrize("size", [(31, 64), (64, 31)])
def test_images_below_32_pixels_are_refused(size):
    height, width = size
    with pytest.raises(ValueError, match=f"at least 32 .* got {height}×{width}; enl"):
        check_image_batch(torch.zeros(1, 3, height, width))
