import numpy as np
import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from course_utils.datasets.transforms import eval_transform
from course_utils.labels import LabelSet
from course_utils.metrics import ConfusionMatrix
from course_utils.training import evaluation
from course_utils.training.evaluation import (
    enlarged_argmax,
    evaluate,
    predict,
    predict_label_map,
    predict_probs,
    reestimate_batch_norm,
    scores,
)


def make_model(num_classes=3):
    torch.manual_seed(0)
    conv = nn.Conv2d(3, num_classes, 3, padding=1)
    return nn.Sequential(conv, nn.BatchNorm2d(num_classes), nn.Dropout(0.5))


def make_batches(sizes=(4, 4, 2)):
    torch.manual_seed(1)
    batches = []
    for number in sizes:
        images = torch.randint(256, (number, 3, 12, 10), dtype=torch.uint8)
        targets = torch.randint(3, (number, 12, 10), dtype=torch.uint8)
        targets[:, 0] = 255
        batches.append((images, targets))
    return batches


def test_every_pixel_but_void_is_counted_once():
    model, batches = make_model(), make_batches()
    counts = evaluate(model, batches, 3).counts
    assert counts.sum() == 10 * 11 * 10  # images, rows without void, columns
    expected = ConfusionMatrix(3)
    for images, targets in batches:
        normalized, targets = eval_transform()(images, targets)
        with torch.no_grad():
            logits = model.eval()(normalized)
        for one, target in zip(logits, targets, strict=True):
            expected.update(one.argmax(dim=0), target)
    torch.testing.assert_close(counts, expected.counts)


@pytest.mark.parametrize("was_training", [True, False])
def test_the_model_is_left_in_eval_mode_without_gradients(was_training):
    model = make_model().train(was_training)
    before = {k: v.clone() for k, v in model.state_dict().items()}
    evaluate(model, make_batches(), 3)
    predict(model, make_batches()[0][0])
    assert not any(m.training for m in model.modules())
    assert all(p.grad is None for p in model.parameters())
    torch.testing.assert_close(dict(model.state_dict()), before, rtol=0, atol=0)


@pytest.mark.parametrize("batch_size", [1, 3, 16])
def test_a_prediction_is_the_argmax_of_the_model(batch_size):
    model = make_model()
    images = torch.cat([images for images, _ in make_batches()])
    prediction = predict(model, images, batch_size=batch_size)
    assert prediction.dtype == torch.uint8
    normalized, _ = eval_transform()(images, images[:, 0])
    with torch.no_grad():
        expected = model.eval()(normalized).argmax(dim=1)
    torch.testing.assert_close(prediction.long(), expected)


def test_images_go_through_in_batches_and_without_gradients():
    model, seen = make_model(), []

    def note(module, inputs, output):
        seen.append((len(output), output.requires_grad))

    model.register_forward_hook(note)
    predict(model, torch.cat([images for images, _ in make_batches()]), batch_size=4)
    evaluate(model, make_batches(), 3)
    assert seen == [(4, False), (4, False), (2, False)] * 2


def test_a_model_whose_training_failed_is_refused():
    model, image = make_model(), np.zeros((8, 8, 3), dtype=np.uint8)
    model[0].weight.data[0, 0] = float("nan")
    for call in (
        lambda: evaluate(model, make_batches(), 3),
        lambda: predict(model, make_batches()[0][0]),
        lambda: predict_probs(model, image, image_size=32),
    ):
        with pytest.raises(RuntimeError, match=r"logits must be finite.*lower lr"):
            call()


def test_a_score_of_void_alone_is_an_error_and_of_one_class_a_remark(capsys):
    labels, (images, targets) = (
        make_label_set("cat", "dog", "cow"),
        make_batches([4])[0],
    )
    model = make_model()
    with pytest.raises(ValueError, match="validation targets must hold classes"):
        scores(model, [(images, torch.full_like(targets, 255))], labels)
    scores(model, [(images, torch.ones_like(targets))], labels)
    assert "note: the validation targets hold class 1 alone" in capsys.readouterr().out


def make_label_set(*names):
    colors = tuple((k, k, k) for k in range(len(names)))
    return LabelSet("animals", names, colors, (255, 255, 255))


def test_images_and_targets_of_float_are_refused():
    with pytest.raises(TypeError, match=r"images must be uint8.*got torch\.float32"):
        predict(make_model(), torch.zeros(1, 3, 12, 10))
    images, targets = make_batches([2])[0]
    with pytest.raises(TypeError, match=r"targets integer, got .* torch\.float32"):
        evaluate(make_model(), [(images, targets.float())], 3)


def test_statistics_are_the_means_over_the_batches(monkeypatch):
    # Gray levels 0 and 51 (0.2) in one batch, 102 (0.4) twice in another: means 0.1 and
    # 0.4, variances 0.01·n/(n-1) of n = 2·4 pixels and 0
    norm = nn.BatchNorm2d(1)
    model = nn.Sequential(nn.Conv2d(3, 1, 1, bias=False), norm)
    nn.init.constant_(model[0].weight, 1 / 3)
    batches = []
    for levels in ((0, 51), (102, 102)):
        images = torch.tensor(levels, dtype=torch.uint8)[:, None, None, None]
        targets = torch.zeros(2, 2, 2, dtype=torch.uint8)
        batches.append((images.expand(2, 3, 2, 2), targets))

    def scale(images, targets):
        return images / 255, targets

    monkeypatch.setattr(evaluation, "eval_transform", lambda: scale)
    norm.running_mean += 7
    reestimate_batch_norm(model.train(), batches)
    torch.testing.assert_close(norm.running_mean, torch.tensor([0.25]))
    torch.testing.assert_close(norm.running_var, torch.tensor([0.01 * 8 / 7 / 2]))
    assert norm.momentum == 0.1
    assert not any(m.training for m in model.modules())


def test_statistics_are_those_of_the_images_as_evaluation_sees_them():
    model, batches = make_model(), make_batches([4])
    before = {name: p.clone() for name, p in model.named_parameters()}
    reestimate_batch_norm(model, batches)
    with torch.no_grad():
        maps = model[0](eval_transform()(*batches[0])[0])
    torch.testing.assert_close(model[1].running_mean, maps.mean(dim=(0, 2, 3)))
    after = dict(model.named_parameters())
    torch.testing.assert_close(after, before, rtol=0, atol=0)
    assert all(p.grad is None for p in after.values())


def test_without_batch_normalization_nothing_is_read():
    reestimate_batch_norm(nn.Conv2d(3, 2, 1), iter([]))


class Brightness(nn.Module):
    """Two classes: dark and bright; remembers the sizes it was given."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.sizes = []

    def forward(self, x):
        self.sizes.append(tuple(x.shape[-2:]))
        bright = x.mean(dim=1, keepdim=True) * self.weight
        return torch.cat([-bright, bright], dim=1)


def half_bright(height, width):
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, width // 2 :] = 255
    return image


@pytest.mark.parametrize(
    ("size", "scaled"),
    [
        ((60, 80), (48, 64)),
        ((80, 60), (64, 48)),
        ((300, 400), (48, 64)),
        ((20, 400), (32, 64)),  # 3 rows, padded to what a model takes
        ((1, 1), (64, 64)),
    ],
)
def test_a_picture_of_any_size_is_scaled_and_comes_back(size, scaled):
    model = Brightness()
    probs = predict_probs(model, half_bright(*size), image_size=64)
    assert model.sizes == [scaled]
    assert probs.shape == (2, *size)
    assert probs.dtype == torch.float32
    torch.testing.assert_close(probs.sum(dim=0), torch.ones(size))


def test_the_prediction_lies_on_the_picture():
    probs = predict_probs(Brightness(), half_bright(96, 128), image_size=64)
    prediction = probs.argmax(dim=0)
    assert (prediction[:, :62] == 0).all() and (prediction[:, 66:] == 1).all()


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((21, 5, 7), (50, 71)),
        ((3, 40, 6), (300, 11)),
        ((4, 32, 32), (20, 45)),
        ((2, 1, 1), (3, 4)),
        ((5, 8, 8), (8, 8)),
    ],
)
def test_strips_give_what_enlarging_at_once_gives(monkeypatch, shape, size):
    monkeypatch.setattr(evaluation, "_STRIP_VALUES", 1500)
    scores = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    enlarged = torch.nn.functional.interpolate(scores[None], size, mode="bilinear")
    best = enlarged_argmax(scores, size)
    assert (best.dtype, tuple(best.shape)) == (torch.uint8, size)
    assert (best == enlarged[0].argmax(dim=0)).float().mean() > 0.999  # but for ties


class Largest(TorchDispatchMode):
    """Note the bytes of the largest tensor that is made."""

    bytes = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for value in result if isinstance(result, tuple) else (result,):
            if isinstance(value, torch.Tensor):
                self.bytes = max(self.bytes, value.nbytes)
        return result


def test_memory_does_not_grow_with_the_classes_of_every_pixel():
    scores = torch.randn(21, 16, 24)
    with Largest() as largest:
        enlarged_argmax(scores, (1600, 2400))
    assert largest.bytes < 17 << 20  # 8 MiB are the indices of one strip
    assert 21 * 4 * 1600 * 2400 > 300 << 20


def test_the_classes_are_those_of_the_probabilities():
    image = half_bright(96, 128)
    probs = predict_probs(Brightness(), image, image_size=64)
    label_map = predict_label_map(Brightness(), image, image_size=64)
    torch.testing.assert_close(label_map, probs.argmax(dim=0).to(torch.uint8))
