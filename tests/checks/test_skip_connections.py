import pytest
import torch
from torch import nn

from course_utils.checks.modules import draw_values
from course_utils.checks.skip_connections import exercises, references
from course_utils.checks.wording import difference
from course_utils.models.fc_densenet import DenseBlock, TransitionUp
from course_utils.models.skips import join_skip
from course_utils.models.unet import UpBlock


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (exercises.check_join_skip, join_skip),
        (exercises.check_up_block, UpBlock),
        (exercises.check_dense_block, DenseBlock),
        (exercises.check_transition_up, TransitionUp),
    ],
)
def test_the_packages_own_version_is_right(check, answer, capsys):
    check(answer)
    assert "cases are right" in capsys.readouterr().out


@pytest.mark.parametrize(
    "sizes", [((2, 3), (3, 5)), ((4, 5), (2, 4)), ((3, 2), (2, 5))]
)
def test_the_reference_join_is_the_packages(sizes):
    torch.manual_seed(0)
    x, skip = (torch.randn(2, 3, *size) for size in sizes)
    torch.testing.assert_close(
        references.join_skip(x, skip), join_skip(x, skip), rtol=0, atol=0
    )


def drawn(module):
    draw_values(module.eval())
    return module


def test_the_reference_block_is_the_packages():
    block = drawn(UpBlock(6, 4, 5))
    layers = [block.up, *(m for m in block.convs if not isinstance(m, nn.ReLU))]
    x, skip = torch.randn(2, 6, 4, 5), torch.randn(2, 4, 9, 10)
    with torch.no_grad():
        expected = block(x, skip)
        torch.testing.assert_close(references.up_block(layers, x, skip), expected)
        for options in exercises._UP_BLOCK_MISTAKES.values():
            wrong = references.up_block(layers, x, skip, **options)
            assert difference(wrong, expected, 1e-3) is not None


def test_the_reference_dense_block_is_the_packages():
    block = drawn(DenseBlock(5, 3, 4))
    layers = [(layer[0], layer[2]) for layer in block.layers]
    x = torch.randn(2, 5, 6, 7)
    with torch.no_grad():
        everything, new = references.dense_block(layers, x)
        torch.testing.assert_close(block(x), (everything, new))
        for options in exercises._DENSE_MISTAKES.values():
            _, wrong = references.dense_block(layers, x, **options)
            assert difference(wrong, new, 1e-3) is not None


@pytest.mark.parametrize("size", [(6, 8), (7, 9), (6, 9)])
def test_the_reference_way_up_is_the_packages(size):
    up = drawn(TransitionUp(4, 6))
    x, skip = torch.randn(2, 4, 3, 4), torch.randn(2, 2, *size)
    with torch.no_grad():
        expected = up(x, skip)
        reference = references.transition_up(up.up, x, skip)
        torch.testing.assert_close(reference, expected)
        shifted = references.transition_up(up.up, x, skip, offset=1)
    assert difference(shifted, expected, 1e-3) is not None
