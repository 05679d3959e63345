import pytest
import torch
import torch.nn.functional as F

from course_utils.training.losses import (
    cross_entropy,
    median_frequency_weights,
    weighted_cross_entropy,
)


def test_weights_by_hand():
    # Class 0: 6 of the 16 pixels of two images. Class 1: 2 of 8, in the first. Class 2:
    # 3 of 8, in the second. Median of 3/8, 1/4, 3/8: 3/8. Class 3 occurs nowhere.
    targets = torch.tensor(
        [
            [[0, 0, 0, 0], [1, 1, 255, 255]],
            [[0, 0, 2, 2], [2, 255, 255, 255]],
        ]
    )
    weights = median_frequency_weights(targets, 4)
    torch.testing.assert_close(weights, torch.tensor([1.0, 1.5, 1.0, 0.0]))


def test_of_an_even_number_the_median_is_the_mean_of_the_middle_two():
    # Frequencies 3/4 and 1/4, so the median is 1/2
    weights = median_frequency_weights(torch.tensor([[[0, 0], [0, 1]]]), 2)
    torch.testing.assert_close(weights, torch.tensor([2 / 3, 2.0]))


def test_void_may_have_another_index_and_targets_other_integers():
    targets = torch.tensor([[[0, 0], [11, 1]]], dtype=torch.uint8)
    weights = median_frequency_weights(targets, 11, ignore_index=11)
    torch.testing.assert_close(weights[:2], torch.tensor([0.75, 1.5]))
    assert weights.dtype == torch.float32
    assert (weights[2:] == 0).all()


def test_of_void_alone_all_weights_are_zero():
    weights = median_frequency_weights(torch.full((2, 3, 3), 255), 3)
    torch.testing.assert_close(weights, torch.zeros(3))


@pytest.mark.parametrize(
    ("targets", "error", "match"),
    [
        (torch.zeros(1, 2, 2), TypeError, "an integer tensor, got float32"),
        (torch.zeros(2, 2).long(), ValueError, r"\(N, H, W\), got \(2, 2\)"),
        (torch.full((1, 2, 2), 7), ValueError, "from 0 to 2 .* got 7 to 7"),
        (torch.zeros(0, 2, 2).long(), ValueError, "without a side of 0, got"),
    ],
)
def test_what_holds_no_classes_is_refused(targets, error, match):
    with pytest.raises(error, match=match):
        median_frequency_weights(targets, 3)


def test_the_weighted_loss_is_torchs_weighted_mean():
    torch.manual_seed(0)
    logits, weights = torch.randn(2, 4, 5, 6), torch.rand(4)
    targets = torch.randint(4, (2, 5, 6))
    targets[0, :2] = 255
    expected = F.cross_entropy(logits, targets, weight=weights, ignore_index=255)
    torch.testing.assert_close(
        weighted_cross_entropy(weights)(logits, targets), expected
    )
    equal = weighted_cross_entropy(torch.full((4,), 0.3))(logits, targets)
    torch.testing.assert_close(equal, cross_entropy(logits, targets))


WEIGHTED = weighted_cross_entropy(torch.tensor([1.0, 0.0]))


@pytest.mark.parametrize(
    ("criterion", "target"), [(cross_entropy, 255), (WEIGHTED, 255), (WEIGHTED, 1)]
)
def test_a_batch_that_counts_nothing_has_loss_0_and_no_gradient(criterion, target):
    logits = torch.randn(1, 2, 3, 3, requires_grad=True)
    loss = criterion(logits, torch.full((1, 3, 3), target))
    loss.backward()
    assert loss == 0
    torch.testing.assert_close(logits.grad, torch.zeros_like(logits))
