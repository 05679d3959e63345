import pytest
import torch

from course_utils.experiments.studies import context_modules
from course_utils.experiments.studies.context_modules import (
    RATES,
    _OnFrontEnd,
    make_start,
)
from course_utils.experiments.sweeps.rates import Rates


@pytest.mark.parametrize("start", RATES)
def test_only_the_random_start_changes_what_the_front_end_says(start):
    torch.manual_seed(0)
    target = torch.arange(4).repeat_interleave(10)[:, None].expand(1, 40, 40)
    logits = torch.nn.functional.one_hot(target, 21).permute(0, 3, 1, 2).float()
    with torch.no_grad():
        same = make_start(start, 21)(10 * logits).argmax(dim=1) == target
    share = same.double().mean()
    assert share < 0.5 if start == "random" else share > 0.8


def test_large_has_many_times_the_parameters_of_basic():
    sizes = {
        start: sum(p.numel() for p in make_start(start, 21).parameters())
        for start in RATES
    }
    assert sizes["basic"] == sizes["random"] == 28_392
    assert sizes["large"] == 6_803_139  # 141,149,720 less the front-end's 134,346,581
    assert sizes["no neighbors"] == 8 * (21 * 21 + 21)


@pytest.fixture
def scores(monkeypatch):
    """Train nothing, and let a rate have the score on held-out scenes that is here."""
    scores = {}

    def refine(module, cells, trial, steps, lr):
        module.lr = lr

    def predict_cells(module, cells):
        return torch.tensor(module.lr)

    monkeypatch.setattr(context_modules, "refine", refine)
    monkeypatch.setattr(context_modules, "predict_cells", predict_cells)
    return scores


class OnNothing(_OnFrontEnd):
    """Modules on no front-end, to see which rates are tried."""

    def __init__(self, trial, scores):
        self.trial, self.scores = trial, scores
        self.cells = self.held = self.val = None

    def _score(self, prediction):
        return self.scores.get(round(prediction.item(), 6), 0.5)

    def _store(self, title, predictions, best):
        self.tried, self.best = sorted(predictions), best


@pytest.mark.parametrize(
    ("better", "tried"),
    [
        ({1e-3: 0.9}, [3e-4, 1e-3, 3e-3]),
        ({3e-3: 0.9}, [3e-4, 1e-3, 3e-3, 9e-3]),
        ({3e-4: 0.8, 1e-4: 0.9}, [3e-5, 1e-4, 3e-4, 1e-3, 3e-3]),
    ],
)
def test_rates_are_tried_until_the_best_on_held_out_scenes_lies_inside(
    trial, scores, better, tried
):
    scores.update(better)
    study = OnNothing(trial, scores)
    study.try_rates("basic", "N steps", 2)
    assert study.tried == tried
    assert study.best == max(better, key=better.get)


def test_every_start_is_measured_at_two_durations(trial, monkeypatch):
    monkeypatch.setattr(Rates, "next_rate", lambda row: None)
    for start in RATES:
        monkeypatch.setitem(RATES, start, (1e-3,))
    context_modules.measure(trial)
    names = {
        f"{start}, {duration}: {score}"
        for start in RATES
        for duration in ("N steps", "5N steps")
        for score in ("mean IoU", "boundary IoU", "best rate")
    }
    names |= {f"{s}, 5N steps: torn" for s in ("basic", "large")}
    assert names | {"front-end: mean IoU"} <= trial.file.figures(3).keys()
