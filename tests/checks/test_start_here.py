import pytest
import torch
from torchmetrics.functional.classification import multiclass_confusion_matrix

from course_utils.checks.start_here import exercises, references


@pytest.mark.parametrize("case", exercises._CASES)
def test_cases_of_mean_iou_agree_with_torchmetrics(case):
    prediction, target = torch.tensor(case.prediction), torch.tensor(case.target)
    valid = target != case.options.get("ignore_index", 255)
    expected = torch.tensor(float("nan"))
    if valid.any():
        counts = multiclass_confusion_matrix(
            prediction[valid], target[valid], case.num_classes
        )
        union = counts.sum(0) + counts.sum(1) - counts.diagonal()
        expected = (counts.diagonal() / union).nanmean()
    torch.testing.assert_close(torch.tensor(case.expected), expected, equal_nan=True)
    reference = references.mean_iou(
        prediction, target, case.num_classes, **case.options
    )
    assert reference == pytest.approx(case.expected, nan_ok=True)


def test_no_mistake_of_mean_iou_gives_the_right_value():
    for case in exercises._CASES:
        assert case.expected not in case.mistakes.values()
