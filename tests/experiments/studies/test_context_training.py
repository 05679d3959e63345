import pytest
import torch

from course_utils.experiments.studies.context_training import (
    Cells,
    no_neighbors,
    plain_cells,
    predict_cells,
    refine,
    train_cells,
)
from course_utils.models import ContextModule, DilatedNet
from course_utils.training import predict


@pytest.fixture
def front_end():
    net = DilatedNet(
        21, base_channels=2, hidden_channels=8, batch_norm=True, context=None
    )
    for p in net.parameters():
        torch.nn.init.normal_(p, std=0.3)
    return net.eval()


def test_no_neighbors_starts_as_the_identity_and_sees_one_cell():
    module = no_neighbors(5)
    logits = torch.rand(1, 5, 6, 6)
    torch.testing.assert_close(module(logits), logits)
    assert {conv.kernel_size for conv in module[::2]} == {(1, 1)}
    assert len(module) == len(ContextModule(5).layers)


def test_training_logits_come_twice_with_a_mean_of_0(trial, front_end):
    images, targets = trial.data.train.tensors
    cells, shift = train_cells(front_end, trial, images, targets)
    assert cells.logits.shape == (16, 21, 8, 8) and cells.targets.shape == (16, 64, 64)
    assert cells.logits.mean().abs() < 1e-4
    again, same = train_cells(front_end, trial, images, targets)
    torch.testing.assert_close(again.logits, cells.logits)
    torch.testing.assert_close(same, shift)
    assert (cells.targets[:8] != cells.targets[8:]).any()  # two augmentations


def test_unrefined_logits_predict_as_the_front_end_does(trial, front_end):
    images, targets = trial.data.val.tensors
    cells = plain_cells(front_end, images, targets)
    prediction = predict_cells(torch.nn.Identity(), cells + torch.tensor(3.0))
    assert (prediction == predict(front_end, images)).double().mean() > 0.999
    assert prediction.dtype == torch.uint8


def test_a_module_is_trained_in_place_by_as_many_steps(trial):
    logits, targets = torch.rand(6, 21, 4, 4), torch.randint(21, (6, 32, 32))
    cells = Cells(logits, targets.to(torch.uint8))
    results = []
    for steps in (1, 3, 3):
        module = ContextModule(21)
        refine(module, cells, trial, steps, 1e-2)
        assert not module.training
        results.append(module.layers[0].weight.detach())
    assert (results[0] != ContextModule(21).layers[0].weight).any()
    assert (results[0] != results[1]).any()
    torch.testing.assert_close(results[1], results[2])
