import os
import pickle

import pytest
import torch
from torch import nn

from course_utils.training.checkpoints import (
    CheckpointKeeper,
    load_checkpoint,
    save_checkpoint,
)
from course_utils.training.progress import History


def make_model(seed=0, width=4):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(3, width, 3), nn.BatchNorm2d(width))


def state_of(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def assert_refused(path, model, match, **options):
    before = state_of(model)
    with pytest.raises(ValueError, match=match):
        load_checkpoint(path, model, **options)
    torch.testing.assert_close(state_of(model), before, rtol=0, atol=0)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "folder" / "model.pt"
    save_checkpoint(path, make_model(), settings={"lr": 0.1, "seed": 0}, epoch=3)
    return path


def test_a_model_and_its_progress_come_back(path):
    model = make_model(seed=1)
    progress = load_checkpoint(path, model, settings={"lr": 0.1})
    assert progress == {"settings": {"lr": 0.1, "seed": 0}, "epoch": 3}
    torch.testing.assert_close(state_of(model), state_of(make_model()), rtol=0, atol=0)


def test_nothing_but_the_checkpoint_is_left_in_the_folder(path):
    save_checkpoint(path, make_model(seed=1))
    assert [file.name for file in path.parent.iterdir()] == ["model.pt"]


def test_a_kill_during_the_write_leaves_the_old_checkpoint(path, monkeypatch):
    def write_half(state, file):
        file.write(b"half a checkpoint")
        raise KeyboardInterrupt

    old = path.read_bytes()
    monkeypatch.setattr(torch, "save", write_half)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(path, make_model(seed=1))
    assert path.read_bytes() == old
    assert [file.name for file in path.parent.iterdir()] == ["model.pt"]


def test_the_new_checkpoint_is_on_the_disk_before_it_replaces_the_old(
    path, monkeypatch
):
    old, synced = path.read_bytes(), []

    def fsync(_):
        assert path.read_bytes() == old
        (unfinished,) = path.parent.glob("*.tmp")
        synced.append(unfinished.read_bytes())

    monkeypatch.setattr(os, "fsync", fsync)
    number = path.stat().st_ino
    save_checkpoint(path, make_model(seed=1))
    assert synced == [path.read_bytes()]
    assert path.stat().st_ino != number  # another file in its place, not written over


def test_a_missing_checkpoint_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone\.pt must be a checkpoint"):
        load_checkpoint(tmp_path / "gone.pt", make_model())


@pytest.mark.parametrize("kept", [0, 10, 0.5, -1])
def test_a_truncated_file_is_refused(path, kept):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole)) if 0 < kept < 1 else kept])
    assert_refused(
        path, make_model(1), r"model\.pt must be .*can't be read .*delete it"
    )


@pytest.mark.parametrize("place", [0, 0.25, 0.5, 0.75])
def test_a_damaged_file_is_refused(path, place):
    damaged = bytearray(path.read_bytes())
    weights = make_model()[0].weight.detach().numpy().tobytes()
    begin = damaged.find(weights) + int(place * len(weights)) if place else 0
    damaged[begin] ^= 0xFF
    path.write_bytes(damaged)
    assert_refused(path, make_model(1), "written by save_checkpoint.*train anew")


@pytest.mark.parametrize("content", [{"weights": 1}, [1, 2], torch.zeros(2)])
def test_a_file_of_something_else_is_refused(path, content):
    torch.save(content, path)
    assert_refused(path, make_model(1), "written by save_checkpoint")


def test_code_in_a_checkpoint_does_not_run(path, tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trace"),)

    torch.save({"model": Trap()}, path)
    assert_refused(path, make_model(1), r"can't be read \(UnpicklingError\)")
    path.write_bytes(pickle.dumps({"model": Trap()}, protocol=2))
    assert_refused(path, make_model(1), r"can't be read \(BadZipFile\)")
    assert not (tmp_path / "trace").exists()


def test_a_model_of_another_width_is_refused(path):
    match = r"Sequential of this size, but 6 .*0\.bias is \(4,\) in the file and \(5,\)"
    assert_refused(path, make_model(1, width=5), match)


def test_a_model_with_other_layers_is_refused(path):
    model = nn.Sequential(nn.Conv2d(3, 4, 3))
    assert_refused(path, model, r"5 of its tensors differ: 1\.bias is \(4,\) .* None")


@pytest.mark.parametrize(
    ("settings", "match"),
    [({"lr": 0.2}, "its lr is 0.1, not 0.2"), ({"epochs": 2}, "epochs is None, not 2")],
)
def test_other_settings_are_refused(path, settings, match):
    assert_refused(path, make_model(1), f"{match}; delete", settings=settings)


def test_without_wanted_settings_any_will_do(path):
    assert load_checkpoint(path, make_model(1))["epoch"] == 3


@pytest.fixture
def clock(monkeypatch):
    """The time that a keeper reads: a list of one number."""
    now = [100.0]
    monkeypatch.setattr(
        "course_utils.training.checkpoints.time.monotonic", lambda: now[0]
    )
    return now


def make_keeper(path, seconds=10):
    """A keeper that watches a model, and the history which it saves."""
    model, history = make_model(), History()
    keeper = CheckpointKeeper(path, seconds)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    keeper.watch(model, optimizer, {"lr": 0.1}, history)
    return keeper, history


def test_a_keeper_writes_once_its_seconds_are_over(clock, tmp_path):
    path = tmp_path / "model.pt"
    keeper, history = make_keeper(path)
    # Due at 110, then 10 s after that one was written: at 122, not at 120
    saved = {}
    for clock[0] in (109.0, 112.0, 121.0, 122.0):
        history.train_loss.append(clock[0])
        keeper.after_epoch(is_last=False)
        if path.is_file():
            content = load_checkpoint(path, make_model())
            saved[clock[0]] = content["history"]["train_loss"][-1]
    assert saved == {112.0: 112.0, 121.0: 112.0, 122.0: 122.0}
    assert content.keys() == {"settings", "history", "optimizer"}
    assert content["settings"] == {"lr": 0.1}


def test_the_last_epoch_is_written_where_there_is_a_checkpoint(clock, tmp_path):
    path = tmp_path / "model.pt"
    keeper, history = make_keeper(path)
    keeper.after_epoch(is_last=True)  # a training this short needs none
    assert not path.exists()
    save_checkpoint(path, make_model(seed=1))
    history.train_loss.append(0.5)
    keeper.after_epoch(is_last=False)
    assert load_checkpoint(path, make_model()) == {}
    keeper.after_epoch(is_last=True)
    content = load_checkpoint(path, make_model())
    assert content["history"]["train_loss"] == [0.5]
    assert "optimizer" not in content


def test_a_keeper_without_a_path_writes_nothing(monkeypatch):
    written = []
    monkeypatch.setattr(torch, "save", lambda *args: written.append(args))
    keeper, _ = make_keeper(None, seconds=0)
    keeper.after_epoch(is_last=False)
    keeper.after_epoch(is_last=True)
    assert written == []
