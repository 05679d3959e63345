"""Skips: FCN-32s, FCN-16s and FCN-8s, which differ in nothing else.

Notebook 04 judged skips by nets of 6 to 13 % mean IoU, trained on crops. Here the three
forms of FCN, whose numbers of parameters agree within 0.1 %, see whole pictures.

Holds if: each skip gains boundary IoU, FCN-16s over FCN-32s and FCN-8s over FCN-16s, by
more than the spread of the seeds, after N and after 2N steps. Refuted if: FCN-8s is not
better than FCN-32s at either.
"""

from functools import partial

from course_utils.experiments.studies.trial import Make, Trial
from course_utils.models.fcn import FCN8s, FCN16s, FCN32s

_FORMS = {"FCN-32s": FCN32s, "FCN-16s": FCN16s, "FCN-8s": FCN8s}


def make_fcn(trial: Trial, name: str) -> Make:
    """Choose the function that makes a form of FCN, in the width of the trial."""
    width = trial.run.base_channels
    return partial(
        _FORMS[name], trial.num_classes, base_channels=width, batch_norm=True
    )


def measure(trial: Trial) -> None:
    """Train the three forms; the first and the last are used by other studies."""
    nets = {name: make_fcn(trial, name) for name in _FORMS}
    trial.compare(nets, kept=("FCN-32s", "FCN-8s"))
