import copy
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from accelerate.state import AcceleratorState
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.datasets.transforms import eval_transform, train_transform
from course_utils.metrics import mean_iou
from course_utils.training.checkpoints import load_checkpoint
from course_utils.training.evaluation import evaluate
from course_utils.training.loop import fit, train_one_epoch
from course_utils.training.losses import cross_entropy
from course_utils.training.precision import make_accelerator

EPOCHS = 4


def make_pairs(number=10):
    """Images whose pixels are bright (class 1) or dark (class 0); the rest is void."""
    generator = torch.Generator().manual_seed(3)
    targets = torch.randint(2, (number, 6, 6), generator=generator, dtype=torch.uint8)
    targets = targets.repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)
    images = (60 + 120 * targets[:, None]).repeat(1, 3, 1, 1)
    targets[:, :1] = 255
    return TensorDataset(images, targets)


def make_model(seed=0, width=4):
    """A net in which order, augmentation, dropout and running statistics all matter."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, width, 3, padding=1),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Conv2d(width, 2, 1),
    )


def train(model, checkpoint=None, **options):
    pairs = make_pairs()
    given = {
        "num_classes": 2,
        "epochs": EPOCHS,
        "lr": 0.01,
        "transform": train_transform(8),
        "checkpoint": checkpoint,
        "checkpoint_seconds": 0,
        **options,
    }
    batches = DataLoader(pairs, batch_size=4, shuffle=True)
    return fit(model, batches, DataLoader(pairs, batch_size=4), **given)


def assert_same_state(model, expected):
    torch.testing.assert_close(dict(model.state_dict()), expected, rtol=0, atol=0)


@pytest.fixture(scope="module", autouse=True)
def on_the_cpu():
    """Train where equal seeds promise equal bits, whatever this machine has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCELERATE_USE_CPU", "true")
        patch.setenv("CUDA_VISIBLE_DEVICES", "")
        patch.setattr(torch.cuda, "is_available", lambda: False)
        AcceleratorState._reset_state(True)
        yield
        AcceleratorState._reset_state(True)


@pytest.fixture(scope="module")
def uninterrupted():
    """The state and the history of a training that nothing interrupted."""
    model = make_model()
    history = train(model)
    return dict(model.state_dict()), history


@pytest.fixture(scope="module")
def finished_bytes(tmp_path_factory):
    path = tmp_path_factory.mktemp("finished") / "model.pt"
    train(make_model(), path)
    return path.read_bytes()


@pytest.fixture
def finished(finished_bytes, tmp_path):
    """The checkpoint of a finished training, in a folder of its own."""
    path = tmp_path / "model.pt"
    path.write_bytes(finished_bytes)
    return path


class StopError(Exception):
    pass


def stopping(transform, after):
    """Make a transform that fails at a batch."""
    seen = []

    def stop(images, targets):
        seen.append(len(images))
        if len(seen) == after:
            raise StopError
        return transform(images, targets)

    return stop


def test_the_mean_loss_weighs_a_smaller_last_batch_by_its_images():
    losses = iter([1.0, 2.0, 6.0])
    model = nn.Conv2d(3, 2, 1)
    images, targets = make_pairs(10).tensors
    batches = [(images[i : i + 4], targets[i : i + 4]) for i in (0, 4, 8)]
    mean = train_one_epoch(
        model,
        batches,
        torch.optim.SGD(model.parameters(), lr=0.1),
        transform=eval_transform(),
        criterion=lambda logits, _: 0 * logits.sum() + next(losses),
    )
    assert mean == pytest.approx((4 * 1 + 4 * 2 + 2 * 6) / 10)


def test_one_epoch_is_the_plain_loop():
    model, twin = make_model()[0], make_model()[0]
    images, targets = make_pairs(8).tensors
    batches = [(images[:4], targets[:4] % 2), (images[4:], targets[4:] % 2)]
    seen = []
    mean = train_one_epoch(
        model.eval(),
        batches,
        torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
        transform=eval_transform(),
        after_step=seen.append,
    )
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for batch in batches:
        normalized, indices = eval_transform()(*batch)
        loss = F.cross_entropy(twin(normalized), indices)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    torch.testing.assert_close(model.weight, twin.weight)
    torch.testing.assert_close(model.bias, twin.bias)
    assert mean == pytest.approx(sum(losses) / 2)
    assert [loss.item() for loss in seen] == pytest.approx(losses)
    assert not any(loss.requires_grad for loss in seen)
    assert model.training


def test_one_convolution_learns_to_tell_bright_from_dark():
    torch.manual_seed(0)
    model = nn.Conv2d(3, 2, 1)
    history = train(model, epochs=12, lr=0.1, transform=eval_transform())
    # A convex loss, so any start will do: it falls to less than a hundredth
    assert history.train_loss[-1] < history.train_loss[0] / 4
    assert history.mean_iou[-1] > 0.9
    batches = DataLoader(make_pairs(), batch_size=3)
    counts = evaluate(model, batches, 2).counts
    assert mean_iou(counts) == pytest.approx(history.mean_iou[-1])


def test_equal_seeds_end_equal_and_others_do_not(uninterrupted):
    state, history = uninterrupted
    model, other = make_model(), make_model()
    torch.manual_seed(99)  # the caller's state must not matter
    again = train(model)
    assert_same_state(model, state)
    assert (again.train_loss, again.mean_iou) == (history.train_loss, history.mean_iou)
    assert len(history.train_loss) == len(history.mean_iou) == EPOCHS
    assert len(history.images_per_second) == EPOCHS
    assert all(speed > 0 for speed in history.images_per_second)
    assert train(other, seed=1).train_loss != history.train_loss


def test_every_epoch_draws_other_random_numbers_and_orders():
    draws, seen = [], []

    def note(images, targets):
        draws.append(torch.rand(()).item())
        seen.append(images)
        return eval_transform()(images, targets)

    for seed in (0, 1):
        train(make_model(), epochs=2, seed=seed, transform=note)
    assert len(set(draws)) == len(draws) == 12
    # one epoch has 10 images: the orders of neighboring seeds are not one epoch apart
    orders = torch.cat(seen).split(10)
    assert not orders[1].equal(orders[2])


def test_the_learning_rate_falls_as_a_power_of_what_is_left(monkeypatch):
    rates, step = [], torch.optim.AdamW.step

    def note(self, *args, **kwargs):
        rates.append(self.param_groups[0]["lr"])
        return step(self, *args, **kwargs)

    monkeypatch.setattr(torch.optim.AdamW, "step", note)
    train(make_model(), epochs=2, lr=0.5)
    # three batches an epoch: 4, 4 and 2 images
    expected = [0.5 * (1 - step / 6) ** 0.9 for step in range(6)]
    assert rates == pytest.approx(expected)


def test_an_optimizer_and_a_schedule_of_ones_own_are_used():
    model = make_model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.1)
    train(model, epochs=2, lr=None, optimizer=optimizer, scheduler=scheduler)
    # three batches an epoch, so a tenth after each of two epochs
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.005)


def test_a_rate_or_an_optimizer_is_needed():
    model = make_model()
    with pytest.raises(ValueError, match=r"either lr, .* got neither"):
        train(model, lr=None)
    with pytest.raises(ValueError, match=r"either lr, .* got both"):
        train(model, lr=0.1, optimizer=torch.optim.SGD(model.parameters(), lr=0.1))


@pytest.mark.parametrize("rate", [0, -1.0, float("nan"), float("inf")])
def test_a_rate_that_is_not_a_positive_number_is_refused(rate):
    with pytest.raises(ValueError, match="lr must be a positive number, got"):
        train(make_model(), lr=rate)


def test_some_epochs_are_evaluated_and_the_last_one_always_is():
    history = train(make_model(), epochs=5, evaluate_every=2)
    assert [iou == iou for iou in history.mean_iou] == [False, True, False, True, True]


@pytest.fixture
def assert_goes_on(uninterrupted):
    """Go on from a checkpoint, and end like a training that nothing interrupted."""

    def go_on(path):
        state, history = uninterrupted
        torch.manual_seed(123)
        model = make_model(seed=5)
        resumed = train(model, path)
        assert_same_state(model, state)
        assert resumed.train_loss == history.train_loss
        assert resumed.mean_iou == history.mean_iou
        return resumed

    return go_on


def test_a_run_ends_at_its_deadline_and_goes_on_bit_equal(assert_goes_on, tmp_path):
    path = tmp_path / "model.pt"
    late = time.monotonic() - 1  # one epoch is run in any case
    for done in (1, 2, 3):
        first = train(make_model(), path, checkpoint_seconds=1000, deadline=late)
        assert len(first.train_loss) == done
    resumed = assert_goes_on(path)
    assert [run["epochs"] for run in resumed.runs] == [1, 1, 1, 1]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_ends_the_training_and_saves_nothing(tmp_path, bad):
    path, seen = tmp_path / "model.pt", []

    def criterion(logits, targets):
        seen.append(1)
        return cross_entropy(logits, targets) * (bad if len(seen) == 5 else 1)

    match = f"got {bad} at step 2 of this epoch.*lower lr"  # of the second epoch
    with pytest.raises(RuntimeError, match=match):
        train(make_model(), path, criterion=criterion)
    assert len(load_checkpoint(path, make_model())["history"]["train_loss"]) == 1


def test_weights_that_the_last_step_spoils_end_the_training(tmp_path):
    path, pairs = tmp_path / "model.pt", make_pairs(4)
    model = make_model()

    def criterion(logits, targets):
        loss = cross_entropy(logits, targets)
        return loss + (loss - loss.detach()) * 1e38 * 1e38  # a gradient that overflows

    options = {"num_classes": 2, "epochs": 2, "lr": 0.1, "transform": eval_transform()}
    batches = DataLoader(pairs, batch_size=4)  # a single step in an epoch
    with pytest.raises(RuntimeError, match=r"weights must be finite.*lower lr"):
        options |= {"checkpoint": path, "checkpoint_seconds": 0}
        fit(model, batches, batches, criterion=criterion, **options)
    assert not path.exists()


@pytest.mark.parametrize(
    ("value", "match"), [(255, "void alone"), (0, "class 0 alone.*become 1")]
)
def test_labels_that_teach_nothing_end_the_training(tmp_path, value, match):
    images, targets = make_pairs().tensors
    pairs = TensorDataset(images, targets.fill_(value))
    batches = DataLoader(pairs, batch_size=4)
    path = tmp_path / "model.pt"
    options = {"num_classes": 2, "epochs": 2, "lr": 0.1, "transform": eval_transform()}
    with pytest.raises(ValueError, match=f"training targets must hold .*{match}"):
        fit(make_model(), batches, batches, checkpoint=path, **options)
    assert not path.exists()


def test_two_classes_in_different_batches_are_enough():
    images, targets = make_pairs(8).tensors
    targets[:4], targets[4:] = 0, 1
    batches = DataLoader(TensorDataset(images, targets), batch_size=4)
    options = {"num_classes": 2, "epochs": 1, "lr": 0.1, "transform": eval_transform()}
    assert len(fit(make_model(), batches, batches, **options).train_loss) == 1


def test_a_validation_without_classes_ends_the_training():
    images, targets = make_pairs().tensors
    void = DataLoader(TensorDataset(images, torch.full_like(targets, 255)), 4)
    batches = DataLoader(TensorDataset(images, targets), batch_size=4)
    options = {"num_classes": 2, "epochs": 1, "lr": 0.1, "transform": eval_transform()}
    with pytest.raises(ValueError, match="validation targets must hold classes"):
        fit(make_model(), batches, void, **options)


def test_the_loss_is_read_once_an_epoch(monkeypatch):
    reads = []
    for name in ("item", "tolist", "__float__", "__bool__"):
        real = getattr(torch.Tensor, name)

        def note(self, real=real):
            reads.append(self.shape)
            return real(self)

        monkeypatch.setattr(torch.Tensor, name, note)
    model, images = nn.Conv2d(3, 2, 1), torch.zeros(1, 3, 4, 4)
    batches = [(images, torch.ones(1, 4, 4, dtype=torch.int64))]
    counts = []
    for number in (2, 20):
        reads.clear()
        train_one_epoch(
            model,
            batches * number,
            torch.optim.SGD(model.parameters(), lr=0.1, foreach=False),
            transform=lambda images, targets: (images, targets),
        )
        counts.append(len(reads))
    assert counts[0] == counts[1]


def test_what_was_trained_is_saved_when_it_can_not_be_scored(tmp_path, monkeypatch):
    def full(*args, **options):
        raise torch.OutOfMemoryError

    path = tmp_path / "model.pt"
    with monkeypatch.context() as patch:
        patch.setattr("course_utils.training.loop.evaluate", full)
        with pytest.raises(RuntimeError, match="validation images must fit"):
            train(make_model(), path, checkpoint_seconds=1000)
    assert len(train(make_model(), path).train_loss) == EPOCHS


def test_the_scale_of_float16_gradients_is_kept(tmp_path, monkeypatch):
    def scaled_from(scale):
        def make(seed):
            accelerator = make_accelerator(seed)
            accelerator.scaler = torch.amp.GradScaler("cpu", init_scale=scale)
            return accelerator

        return make

    path, late = tmp_path / "model.pt", time.monotonic() - 1
    monkeypatch.setattr("course_utils.training.loop.make_accelerator", scaled_from(8))
    train(make_model(), path, deadline=late)
    monkeypatch.setattr("course_utils.training.loop.make_accelerator", scaled_from(64))
    train(make_model(), path, deadline=late)
    assert torch.load(path, weights_only=True)["scaler"]["scale"] == 8.0


def test_every_run_says_what_it_was_made_with(tmp_path, monkeypatch):
    path = tmp_path / "model.pt"
    for commit in ("first", "second"):
        monkeypatch.setenv("COURSE_COMMIT", commit)
        history = train(make_model(), path, deadline=time.monotonic() - 1)
    assert [run["commit"] for run in history.runs] == ["first", "second"]
    assert all(run["minutes"] > 0 for run in history.runs)
    assert {"device", "torch", "python"} <= history.runs[0].keys()


def random_states():
    of_numpy = np.random.get_state()[1]  # noqa: NPY002, the one that others share
    of_torch = torch.random.get_rng_state()
    return of_torch.tolist(), random.getstate(), of_numpy.tolist()


@pytest.mark.parametrize("fails", [False, True])
def test_the_callers_random_state_is_left_alone(fails):
    model, after = make_model(), 2 if fails else 99
    torch.manual_seed(7)
    states = random_states()
    with pytest.raises(StopError) if fails else nullcontext():
        train(model, epochs=1, transform=stopping(train_transform(8), after=after))
    assert random_states() == states


@pytest.fixture
def half_precision(monkeypatch):
    """Accelerate wraps a model's forward where it trains in mixed precision."""
    monkeypatch.setattr(
        "course_utils.training.precision.mixed_precision", lambda: "bf16"
    )
    AcceleratorState._reset_state(True)
    yield
    AcceleratorState._reset_state(True)


@pytest.mark.parametrize("fails", [False, True])
def test_forward_is_the_models_own_afterwards(half_precision, fails):
    model = nn.Sequential(nn.Conv2d(3, 2, 1))
    wrapped = []
    steps = train_transform(8)

    def look(images, targets):
        wrapped.append("forward" in vars(model))
        if fails:
            raise StopError
        return steps(images, targets)

    with pytest.raises(StopError) if fails else nullcontext():
        train(model, epochs=1, transform=look)
    assert all(wrapped)
    assert model.forward.__func__ is nn.Sequential.forward
    assert model(torch.zeros(1, 3, 4, 4)).dtype == torch.float32


@pytest.mark.parametrize(("number", "epochs"), [(0, 2), (3, 0)])
def test_a_training_without_batches_or_epochs_is_refused(number, epochs):
    batches = list(DataLoader(make_pairs(), batch_size=4))[:number]
    model = make_model()
    state = copy.deepcopy(dict(model.state_dict()))
    options = {"num_classes": 2, "lr": 0.1, "transform": eval_transform()}
    with pytest.raises(ValueError, match=f"got {number} and {epochs}; is"):
        fit(model, batches, batches, epochs=epochs, **options)
    assert_same_state(model, state)


def test_a_full_gpu_names_half_the_batch_size():
    class Full(nn.Conv2d):
        def forward(self, x):
            raise torch.OutOfMemoryError("CUDA out of memory")

    model = Full(3, 2, 1)
    with pytest.raises(
        RuntimeError, match=r"batch of 4 images of 12×12 .* try batch_size=2"
    ):
        train(model, transform=eval_transform())


def test_a_resumed_training_ends_like_one_never_stopped(
    assert_goes_on, tmp_path, capsys
):
    path = tmp_path / "model.pt"
    with pytest.raises(StopError):  # in the second step of the third epoch
        train(make_model(), path, transform=stopping(train_transform(8), after=8))
    assert_goes_on(path)
    assert "going on after epoch 2, from model.pt" in capsys.readouterr().out


KILLED = """
import sys, time, torch
from pathlib import Path
torch.set_num_threads(int(sys.argv[3]))  # as in the process that goes on
sys.path.insert(0, sys.argv[1])
from test_loop import make_model, train
from course_utils.datasets.transforms import train_transform

move, seen = train_transform(8), []

def wait_in_the_middle(images, targets):
    seen.append(len(images))
    if len(seen) == 8:
        print("in the middle of epoch 3", file=sys.stderr, flush=True)
        time.sleep(60)
    return move(images, targets)

train(make_model(), Path(sys.argv[2]), transform=wait_in_the_middle)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX systems")
def test_a_killed_training_goes_on_and_ends_like_one_never_stopped(
    assert_goes_on, tmp_path
):
    path = tmp_path / "model.pt"
    here, threads = str(Path(__file__).parent), str(torch.get_num_threads())
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, here, str(path), threads],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        lines = iter(process.stderr.readline, "")
        assert any("in the middle of epoch 3" in line for line in lines)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert_goes_on(path)


def test_a_finished_training_is_loaded_and_not_trained_again(
    uninterrupted, finished, capsys
):
    state, history = uninterrupted
    written = finished.stat().st_mtime_ns
    model = make_model(seed=5)
    loaded = train(model, finished, transform=stopping(eval_transform(), after=1))
    assert capsys.readouterr().out.startswith("trained before: loaded model.pt")
    assert_same_state(model, state)
    assert loaded.mean_iou == history.mean_iou
    assert finished.stat().st_mtime_ns == written
    assert not model.training


def test_a_short_training_is_saved_only_if_it_was_saved_before(tmp_path):
    path = tmp_path / "model.pt"
    train(make_model(), path, checkpoint_seconds=1000)
    assert not path.exists()
    with pytest.raises(StopError):
        train(make_model(), path, transform=stopping(train_transform(8), after=4))
    train(make_model(), path, checkpoint_seconds=1000)
    saved = load_checkpoint(path, make_model())
    assert len(saved["history"]["mean_iou"]) == EPOCHS
    assert saved.keys() == {"settings", "history"}  # no optimizer any more


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"lr": 0.02}, "its lr is 0.01, not 0.02"),
        ({"epochs": 9}, "its epochs is 4, not 9"),
        ({"seed": 1}, "its seed is 0, not 1"),
    ],
)
def test_a_checkpoint_of_other_settings_is_refused(finished, changed, match):
    model = make_model(seed=5)
    state = copy.deepcopy(dict(model.state_dict()))
    with pytest.raises(ValueError, match=match):
        train(model, finished, **changed)
    assert_same_state(model, state)
