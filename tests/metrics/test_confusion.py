import math

import numpy as np
import pytest
import torch
from torchmetrics.classification import (
    MulticlassAccuracy,
    MulticlassConfusionMatrix,
    MulticlassJaccardIndex,
)

from course_utils.metrics import (
    ConfusionMatrix,
    iou_per_class,
    mean_iou,
    pixel_accuracy,
)


def counts_of(prediction, target, num_classes=3, dtype=torch.int64):
    confusion = ConfusionMatrix(num_classes)
    confusion.update(
        torch.tensor([prediction], dtype=dtype), torch.tensor([target], dtype=dtype)
    )
    return confusion.counts


def random_pair(num_classes, seed=0, void=0.2):
    generator = torch.Generator().manual_seed(seed)
    shape = (4, 17, 23)
    target = torch.randint(num_classes, shape, generator=generator)
    prediction = torch.randint(num_classes, shape, generator=generator)
    prediction = torch.where(
        torch.rand(shape, generator=generator) < 0.5, target, prediction
    )
    target[torch.rand(shape, generator=generator) < void] = 255
    return prediction, target


def test_void_pixels_are_not_counted():
    counts = counts_of(prediction=[0, 2, 255], target=[0, 255, 255])
    expected = torch.tensor([[1, 0, 0], [0, 0, 0], [0, 0, 0]])
    torch.testing.assert_close(counts, expected)


def test_another_void_value_can_be_chosen():
    confusion = ConfusionMatrix(3, ignore_index=-1)
    target = torch.tensor([[-1, 1]], dtype=torch.int32)  # another type
    confusion.update(torch.tensor([[0, 1]]), target)
    assert confusion.counts.sum() == confusion.counts[1, 1] == 1


def test_updates_add_up_and_the_counts_handed_out_do_not_change():
    confusion = ConfusionMatrix(2)
    confusion.update(torch.tensor([[0, 1]]), torch.tensor([[0, 0]]))
    first = confusion.counts
    confusion.update(torch.tensor([[0, 1]]), torch.tensor([[0, 0]]))
    torch.testing.assert_close(first, torch.tensor([[1, 1], [0, 0]]))
    torch.testing.assert_close(confusion.counts, torch.tensor([[2, 2], [0, 0]]))
    confusion.counts[0] = 0
    torch.testing.assert_close(confusion.counts, torch.tensor([[2, 2], [0, 0]]))


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32, torch.int64])
def test_no_integer_dtype_wraps_around(dtype):
    # row 20, column 19: 20 * 21 + 19 = 439 does not fit in uint8
    counts = counts_of([19], [20], num_classes=21, dtype=dtype)
    assert counts.dtype == torch.int64
    assert counts[20, 19] == counts.sum() == 1  # row: target, column: prediction


@pytest.mark.parametrize(
    ("prediction", "target", "ious"),
    [
        # class 0: 1 pixel of 2 in the union; class 1: 2 of 3; class 2: nowhere
        ([0, 1, 1, 1], [0, 0, 1, 1], [1 / 2, 2 / 3, math.nan]),
        # class 2 is predicted once, but never true
        ([0, 2, 1], [0, 0, 1], [1 / 2, 1, 0]),
        # class 2 is never found
        ([0, 0], [0, 2], [1 / 2, math.nan, 0]),
    ],
)
def test_the_mean_iou_leaves_out_classes_that_occur_nowhere(prediction, target, ious):
    counts = counts_of(prediction, target)
    expected = torch.tensor(ious, dtype=torch.float64)
    torch.testing.assert_close(iou_per_class(counts), expected, equal_nan=True)
    assert mean_iou(counts) == pytest.approx(np.nanmean(ious))


def test_pixel_accuracy_is_the_proportion_of_right_pixels():
    # 5 counted, 3 right
    counts = counts_of([0, 1, 1, 2, 0, 0], [0, 0, 1, 2, 1, 255])
    assert pixel_accuracy(counts) == pytest.approx(3 / 5)


def test_pixel_accuracy_is_exact_for_many_pixels():
    # float32 would round 2**25 + 1 to 2**25
    counts = torch.tensor([[2**25, 1], [0, 0]])
    assert pixel_accuracy(counts) == 2**25 / (2**25 + 1)


def test_scores_of_nothing_are_nan():
    counts = counts_of([0], [255])
    assert math.isnan(pixel_accuracy(counts))
    assert math.isnan(mean_iou(counts))


@pytest.mark.parametrize("num_classes", [2, 11, 21])
def test_torchmetrics_agrees_where_every_class_occurs(num_classes):
    prediction, target = random_pair(num_classes)
    confusion = ConfusionMatrix(num_classes)
    confusion.update(prediction, target)
    same = {"num_classes": num_classes, "ignore_index": 255}
    theirs = MulticlassConfusionMatrix(**same)(prediction, target)
    torch.testing.assert_close(confusion.counts, theirs)
    theirs = MulticlassJaccardIndex(**same, average="none")(prediction, target)
    ours = iou_per_class(confusion.counts).float()
    torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=0)
    theirs = MulticlassJaccardIndex(**same)(prediction, target).item()
    assert mean_iou(confusion.counts) == pytest.approx(theirs, abs=1e-6)
    theirs = MulticlassAccuracy(**same, average="micro")(prediction, target).item()
    assert pixel_accuracy(confusion.counts) == pytest.approx(theirs, abs=1e-6)


def test_torchmetrics_calls_the_iou_of_an_absent_class_0_and_leaves_it_out_of_macro():
    prediction, target = random_pair(num_classes=4)
    confusion = ConfusionMatrix(6)
    confusion.update(prediction, target)
    same = {"num_classes": 6, "ignore_index": 255}
    theirs = MulticlassJaccardIndex(**same, average="none")(prediction, target)
    assert theirs[4:].tolist() == [0, 0]
    assert iou_per_class(confusion.counts)[4:].isnan().all()
    macro = MulticlassJaccardIndex(**same, average="macro")(prediction, target)
    assert mean_iou(confusion.counts) == pytest.approx(macro.item(), abs=1e-6)
    assert theirs.mean() < mean_iou(confusion.counts) - 0.1


def test_a_mean_over_images_is_another_number_than_ours():
    # image 1: IoU 1 and 1; image 2: 1/4 and 0. Over the set: class 0 has 3 of 6.
    predictions = torch.tensor([[[0, 0, 1, 1]], [[0, 1, 1, 1]]])
    targets = torch.tensor([[[0, 0, 1, 1]], [[0, 0, 0, 0]]])
    confusion = ConfusionMatrix(2)
    confusion.update(predictions, targets)
    # class 0: 2 + 1 of 2 + 4; class 1: 2 + 0 of 2 + 3
    assert mean_iou(confusion.counts) == pytest.approx((3 / 6 + 2 / 5) / 2)
    per_image = [
        mean_iou(counts_of(p[0].tolist(), t[0].tolist(), num_classes=2))
        for p, t in zip(predictions, targets, strict=True)
    ]
    assert per_image == pytest.approx([1, 1 / 8])


def test_logits_and_arrays_are_refused():
    confusion = ConfusionMatrix(3)
    target = torch.zeros(2, 2, dtype=torch.int64)
    with pytest.raises(TypeError, match=r"prediction .*float32.*argmax\(dim=1\)"):
        confusion.update(torch.zeros(2, 2), target)
    with pytest.raises(TypeError, match=r"target .*float32"):
        confusion.update(target, torch.zeros(2, 2))
    with pytest.raises(TypeError, match="ndarray"):
        confusion.update(target.numpy(), target.numpy())


def test_shapes_that_would_broadcast_are_refused():
    zeros = torch.zeros(2, 4, 4, dtype=torch.int64)
    with pytest.raises(ValueError, match=r"\(2, 4, 4\) and \(1, 4, 4\)"):
        ConfusionMatrix(3).update(zeros, zeros[:1])
    with pytest.raises(
        ValueError, match=r"\(H, W\) or \(N, H, W\), got \(2, 1, 4, 4\)"
    ):
        ConfusionMatrix(3).update(zeros[:, None], zeros[:, None])


@pytest.mark.parametrize(
    ("prediction", "target", "message"),
    [
        (3, 0, "prediction must hold class indices from 0 to 2 .* got 3"),
        (255, 0, "prediction .* got 255"),
        (-1, 0, "prediction .* got -1"),
        (0, 3, "target must hold class indices from 0 to 2 .* got 3"),
        (0, -1, "target .* got -1"),
    ],
)
def test_values_outside_the_label_set_are_named(prediction, target, message):
    confusion = ConfusionMatrix(3)
    with pytest.raises(ValueError, match=message):
        confusion.update(torch.tensor([[1, prediction]]), torch.tensor([[1, target]]))
    assert confusion.counts.sum() == 0
