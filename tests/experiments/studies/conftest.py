"""Tiny scenes, nets of one or two channels, and trainings of a step or two."""

import pytest
import torch

from course_utils.datasets.course import course_data
from course_utils.experiments.studies.store import StudyFile
from course_utils.experiments.studies.trial import Trial, make_protocol, settings_of
from course_utils.settings import RunLevel

RUN = RunLevel("ci", 2, 64, 8, 4, batch_size=4, steps=4)


@pytest.fixture(scope="package")
def protocol():
    return make_protocol(RUN, course_data(RUN, choice="scenes"))


@pytest.fixture
def trial(protocol, tmp_path):
    """Seed 3 of a study of which nothing is stored."""
    file = StudyFile(tmp_path / "study.json", settings_of(protocol))
    return Trial(file, protocol, seed=3)


@pytest.fixture
def logits_of():
    """Compute the logits of two images of 64×96 pixels, in eval mode."""

    @torch.no_grad()
    def logits(net):
        return net.eval()(torch.randn(2, 3, 64, 96))

    return logits
