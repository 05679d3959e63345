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
    boundary_band,
    boundary_distance,
    boundary_iou,
    inconsistency,
    iou_per_class,
    mean_iou,
    pixel_accuracy,
    recall_by_object_size,
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


def test_rows_are_targets_and_columns_are_predictions():
    expected = torch.tensor([[0, 0, 1], [0, 0, 0], [0, 0, 0]])
    torch.testing.assert_close(counts_of(prediction=[2], target=[0]), expected)


def test_void_pixels_are_not_counted():
    counts = counts_of(prediction=[0, 2, 255], target=[0, 255, 255])
    expected = torch.tensor([[1, 0, 0], [0, 0, 0], [0, 0, 0]])
    torch.testing.assert_close(counts, expected)


def test_another_void_value_can_be_chosen():
    confusion = ConfusionMatrix(3, ignore_index=-1)
    confusion.update(torch.tensor([[0, 1]]), torch.tensor([[-1, 1]]))
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
    assert counts[20, 19] == counts.sum() == 1


def test_prediction_and_target_may_differ_in_dtype():
    confusion = ConfusionMatrix(21)
    confusion.update(torch.full((2, 2), 20), torch.full((2, 2), 20, dtype=torch.uint8))
    assert confusion.counts[20, 20] == 4


def test_iou_of_two_overlapping_classes():
    # class 0: 1 pixel in common of 2 in the union; class 1: 2 of 3; class 2: nowhere
    counts = counts_of(prediction=[0, 1, 1, 1], target=[0, 0, 1, 1])
    expected = torch.tensor([1 / 2, 2 / 3, math.nan], dtype=torch.float64)
    torch.testing.assert_close(iou_per_class(counts), expected, equal_nan=True)


def test_a_class_that_occurs_nowhere_does_not_change_the_mean():
    counts = counts_of([0, 1, 1, 1], [0, 0, 1, 1], num_classes=21)
    assert mean_iou(counts) == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_a_class_that_is_only_predicted_counts_as_zero():
    # class 0: 1 of 2; class 1: 1 of 1; class 2: predicted once, never true
    counts = counts_of(prediction=[0, 2, 1], target=[0, 0, 1])
    assert mean_iou(counts) == pytest.approx((1 / 2 + 1 + 0) / 3)


def test_a_class_that_is_never_found_counts_as_zero():
    counts = counts_of(prediction=[0, 0], target=[0, 2])
    assert mean_iou(counts) == pytest.approx((1 / 2 + 0) / 2)


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


def test_logits_are_refused():
    confusion = ConfusionMatrix(3)
    target = torch.zeros(2, 2, dtype=torch.int64)
    with pytest.raises(TypeError, match=r"prediction .*float32.*argmax\(dim=1\)"):
        confusion.update(torch.zeros(2, 2), target)
    with pytest.raises(TypeError, match=r"target .*float32"):
        confusion.update(target, torch.zeros(2, 2))


def test_arrays_are_refused():
    with pytest.raises(TypeError, match="ndarray"):
        ConfusionMatrix(3).update(np.zeros((2, 2), int), np.zeros((2, 2), int))


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


def test_the_distance_to_another_label_counts_from_void_too():
    # The middle 0 of the last row: 1 below the 2; its neighbors: sqrt(2) away from it
    inf = math.inf
    row = boundary_distance(torch.tensor([[1, 1, 0, 0, 0, 255]]))
    torch.testing.assert_close(row, torch.tensor([[2.0, 1, 1, 2, 1, inf]]))
    square = boundary_distance(torch.tensor([[0, 2, 0], [0, 0, 0]]))
    root = math.sqrt(2)
    torch.testing.assert_close(square, torch.tensor([[1, 1, 1], [root, 1, root]]))


def test_the_frame_of_a_photograph_is_no_border():
    inf = math.inf
    targets = torch.full((2, 2, 4), 255, dtype=torch.uint8)
    targets[0, :1, :3] = torch.tensor([1, 0, 0])  # 1 high, 3 wide
    targets[1, :, :2] = 3  # 2 high, 2 wide, of one label
    sizes = torch.tensor([[1, 3], [2, 2]])
    expected = torch.full((2, 2, 4), inf)
    expected[0, 0, :3] = torch.tensor([1, 1, 2])
    torch.testing.assert_close(boundary_distance(targets, sizes=sizes), expected)
    # Without sizes the padding is a label, and 1 pixel from all but the first column
    # of the second map, which is 2 pixels from it
    expected[0, 0, :3] = 1
    expected[1, :, :2] = torch.tensor([2, 1])
    torch.testing.assert_close(boundary_distance(targets), expected)


def test_void_inside_a_photograph_is_a_border_and_has_no_distance():
    inf = math.inf
    target = torch.tensor([[[1, 1, 255, 1, 255]]])
    distance = boundary_distance(target, sizes=torch.tensor([[1, 4]]))
    torch.testing.assert_close(distance, torch.tensor([[[2, 1, inf, 1, inf]]]))


def band_of(target, width, **options):
    return boundary_band(torch.tensor(target), width, **options).int().tolist()


def test_the_band_has_its_width_on_either_side_of_a_straight_border():
    row = [[1, 1, 1, 1, 0, 0, 0, 0]]
    assert band_of(row, 1) == [[0, 0, 0, 1, 1, 0, 0, 0]]
    assert band_of(row, 2) == [[0, 0, 1, 1, 1, 1, 0, 0]]
    assert band_of(row, 3) == [[0, 1, 1, 1, 1, 1, 1, 0]]


def test_void_is_not_in_the_band_but_its_edge_is_a_border():
    row = [[1, 1, 1, 255, 255, 0, 0, 0]]
    assert band_of(row, 1) == [[0, 0, 1, 0, 0, 1, 0, 0]]
    assert band_of(row, 2) == [[0, 1, 1, 0, 0, 1, 1, 0]]


def test_the_distance_is_euclidean():
    # one pixel of class 1 in the middle: its diagonal neighbors are sqrt(2) away,
    # the pixel 2 to the right is 2 away
    target = [[int((r, c) == (2, 2)) for c in range(5)] for r in range(5)]
    plus = [[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 1, 1, 0]]
    assert band_of(target, 1)[:3] == plus
    square = [[0, 0, 0, 0, 0], [0, 1, 1, 1, 0], [0, 1, 1, 1, 0]]
    assert band_of(target, 1.5)[:3] == square
    assert band_of(target, 2)[:3] == [[0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [1] * 5]


def test_a_map_of_one_label_has_no_band():
    assert band_of([[2, 2], [2, 2]], 5) == [[0, 0], [0, 0]]
    assert band_of([[255, 255]], 5) == [[0, 0]]


def test_the_border_of_the_image_is_no_border_of_a_class():
    assert band_of([[1, 1, 1, 1, 1, 0]], 1) == [[0, 0, 0, 0, 1, 1]]


@pytest.mark.parametrize("width", [1, 2, 3.5])
def test_the_band_agrees_with_the_distances_between_all_pixels(width):
    generator = torch.Generator().manual_seed(0)
    coarse = torch.randint(4, (3, 4, 5), generator=generator, dtype=torch.uint8)
    target = coarse.repeat_interleave(4, 1).repeat_interleave(3, 2)
    target[target == 3] = 255
    rows, columns = torch.meshgrid(torch.arange(16), torch.arange(15), indexing="ij")
    places = torch.stack([rows.flatten(), columns.flatten()], dim=1).double()
    near = torch.cdist(places, places) <= width
    for band, labels in zip(boundary_band(target, width), target, strict=True):
        other = labels.flatten()[:, None] != labels.flatten()
        expected = (near & other).any(dim=1).view(16, 15) & (labels != 255)
        torch.testing.assert_close(band, expected)


def test_the_band_of_a_batch_is_a_mask_of_its_shape():
    band = boundary_band(torch.zeros(2, 3, 4, dtype=torch.uint8), 1)
    assert band.dtype == torch.bool
    assert band.shape == (2, 3, 4)


def test_another_void_value_is_left_out_of_the_band():
    assert band_of([[1, -1, 0]], 1, ignore_index=-1) == [[1, 0, 1]]


def test_boundary_band_refuses_what_it_can_not_measure():
    with pytest.raises(ValueError, match="width must be at least 1 pixel, got 0"):
        boundary_band(torch.zeros(2, 2, dtype=torch.int64), 0)
    with pytest.raises(TypeError, match=r"target .*float32"):
        boundary_band(torch.zeros(2, 2), 1)
    with pytest.raises(ValueError, match=r"\(4,\)"):
        boundary_band(torch.zeros(4, dtype=torch.int64), 1)


def test_boundary_iou_counts_the_pixels_of_the_band_alone():
    target = torch.tensor([[1, 1, 1, 1, 0, 0, 0, 0]])
    prediction = torch.tensor([[0, 1, 1, 1, 1, 0, 0, 0]])
    # width 1: target 1 0, prediction 1 1; class 0: 0 of 1, class 1: 1 of 2
    assert boundary_iou(prediction, target, 2, width=1) == pytest.approx(1 / 4)
    # width 2: target 1 1 0 0, prediction 1 1 1 0; class 0: 1 of 2, class 1: 2 of 3
    assert boundary_iou(prediction, target, 2, width=2) == pytest.approx(7 / 12)
    # all: class 0: 3 of 5, class 1: 3 of 5
    assert boundary_iou(prediction, target, 2, width=8) == pytest.approx(3 / 5)


def test_boundary_iou_is_3_pixels_wide_unless_told():
    prediction, target = random_pair(3)
    target = target[:, ::2].repeat_interleave(9, 1).repeat_interleave(9, 2)
    prediction = prediction[:, ::2].repeat_interleave(9, 1).repeat_interleave(9, 2)
    score = boundary_iou(prediction, target, 3)
    assert score == boundary_iou(prediction, target, 3, width=3)
    assert score != boundary_iou(prediction, target, 3, width=2)


def test_boundary_iou_does_not_count_void():
    target = torch.tensor([[1, 1, 255, 0, 0]])
    prediction = torch.tensor([[1, 1, 7, 0, 0]])
    assert boundary_iou(prediction, target, 2) == 1


def test_boundary_iou_has_one_matrix_for_maps_of_several_sizes():
    # width 1; first map: target 1 0, prediction 1 0; second: target 0 1, prediction 0 0
    targets = [torch.tensor([[1, 1, 0]]), torch.tensor([[0, 1]])]
    predictions = [torch.tensor([[0, 1, 0]]), torch.tensor([[0, 0]])]
    # class 0: 2 of 3; class 1: 1 of 2
    expected = pytest.approx((2 / 3 + 1 / 2) / 2)
    assert boundary_iou(predictions, targets, 2, width=1) == expected
    batches = [m[None] for m in predictions], [m[None] for m in targets]
    assert boundary_iou(*batches, 2, width=1) == expected


def test_boundary_iou_without_borders_is_nan():
    zeros = torch.zeros(2, 4, 4, dtype=torch.int64)
    assert math.isnan(boundary_iou(zeros, zeros, 2))


def test_numbers_of_maps_that_differ_are_refused():
    zeros = torch.zeros(2, 4, 4, dtype=torch.int64)
    for metric in (recall_by_object_size, inconsistency):
        with pytest.raises(ValueError, match="equally many"):
            metric(zeros, zeros[:1])


def test_values_below_zero_are_refused_by_every_metric():
    zeros = torch.zeros(1, 4, 4, dtype=torch.int64)
    for metric in (recall_by_object_size, inconsistency):
        with pytest.raises(ValueError, match=r"target .* from 0 to 254 .* got -1"):
            metric(zeros, zeros - 1)


def test_recall_of_two_objects_in_two_bins():
    # class 1: 6 pixels, 3 found; class 2: 2 pixels, 2 found
    target = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 0, 2], [0, 0, 0, 0, 2]])
    prediction = torch.tensor([[1, 1, 1, 0, 0], [2, 2, 0, 0, 2], [0, 0, 0, 0, 2]])
    sizes = recall_by_object_size(prediction, target, edges=(1, 3, 6, 7), min_area=1)
    assert sizes.edges == (1, 3, 6, 7)
    # 6 pixels belong to [6, 7), not to [3, 6)
    expected = np.array([1, np.nan, 0.5])
    np.testing.assert_allclose(sizes.recall, expected)
    assert sizes.num_objects.tolist() == [1, 0, 1]


def test_recall_is_a_mean_over_objects_not_over_pixels():
    # two objects of class 1: 3 of 3 found, 0 of 1; pixels would say 3/4
    target = torch.tensor([[1, 1, 1, 0, 1]])
    prediction = torch.tensor([[1, 1, 1, 0, 0]])
    sizes = recall_by_object_size(prediction, target, edges=(0, 9), min_area=1)
    assert sizes.recall.tolist() == [0.5]
    assert sizes.num_objects.tolist() == [2]


def num_objects(target, **options):
    target = torch.tensor(target)
    sizes = recall_by_object_size(
        torch.zeros_like(target), target, edges=(0, math.inf), min_area=1, **options
    )
    return sizes.num_objects.item()


def test_pixels_that_touch_at_a_corner_are_one_object():
    assert num_objects([[1, 0], [0, 1]]) == 1


def test_void_and_other_classes_separate_objects():
    assert num_objects([[1, 255, 1, 2, 1]]) == 4


def test_an_object_inside_the_box_of_another_of_its_class_is_kept_apart():
    target = torch.tensor([[1, 1, 1], [1, 0, 0], [1, 0, 1]])
    found = inconsistency(target, target, min_area=1)
    assert found.area.tolist() == [5, 1]


def test_background_has_no_objects_unless_every_class_has():
    target = [[0, 0, 1, 1, 2]]
    assert num_objects(target) == 2
    assert num_objects(target, background=None) == 3
    assert num_objects(target, background=1) == 2


def test_objects_below_the_least_area_are_left_out():
    target = torch.tensor([[1, 1, 0, 1, 1, 1]])
    options = {"edges": (0, 99), "min_area": 3}
    sizes = recall_by_object_size(target, target, **options)
    assert sizes.num_objects.tolist() == [1]
    assert inconsistency(target, target, min_area=3).area.tolist() == [3]
    assert inconsistency(target, target, min_area=2).area.tolist() == [2, 3]


def test_edges_must_increase():
    zeros = torch.zeros(1, 4, 4, dtype=torch.int64)
    for edges in [(16, 16), (32, 16), (16,)]:
        with pytest.raises(ValueError, match="increasing areas"):
            recall_by_object_size(zeros, zeros, edges=edges)


def test_inconsistency_is_what_the_largest_predicted_class_leaves():
    # class 5: 4 x 5, 12 pixels predicted 5, 6 predicted 7, 2 predicted 0: 1 - 12/20
    target = torch.zeros(6, 8, dtype=torch.uint8)
    target[1:5, 1:6] = 5
    prediction = target.clone()
    prediction[1:5, 4] = 7
    prediction[1:3, 5] = 7
    prediction[3:5, 5] = 0
    found = inconsistency(prediction, target, min_area=1)
    assert found.area.tolist() == [20]
    assert found.side.tolist() == pytest.approx([math.sqrt(20)])
    assert found.class_index.tolist() == [5]
    assert found.value.tolist() == pytest.approx([8 / 20])


def test_an_object_of_one_wrong_class_is_consistent():
    target = torch.tensor([[1, 1, 1, 0]])
    prediction = torch.tensor([[2, 2, 2, 0]])
    assert inconsistency(prediction, target, min_area=1).value.tolist() == [0]


def test_the_majority_is_the_class_predicted_most_often():
    # class 1: predicted 2 2 0; class 3: 3 3 3 3; class 4: nothing but background
    target = torch.tensor([[1, 1, 1, 0, 3, 3, 3, 3, 0, 4, 4]])
    prediction = torch.tensor([[2, 0, 2, 0, 3, 3, 3, 3, 0, 0, 0]])
    found = inconsistency(prediction, target, min_area=1)
    assert found.class_index.tolist() == [1, 3, 4]
    assert found.majority.tolist() == [2, 3, 0]
    assert found.value.tolist() == pytest.approx([1 / 3, 0, 0])


def test_the_extent_is_the_longer_side_of_the_bounding_box():
    # class 1: a diagonal of 3 pixels, 3 x 3; class 2: 1 x 4; class 3: 2 x 1
    target = torch.tensor(
        [[1, 0, 0, 0, 3], [0, 1, 0, 0, 3], [0, 0, 1, 0, 0], [2, 2, 2, 2, 0]]
    )
    found = inconsistency(target, target, min_area=1)
    assert found.area.tolist() == [3, 4, 2]
    assert found.extent.tolist() == [3, 4, 2]
    # an L of 5 pixels, 3 x 3: its area has another side than its box
    target = torch.tensor([[1, 0, 0], [1, 0, 0], [1, 1, 1]])
    found = inconsistency(target, target, min_area=1)
    assert (found.extent.item(), found.side.item()) == (3, pytest.approx(5**0.5))


def test_what_is_predicted_on_void_does_not_make_an_object_inconsistent():
    target = torch.tensor([[1, 255, 255, 1], [1, 1, 1, 1]])
    prediction = torch.tensor([[1, 2, 3, 1], [1, 1, 1, 1]])
    found = inconsistency(prediction, target, min_area=1)
    assert found.value.tolist() == [0]
    assert found.area.tolist() == [6]


def test_objects_of_a_batch_come_with_aligned_entries():
    targets = torch.tensor([[[1, 1, 1, 1]], [[2, 2, 0, 3]]])
    predictions = torch.tensor([[[1, 1, 1, 2]], [[2, 3, 0, 3]]])
    found = inconsistency(predictions, targets, min_area=1)
    assert found.class_index.tolist() == [1, 2, 3]
    assert found.area.tolist() == [4, 2, 1]
    assert found.value.tolist() == [1 / 4, 1 / 2, 0]


def test_inconsistency_leaves_small_objects_out_unless_told():
    target = torch.zeros(10, 20, dtype=torch.int64)
    target[:7, :9] = 1  # 63 pixels
    target[:8, 11:19] = 2  # 64 pixels
    assert inconsistency(target, target).class_index.tolist() == [2]


def test_images_without_objects_give_empty_arrays():
    zeros = torch.zeros(1, 4, 4, dtype=torch.int64)
    found = inconsistency(zeros, zeros)
    assert [len(a) for a in (found.area, found.side, found.value)] == [0, 0, 0]
    sizes = recall_by_object_size(zeros, zeros)
    assert sizes.num_objects.sum() == 0
    assert np.isnan(sizes.recall).all()
