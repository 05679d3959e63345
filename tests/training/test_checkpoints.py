import errno
import os
import pickle

import pytest
import torch
from torch import nn

from course_utils.training.checkpoints import (
    TrainingState,
    load_checkpoint,
    save_checkpoint,
)
from course_utils.training.optimizers import make_schedule
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


def test_a_checkpoint_takes_the_place_of_an_older_one_whole(path, monkeypatch):
    number, old = path.stat().st_ino, path.read_bytes()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(torch, "save", interrupted)
        save_checkpoint(path, make_model(seed=1))
    assert path.read_bytes() == old
    save_checkpoint(path, make_model(seed=1))
    assert path.stat().st_ino != number  # another file in its place, not written over
    assert [file.name for file in path.parent.iterdir()] == ["model.pt"]


def interrupted(state, file):
    file.write(b"half a checkpoint")
    raise KeyboardInterrupt


def test_a_model_and_its_progress_come_back(path):
    model = make_model(seed=1)
    progress = load_checkpoint(path, model, settings={"lr": 0.1})
    assert progress == {"settings": {"lr": 0.1, "seed": 0}, "epoch": 3}
    torch.testing.assert_close(state_of(model), state_of(make_model()), rtol=0, atol=0)


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


@pytest.mark.parametrize("content", [{"model": {"0.weight": 1}}, {"model": 3}, 5])
def test_a_state_of_something_else_is_refused(path, content):
    torch.save(content, path)
    assert_refused(path, make_model(1), "written by save_checkpoint")


def test_a_file_without_checksums_is_refused(path):
    state = {"model": make_model().state_dict()}
    torch.save(state, path, _use_new_zipfile_serialization=False)
    assert_refused(path, make_model(1), "written by save_checkpoint")


@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
def test_weights_that_are_not_finite_are_refused(path, value):
    model = make_model()
    with torch.no_grad():
        model[1].running_var[0] = value
    save_checkpoint(path, model)
    assert_refused(path, make_model(1), r"finite weights, but 1 of its 7 .*running_var")


def test_numbers_of_another_type_are_refused_and_of_another_precision_read(path):
    torch.save({"model": make_model().half().state_dict()}, path)
    load_checkpoint(path, make_model(1))
    torch.save({"model": make_model().to(torch.cfloat).state_dict()}, path)
    assert_refused(path, make_model(1), r"0\.bias is \(4,\) torch\.complex64 in")


READ_ERRORS = [
    PermissionError(errno.EACCES, "Permission denied"),
    OSError(errno.EIO, "Input/output error"),
    OSError(errno.EMFILE, "Too many open files"),
    MemoryError("too large"),
]


@pytest.mark.parametrize("error", READ_ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["zipfile.ZipFile", "torch.load"])
def test_a_file_that_can_not_be_read_is_not_called_broken(
    path, monkeypatch, error, where
):
    def fail(*args, **options):
        raise error

    monkeypatch.setattr(where, fail)
    with pytest.raises(type(error)) as caught:
        load_checkpoint(path, make_model(1))
    assert caught.value is error


def test_code_in_a_checkpoint_does_not_run(path, tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trace"),)

    torch.save({"model": Trap()}, path)
    assert_refused(path, make_model(1), r"can't be read \(UnpicklingError\)")
    path.write_bytes(pickle.dumps({"model": Trap()}, protocol=2))
    assert_refused(path, make_model(1), r"can't be read \(BadZipFile\)")
    assert not (tmp_path / "trace").exists()


def test_a_model_of_another_width_or_other_layers_is_refused(path):
    match = r"Sequential of this size, but 6 .*0\.bias is \(4,\) in the file and \(5,\)"
    assert_refused(path, make_model(1, width=5), match)
    model = nn.Sequential(nn.Conv2d(3, 4, 3))
    assert_refused(path, model, r"5 of its tensors differ: 1\.bias is \(4,\) .* None")


@pytest.mark.parametrize(
    ("settings", "match"),
    [({"lr": 0.2}, "its lr is 0.1, not 0.2"), ({"epochs": 2}, "epochs is None, not 2")],
)
def test_other_settings_are_refused(path, settings, match):
    assert_refused(path, make_model(1), f"{match}; delete", settings=settings)


def make_state(path, steps=12, lr=0.1, warmup=0):
    """The state of a training by SGD and a polynomial schedule."""
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = make_schedule(optimizer, steps, warmup=warmup)
    return TrainingState(model, optimizer, scheduler, None, {"seed": 1}, path)


def test_a_state_is_written_once_its_seconds_are_over(monkeypatch, tmp_path):
    clock, path = [100.0], tmp_path / "model.pt"
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    state, history = make_state(path), History()
    # Due at 110, then 10 s after that one was written: at 122, not at 120
    saved = {}
    for clock[0] in (109.0, 112.0, 121.0, 122.0):
        history.train_loss.append(clock[0])
        state.save(history, wait=10)
        if path.is_file():
            content = load_checkpoint(path, make_model())
            saved[clock[0]] = content["history"]["train_loss"][-1]
    assert saved == {112.0: 112.0, 121.0: 112.0, 122.0: 122.0}
    assert content.keys() == {"settings", "history", "optimizer", "scheduler"}
    expected = {"seed": 1, "optimizer": "SGD", "lr": 0.1, "schedule": "PolynomialLR"}
    assert expected.items() <= content["settings"].items()


@pytest.mark.parametrize(
    ("warmup", "changed", "match"),
    [
        (0, {"steps": 24}, "its total_iters is 12, not 24"),
        (2, {"steps": 22}, "schedule 1 total_iters is 10, not 20"),
    ],
)
def test_a_state_of_another_optimizer_or_schedule_is_refused(
    tmp_path, warmup, changed, match
):
    path, same = tmp_path / "model.pt", {"warmup": warmup}
    make_state(path, **same).save(History())
    make_state(path, **same).resume(epochs=3)
    with pytest.raises(ValueError, match=match):
        make_state(path, **same, **changed).resume(epochs=3)


def test_a_finished_training_can_not_go_on_for_more_epochs(tmp_path):
    path = tmp_path / "model.pt"
    make_state(path).save(History(train_loss=[1.0, 0.5]), is_finished=True)
    with pytest.raises(ValueError, match="after 2 epochs; name another file"):
        make_state(path).resume(epochs=3)
