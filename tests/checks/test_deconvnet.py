import pytest
import torch
import torch.nn.functional as F

from course_utils.checks.deconvnet import clinic, exercises, references
from course_utils.checks.modules import draw_values
from course_utils.checks.wording import difference
from course_utils.models.deconvnet import DeconvBlock


@pytest.mark.parametrize("training", [False, True])
def test_the_reference_block_is_the_packages(training):
    torch.manual_seed(0)
    block = DeconvBlock(4, 2, 3).train(training)
    draw_values(block)
    pooled, indices = references.pool((2, 4), (6, 8))
    unpooled = F.max_unpool2d(pooled, indices, 2, output_size=(6, 8))
    layers = [m for m in block.modules() if hasattr(m, "weight")]
    value = references.deconv_block(layers, unpooled, training=training)
    for options in exercises._BLOCK_MISTAKES.values():
        wrong = references.deconv_block(layers, unpooled, training=training, **options)
        assert difference(wrong, value, 1e-3) is not None
    torch.testing.assert_close(value, block(pooled, indices, (6, 8)).detach())


@pytest.mark.parametrize(("size", "number", "hint"), clinic.SIZES)
def test_the_reference_decoding_puts_every_value_back(size, number, hint):
    image = torch.rand(1, 1, *size) + 1
    x, indices, sizes = references.pool_repeatedly(image, number)
    decoded = references.decode(x, indices, sizes)
    back = decoded > 0
    assert back.sum() == x.numel()
    torch.testing.assert_close(decoded[back], image[back])
