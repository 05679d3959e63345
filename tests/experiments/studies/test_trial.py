from dataclasses import replace

import pytest
import torch
from torch import nn

from course_utils.experiments.protocol import TrainingProtocol
from course_utils.experiments.studies.store import StudyFile
from course_utils.experiments.studies.trial import Trial, settings_of


def small_net():
    return nn.Conv2d(3, 21, 1)


@pytest.fixture
def asked(monkeypatch):
    """Names and steps of the trainings, none of which is left out."""
    asked, train = [], TrainingProtocol.train

    def noted(self, name, make, **options):
        asked.append((name, self.run.steps, self.run.seed))
        return train(self, name, make, **options)

    monkeypatch.setattr(TrainingProtocol, "train", noted)
    return asked


def test_nets_are_compared_after_n_and_after_2n_steps(trial, asked):
    trial.compare({"a": small_net, "b": small_net})
    # The run level's 4 steps are 2N
    assert asked == [("a", 2, 3), ("a", 4, 3), ("b", 2, 3), ("b", 4, 3)]
    assert set(trial.file.figures(3)) == {
        f"{net}, {duration}: {score}"
        for net in "ab"
        for duration in ("N steps", "2N steps")
        for score in ("mean IoU", "boundary IoU")
    }


def test_what_is_stored_is_not_trained_again(trial, asked):
    trial.store({"a, N steps: mean IoU": 0.5, "a, N steps: boundary IoU": 0.25})
    trial.compare({"a": small_net})
    trial.compare({"a": small_net})
    assert asked == [("a", 4, 3)]
    assert trial.file.figures(3)["a, N steps: mean IoU"] == 0.5


def test_another_seed_has_figures_of_its_own(trial, protocol):
    trial.store({"a": 0.5})
    other = Trial(trial.file, protocol, seed=4)
    assert trial.is_stored("a") and not other.is_stored("a")
    assert not trial.is_stored("a", "b")


def test_a_net_that_is_kept_is_trained_once_for_all_studies(
    protocol, tmp_path, monkeypatch, asked
):
    monkeypatch.setenv("COURSE_CHECKPOINTS", str(tmp_path / "nets"))
    monkeypatch.setattr(protocol, "run", replace(protocol.run, name="full"))
    settings = settings_of(protocol)
    first, second = (
        Trial(StudyFile(tmp_path / name, settings), protocol, 0) for name in ("a", "b")
    )
    trained = first.train("net", small_net, 2, keep=True)
    loaded = second.train("net", small_net, 2, keep=True)
    assert asked == [("net", 2, 0)]
    assert loaded.scores == trained.scores
    torch.testing.assert_close(loaded.model.weight, trained.model.weight)
    second.train("net", small_net, 4, keep=True)  # another length, another net
    assert asked[1:] == [("net", 4, 0)]


def test_at_ci_no_net_is_kept(trial, asked):
    for _ in range(2):
        trial.train("net", small_net, 2, keep=True)
    assert len(asked) == 2


def test_a_net_can_be_trained_on_other_data_with_another_augmentation(trial):
    seen = []

    def transform(images, targets):
        seen.append(images.clone())
        return images.float(), targets.long()

    images, targets = (tensor.clone() for tensor in trial.data.train.tensors)
    images[:] = 7
    data = replace(trial.data, train=torch.utils.data.TensorDataset(images, targets))
    trained = trial.train("net", small_net, 2, data=data, transform=transform)
    assert len(seen) == 2 and all((batch == 7).all() for batch in seen)
    assert trained.prediction.shape == trial.data.val.tensors[1].shape


def test_the_distance_to_borders_is_found_once(trial):
    first = trial.protocol(2).boundary_distance
    assert trial.protocol(4).boundary_distance is first
    data = replace(trial.data, val=trial.data.train, val_sizes=trial.data.train_sizes)
    assert len(trial.protocol(2, data).boundary_distance) == len(data.val) != len(first)
