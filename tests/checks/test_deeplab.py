import pytest
import torch
from torch import nn

from course_utils import crf
from course_utils.checks.answer import AnswerError
from course_utils.checks.deeplab import exercises, references


@pytest.mark.parametrize(("args", "expected", "hint"), exercises.PADDINGS)
def test_cases_of_same_padding_agree_with_conv2d(args, expected, hint):
    kernel_size, dilation = args
    layer = nn.Conv2d(1, 1, kernel_size, padding=expected, dilation=dilation)
    assert layer(torch.zeros(1, 1, 40, 41)).shape == (1, 1, 40, 41)
    assert references.same_padding(*args) == expected


@pytest.mark.parametrize("dilation", [1, 4, 12])
def test_the_reference_head_is_what_torchs_layers_compute(dilation):
    convs = [
        nn.Conv2d(5, 8, 3, padding=dilation, dilation=dilation),
        nn.Conv2d(8, 8, 1),
        nn.Conv2d(8, 3, 1),
    ]
    x = torch.randn(2, 5, 9, 14)
    first, second, third = convs
    expected = third(second(first(x).relu()).relu())
    value = references.large_fov_head(convs, x, dilation=dilation)
    torch.testing.assert_close(value, expected, rtol=1e-4, atol=1e-5)
    for hint, options in exercises._HEAD_MISTAKES.items():
        wrong = {"dilation": dilation} | options
        if wrong != {"dilation": dilation}:
            value = references.large_fov_head(convs, x, **wrong)
            assert not torch.allclose(value, expected, atol=1e-3), hint


def test_the_reference_kernel_and_step_are_those_of_the_package():
    torch.manual_seed(0)
    features, std = 5 * torch.rand(9, 3), torch.tensor([1.0, 2.0, 4.0])
    kernel = crf.pairwise_kernel(features, std)
    expected = references.pairwise_kernel(features, std)
    torch.testing.assert_close(kernel, expected)
    for probs, unary, kernels, weights, _ in exercises._step_cases():
        torch.testing.assert_close(
            crf.mean_field_step(probs, unary, kernels, weights),
            references.mean_field_step(probs, unary, kernels, weights),
            rtol=1e-4,
            atol=1e-5,
        )


def test_no_mistake_is_right():
    torch.manual_seed(0)
    features, std = 5 * torch.rand(9, 3), torch.tensor([1.0, 2.0, 4.0])
    probs, unary = torch.rand(9, 4).softmax(dim=1), 3 * torch.rand(9, 4)
    kernels, weights = [torch.rand(9, 9), torch.rand(9, 9)], [0.5, 0.2]
    energies = torch.rand(3, 4).softmax(dim=0)
    for right, mistakes in (
        (-energies.log(), references.energy_mistakes(energies)),
        (
            references.pairwise_kernel(features, std),
            references.kernel_mistakes(features, std),
        ),
        (
            references.mean_field_step(probs, unary, kernels, weights),
            references.step_mistakes(probs, unary, kernels, weights),
        ),
    ):
        values = list(mistakes.values())
        for hint, wrong in mistakes.items():
            assert not torch.allclose(wrong, right, atol=1e-3), hint
        pairs = [(a, b) for i, a in enumerate(values) for b in values[:i]]
        assert not any(torch.allclose(a, b, atol=1e-3) for a, b in pairs)


def test_any_floor_of_the_unary_energy_that_makes_sense_is_accepted(capsys):
    for least in (1e-4, 1e-5, 1e-8, 1e-12, 1e-38):
        exercises.check_unary_energy(lambda p, least=least: -p.clamp(min=least).log())
        assert "all 6 cases are right" in capsys.readouterr().out
    with pytest.raises(AnswerError, match="between 9 and 110 nats"):
        exercises.check_unary_energy(lambda p: -p.clamp(min=2e-4).log())
