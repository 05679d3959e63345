import pytest
import torch

from course_utils.training.progress import History, Progress


@pytest.fixture
def progress():
    made = []

    def make(**options):
        given = {"num_batches": 3, "epochs": 2, "history": History(), **options}
        made.append(Progress("training", **given))
        return made[-1]

    yield make
    for one in made:
        one.bar.close()


def images_and_targets(number, size=(8, 6)):
    return torch.zeros(number, 3, *size), torch.zeros(number, *size)


def test_the_bar_counts_the_steps_of_all_epochs(progress, capsys):
    one = progress()
    for _ in range(3):
        one.after_step(torch.tensor(1.0))
    one.bar.refresh()
    printed = capsys.readouterr()
    assert "training:  50%" in printed.out
    assert "3/6" in printed.out
    assert printed.err == ""


def test_a_resumed_training_goes_on_after_its_epochs(progress):
    one = progress(history=History(train_loss=[0.5], mean_iou=[0.1]))
    assert one.bar.n == 3


def test_the_transform_is_watched_and_not_changed(progress):
    one = progress()
    watched = one.watched(lambda images, targets: (images + 1, targets + 2))
    images, targets = watched(*images_and_targets(4))
    watched(*images_and_targets(2, size=(10, 12)))
    assert images.unique().item() == 1
    assert targets.unique().item() == 2
    assert one.batch_shape == (2, (10, 12))
    assert one.num_images == 6


def test_speed_is_images_over_seconds_of_one_epoch(progress, monkeypatch):
    clock = iter([100.0, 102.0, 200.0, 201.0])  # begin and end of two epochs
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    one = progress()
    watched = one.watched(lambda *pair: pair)
    for loss in (0.7, 0.6):
        for number in (4, 4, 2):
            watched(*images_and_targets(number))
        one.after_training(loss)
    assert one.history.images_per_second == [10 / 2, 10 / 1]
    assert one.history.train_loss == [0.7, 0.6]


def test_the_bar_shows_loss_mean_iou_and_speed(progress, capsys):
    one = progress(history=History([0.5], [0.25], [12.4]))
    one.after_evaluation(0.4567)
    out = capsys.readouterr().out
    assert "loss=0.500" in out
    assert "mIoU=45.7 %" in out
    assert "images/s=12" in out
    assert one.history.mean_iou == [0.25, 0.4567]


def test_a_progress_that_is_not_shown_keeps_its_history(progress, capsys):
    one = progress(shown=False)
    one.watched(lambda *pair: pair)(*images_and_targets(4))
    one.after_step(torch.tensor(1.0))
    one.after_training(0.5)
    one.after_evaluation(0.25)
    one.bar.close()
    assert (one.history.train_loss, one.history.mean_iou) == ([0.5], [0.25])
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU has a peak")
def test_without_a_gpu_there_is_no_peak_of_memory(progress):
    one = progress()
    one.watched(lambda *pair: pair)(*images_and_targets(1))
    one.after_training(1.0)
    assert one.history.peak_memory == 0
