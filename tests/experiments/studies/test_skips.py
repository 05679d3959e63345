import torch

from course_utils.experiments.studies import skips
from course_utils.experiments.studies.skips import make_fcn


def test_the_three_forms_have_one_size():
    class Wide:
        run = type("Run", (), {"base_channels": 32})
        num_classes = 21

    with torch.device("meta"):
        sizes = [
            sum(p.numel() for p in make_fcn(Wide, name)().parameters())
            for name in ("FCN-32s", "FCN-16s", "FCN-8s")
        ]
    assert max(sizes) < 1.001 * min(sizes)


def test_every_form_is_scored(trial):
    skips.measure(trial)
    assert trial.is_stored("FCN-32s, N steps: mean IoU", "FCN-8s, 2N steps: mean IoU")
    assert trial.is_stored("FCN-16s, N steps: boundary IoU")
