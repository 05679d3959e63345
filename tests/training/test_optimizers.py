import copy

import pytest
import torch
from torch import nn

from course_utils.models.create import create_model
from course_utils.training import optimizers
from course_utils.training.optimizers import (
    Muon,
    _matrices_of,
    make_optimizer,
    make_schedule,
)


def make_weights(*shapes):
    torch.manual_seed(0)
    return [nn.Parameter(torch.randn(shape)) for shape in shapes]


def by_hand(weight, gradients, *, lr, momentum=0.95, weight_decay=0.0):
    """Muon on one matrix, by singular values: the ideal that its steps approach."""
    average = torch.zeros_like(weight)
    for gradient in gradients:
        average = momentum * average + (1 - momentum) * gradient
        update = (1 - momentum) * gradient + momentum * average
        u, _, v = torch.linalg.svd(update.flatten(1), full_matrices=False)
        rows, columns = update.flatten(1).shape
        step = lr * max(1, rows / columns) ** 0.5
        weight = (1 - lr * weight_decay) * weight - step * (u @ v).view_as(weight)
    return weight


@pytest.mark.parametrize("shape", [(6, 4, 3, 3), (40, 2, 2, 2), (5, 9)])
def test_a_step_goes_where_the_singular_vectors_point(shape, monkeypatch):
    (weight,) = make_weights(shape)
    gradients = [torch.randn(shape) for _ in range(3)]
    expected = by_hand(weight.detach(), gradients, lr=0.1, weight_decay=0.5)
    # The library's five steps bring singular values near 1, an exact way to 1
    monkeypatch.setattr(optimizers, "_orthogonalize", exactly)
    optimizer = Muon([weight], [], lr=0.1, weight_decay=0.5)
    for gradient in gradients:
        weight.grad = gradient
        optimizer.step()
    torch.testing.assert_close(weight.detach(), expected, atol=1e-5, rtol=1e-4)


def exactly(stack, dtype=None):
    u, _, v = torch.linalg.svd(stack, full_matrices=False)
    return u @ v


@pytest.mark.parametrize("precision", ["bf16", "fp16", "no"])
@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e6])
@pytest.mark.parametrize("shape", [(8, 72), (72, 8), (32, 32)])
def test_singular_values_come_near_one_in_every_precision(shape, scale, precision):
    torch.manual_seed(0)
    u, _, v = torch.linalg.svd(torch.randn(3, *shape), full_matrices=False)
    least = torch.linspace(0.1, 1, min(shape))  # no singular value is negligible
    stack = scale * (u * least) @ v
    kinds = {"bf16": torch.bfloat16, "fp16": torch.float16, "no": torch.float32}
    found = optimizers._orthogonalize(stack, dtype=kinds[precision]).float()
    values = torch.linalg.svdvals(found)
    assert values.min() > 0.5 and values.max() < 1.3
    # and the singular vectors stay: it is near the exact answer in direction
    cosine = nn.functional.cosine_similarity(
        found.flatten(1), exactly(stack / scale).flatten(1)
    )
    assert cosine.min() > 0.9


def test_gradients_of_zero_move_nothing():
    (weight,) = make_weights((6, 4, 3, 3))
    before = weight.detach().clone()
    weight.grad = torch.zeros_like(weight)
    Muon([weight], [], lr=0.1, weight_decay=0.0).step()
    torch.testing.assert_close(weight.detach(), before)


def test_the_order_in_memory_does_not_matter():
    ends = []
    for kind in (torch.contiguous_format, torch.channels_last):
        (weight,) = make_weights((6, 4, 3, 3))
        weight.data = weight.data.contiguous(memory_format=kind)
        optimizer = Muon([weight], [], lr=0.1)
        torch.manual_seed(1)
        weight.grad = torch.randn(6, 4, 3, 3).contiguous(memory_format=kind)
        optimizer.step()
        ends.append(weight.detach().contiguous())
    torch.testing.assert_close(*ends)


def test_matrices_of_one_shape_are_moved_as_each_alone():
    shapes = [(6, 4, 3, 3)] * 3
    together, alone = make_weights(*shapes), make_weights(*shapes)
    for one, other in zip(together, alone, strict=True):
        one.grad = torch.randn(6, 4, 3, 3)
        other.grad = one.grad.clone()
        Muon([other], [], lr=0.1).step()
    Muon(together, [], lr=0.1).step()
    torch.testing.assert_close(together, alone)


def test_other_parameters_are_moved_by_adamw():
    mine, theirs = make_weights((7,)), make_weights((7,))
    matrix = make_weights((4, 4))[0]
    optimizer = Muon([matrix], mine, lr=0.02, weight_decay=0.1)
    expected = torch.optim.AdamW(theirs, lr=0.001, weight_decay=0.1)
    for _ in range(3):
        gradient = torch.randn(7)
        mine[0].grad, theirs[0].grad = gradient.clone(), gradient.clone()
        matrix.grad = torch.randn(4, 4)
        optimizer.step()
        expected.step()
    torch.testing.assert_close(mine, theirs)


def test_a_state_that_was_saved_goes_on_bit_equal():
    def fresh():
        matrix, bias = make_weights((6, 4, 3, 3), (6,))
        return [matrix, bias], Muon([matrix], [bias], lr=0.1)

    def move(weights, optimizer, seed):
        torch.manual_seed(seed)
        for weight in weights:
            weight.grad = torch.randn_like(weight)
        optimizer.step()

    weights, optimizer = fresh()
    move(weights, optimizer, 1)
    others, other = fresh()
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    for there, here in zip(others, weights, strict=True):
        there.data = here.detach().clone()
    for pair in ((weights, optimizer), (others, other)):
        move(*pair, seed=2)
    torch.testing.assert_close(others, weights, rtol=0, atol=0)


def names_of(model, parameters):
    chosen = {id(p) for p in parameters}
    return {name for name, p in model.named_parameters() if id(p) in chosen}


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("segnet", {"stages.0.0.0.weight", "score.weight"}),
        ("unet", {"score.weight"}),
        ("fcn8s", {"score_fc7.weight", "score_skips.0.weight", "score_skips.1.weight"}),
        ("fc_densenet56", {"first.weight", "score.weight"}),
    ],
)
def test_scores_and_the_first_layer_are_no_matrices(name, left_out):
    with torch.device("meta"):
        model = create_model(name, 21, base_channels=8)
    convolutions = {n for n, p in model.named_parameters() if p.ndim == 4}
    chosen = names_of(model, _matrices_of(model))
    first = next(n for n, p in model.named_parameters() if p.ndim == 4)
    assert chosen <= convolutions
    assert first not in chosen
    assert convolutions - chosen >= {n for n in left_out if n in convolutions}
    assert len(chosen) >= len(convolutions) - 5


def test_a_wide_matrix_is_orthogonalized_in_parts():
    weight = nn.Parameter(torch.zeros(80, 40, 1, 1))
    weight.grad = torch.randn(80, 40, 1, 1, dtype=torch.float64).float()
    Muon([weight], [], lr=1.0, width=2, weight_decay=0.0).step()  # parts of 8 rows
    for part in weight.detach()[..., 0, 0].split(8):
        singular = torch.linalg.svdvals(part)
        assert singular.min() > 0.6 and singular.max() < 1.3
    whole = torch.linalg.svdvals(weight.detach()[..., 0, 0])
    assert whole.max() > 2  # ten parts of rows that do not know of each other


@pytest.mark.parametrize("name", ["fcn8s", "deconvnet", "deeplab_v1", "fc_densenet56"])
def test_the_same_layers_are_matrices_at_every_width(name):
    with torch.device("meta"):
        wide, narrow = (create_model(name, 21, base_channels=k) for k in (64, 16))
    chosen = names_of(wide, _matrices_of(wide))
    assert names_of(narrow, _matrices_of(narrow)) == chosen


@pytest.mark.parametrize(
    ("name", "kind", "rates"),
    [
        ("muon", Muon, [0.05, 0.0025]),
        ("adamw", torch.optim.AdamW, [1e-3]),
        ("sgd", torch.optim.SGD, [0.1]),
    ],
)
def test_every_optimizer_has_a_rate_of_its_own_and_all_parameters(name, kind, rates):
    model = create_model("unet", 3, base_channels=2)
    optimizer = make_optimizer(model, name)
    assert type(optimizer) is kind
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx(rates)
    held = [p for group in optimizer.param_groups for p in group["params"]]
    assert {id(p) for p in held} == {id(p) for p in model.parameters()}
    assert len(held) == len(list(model.parameters()))


def test_an_unknown_optimizer_is_refused():
    with pytest.raises(ValueError, match="one of muon, adamw, sgd, got 'adam'"):
        make_optimizer(nn.Conv2d(3, 2, 1), "adam")


@pytest.mark.parametrize(("warmup", "rise"), [(4, [0.16, 0.32, 0.48, 0.64]), (0, [])])
def test_the_rate_rises_and_falls(warmup, rise):
    optimizer = torch.optim.SGD(make_weights((2,)), lr=0.8)
    schedule, rates = make_schedule(optimizer, 10, warmup=warmup), []
    for _ in range(10):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    # a fifth more at each of four steps, then (1 - k/6)^0.9 of all
    left = 10 - warmup
    fall = [0.8 * (1 - k / left) ** 0.9 for k in range(left)]
    assert rates == pytest.approx(rise + fall)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0, abs=1e-9)
