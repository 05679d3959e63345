import math

import numpy as np
import pytest
import torch

from course_utils.metrics import inconsistency, recall_by_object_size


@pytest.mark.parametrize("metric", [recall_by_object_size, inconsistency])
def test_maps_that_can_not_be_measured_are_refused(metric):
    zeros = torch.zeros(2, 4, 4, dtype=torch.int64)
    with pytest.raises(ValueError, match="equally many"):
        metric(zeros, zeros[:1])
    with pytest.raises(ValueError, match=r"target .* from 0 to 254 .* got -1"):
        metric(zeros, zeros - 1)


def test_recall_is_a_mean_over_the_objects_of_each_bin():
    # class 1: 6 pixels, 3 found; class 2: 2 pixels, 2 found
    target = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 0, 2], [0, 0, 0, 0, 2]])
    prediction = torch.tensor([[1, 1, 1, 0, 0], [2, 2, 0, 0, 2], [0, 0, 0, 0, 2]])
    pair, edges = ([prediction], [target]), (1, 3, 6, 7)
    sizes = recall_by_object_size(*pair, edges=edges, min_area=1)
    # 6 pixels belong to [6, 7), not to [3, 6)
    expected = np.array([1, np.nan, 0.5])
    np.testing.assert_allclose(sizes.recall, expected)
    assert sizes.num_objects.tolist() == [1, 0, 1]
    # pixels would say 5/8
    sizes = recall_by_object_size(*pair, edges=(0, 9), min_area=1)
    assert sizes.recall.tolist() == [0.75]


def num_objects(target, **options):
    target = torch.tensor(target)
    sizes = recall_by_object_size(
        [torch.zeros_like(target)], [target], edges=(0, math.inf), min_area=1, **options
    )
    return sizes.num_objects.item()


def test_corners_join_objects_and_void_and_other_classes_separate_them():
    assert num_objects([[1, 0], [0, 1]]) == 1
    assert num_objects([[1, 255, 1, 2, 1]]) == 4


def test_an_object_inside_the_box_of_another_of_its_class_is_kept_apart():
    target = torch.tensor([[1, 1, 1], [1, 0, 0], [1, 0, 1]])
    found = inconsistency([target], [target], min_area=1)
    assert found.area.tolist() == [5, 1]


def test_background_has_no_objects_unless_every_class_has():
    target = [[0, 0, 1, 1, 2]]
    assert num_objects(target) == 2
    assert num_objects(target, background=None) == 3
    assert num_objects(target, background=1) == 2


def test_objects_below_the_least_area_are_left_out():
    target = torch.tensor([[1, 1, 0, 1, 1, 1]])
    options = {"edges": (0, 99), "min_area": 3}
    sizes = recall_by_object_size([target], [target], **options)
    assert sizes.num_objects.tolist() == [1]
    assert inconsistency([target], [target], min_area=3).area.tolist() == [3]
    assert inconsistency([target], [target], min_area=2).area.tolist() == [2, 3]


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
    found = inconsistency([prediction], [target], min_area=1)
    assert found.area.tolist() == [20]
    assert found.side.tolist() == pytest.approx([math.sqrt(20)])
    assert found.class_index.tolist() == [5]
    assert found.value.tolist() == pytest.approx([8 / 20])


def test_the_majority_is_the_class_predicted_most_often():
    # class 1: predicted 2 2 0; class 3: 3 3 3 3; class 4: nothing but background
    target = torch.tensor([[1, 1, 1, 0, 3, 3, 3, 3, 0, 4, 4]])
    prediction = torch.tensor([[2, 0, 2, 0, 3, 3, 3, 3, 0, 0, 0]])
    found = inconsistency([prediction], [target], min_area=1)
    assert found.class_index.tolist() == [1, 3, 4]
    assert found.majority.tolist() == [2, 3, 0]
    assert found.value.tolist() == pytest.approx([1 / 3, 0, 0])


def test_the_extent_is_the_longer_side_of_the_bounding_box():
    # class 1: a diagonal of 3 pixels, 3 x 3; class 2: 1 x 4; class 3: 2 x 1
    target = torch.tensor(
        [[1, 0, 0, 0, 3], [0, 1, 0, 0, 3], [0, 0, 1, 0, 0], [2, 2, 2, 2, 0]]
    )
    found = inconsistency([target], [target], min_area=1)
    assert found.area.tolist() == [3, 4, 2]
    assert found.extent.tolist() == [3, 4, 2]
    # an L of 5 pixels, 3 x 3: its area has another side than its box
    target = torch.tensor([[1, 0, 0], [1, 0, 0], [1, 1, 1]])
    found = inconsistency([target], [target], min_area=1)
    assert (found.extent.item(), found.side.item()) == (3, pytest.approx(5**0.5))


def test_what_is_predicted_on_void_does_not_make_an_object_inconsistent():
    target = torch.tensor([[1, 255, 255, 1], [1, 1, 1, 1]])
    prediction = torch.tensor([[1, 2, 3, 1], [1, 1, 1, 1]])
    found = inconsistency([prediction], [target], min_area=1)
    assert found.value.tolist() == [0]
    assert found.area.tolist() == [6]


def test_objects_of_maps_of_several_sizes_come_with_aligned_entries():
    targets = [torch.tensor([[1, 1, 1, 1]]), torch.tensor([[2, 2, 0], [0, 0, 3]])]
    predictions = [torch.tensor([[1, 1, 1, 2]]), torch.tensor([[2, 3, 0], [0, 0, 3]])]
    found = inconsistency(predictions, targets, min_area=1)
    assert found.class_index.tolist() == [1, 2, 3]
    assert found.area.tolist() == [4, 2, 1]
    assert found.value.tolist() == [1 / 4, 1 / 2, 0]


def test_inconsistency_leaves_small_objects_out_unless_told():
    target = torch.zeros(10, 20, dtype=torch.int64)
    target[:7, :9] = 1  # 63 pixels
    target[:8, 11:19] = 2  # 64 pixels
    assert inconsistency([target], [target]).class_index.tolist() == [2]


def test_images_without_objects_give_empty_arrays():
    zeros = torch.zeros(1, 4, 4, dtype=torch.int64)
    found = inconsistency(zeros, zeros)
    assert [len(a) for a in (found.area, found.side, found.value)] == [0, 0, 0]
    sizes = recall_by_object_size(zeros, zeros)
    assert sizes.num_objects.sum() == 0
    assert np.isnan(sizes.recall).all()
