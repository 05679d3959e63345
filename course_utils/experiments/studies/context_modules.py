"""Context modules: four starts, three learning rates or more for each, N and 5N steps.

A front-end is trained once for each seed, for 2N steps, and frozen. On its logits, each
start is trained at three learning rates; where the best lies at the end of the three,
more are tried beyond it. The best is chosen on every fourth training scene, which is
held out; the figures are those of the validation scenes. Notebook 06 gave the large
module one rate, the random start three, and both 300 steps.

Starts: "basic" and "large" from the identity, "random" from He's initialization, and
"no neighbors", the control, whose kernels are 1×1.

"Context improves the logits" holds if: basic gains mean IoU over both the front-end and
no neighbors. "The large module gains more" holds if: large gains over basic. "A random
start fails" holds, within the steps named, if: random does not gain on the front-end. A
verdict after N steps that differs after 5N is one on the steps. "Context holds large
objects together" holds if: basic or large tears them less than the front-end does the
same objects ("torn"); can't be tested where the front-end tears less than 2 %. Each by
more than the spread of the seeds; refuted if there is no gain at either.
"""

import math

import torch
from accelerate.utils import set_seed
from torch import Tensor, nn

from course_utils.experiments.studies.context_training import (
    no_neighbors,
    plain_cells,
    predict_cells,
    refine,
    train_cells,
)
from course_utils.experiments.studies.trial import Make, Trial
from course_utils.experiments.sweeps.rates import Rates
from course_utils.labels import IGNORE_INDEX
from course_utils.metrics import ConfusionMatrix, inconsistency, mean_iou
from course_utils.metrics.objects import ObjectInconsistency
from course_utils.models.dilatednet import ContextModule, DilatedNet

RATES = {
    "no neighbors": (3e-4, 1e-3, 3e-3),
    "basic": (3e-4, 1e-3, 3e-3),
    "random": (1e-3, 3e-3, 1e-2),
    "large": (1e-4, 3e-4, 1e-3),
}
"""Learning rates to begin with, by start."""
_JUDGED_BY_OBJECTS = [
    f"{name}, 5N steps" for name in ("no neighbors", "basic", "large")
]
_HELD_OUT = 4  # every fourth training scene


def make_front_end(trial: Trial) -> Make:
    """Choose the function that makes a front-end with thin fc6 and fc7."""
    width = trial.run.base_channels
    return lambda: DilatedNet(
        trial.num_classes,
        base_channels=width,
        hidden_channels=16 * width,
        batch_norm=True,
        context=None,
    )


def random_context(num_classes: int) -> ContextModule:
    """Make a basic context module that starts from He's initialization."""
    module = ContextModule(num_classes)
    for conv in module.layers[::2]:
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        nn.init.zeros_(conv.bias)
    return module


def make_start(name: str, num_classes: int) -> nn.Module:
    """Make an untrained module by the name of its start."""
    if name == "no neighbors":
        return no_neighbors(num_classes)
    if name == "random":
        return random_context(num_classes)
    return ContextModule(num_classes, large=name == "large")


def measure(trial: Trial) -> None:
    """Train the front-end, and every start on its logits."""
    n = trial.durations["N steps"]
    wanted = [
        (start, duration, steps)
        for duration, steps in (("N steps", n), ("5N steps", 5 * n))
        for start in RATES
        if not trial.is_stored(f"{start}, {duration}: mean IoU")
    ]
    if wanted:
        study = _OnFrontEnd(trial)
        for start, duration, steps in wanted:
            study.try_rates(start, duration, steps)


class _OnFrontEnd:
    """A trained front-end, its logits, and what is measured of modules on them."""

    def __init__(self, trial: Trial) -> None:
        steps = trial.durations["2N steps"]
        front_end = trial.train("front-end", make_front_end(trial), steps, keep=True)
        trial.store_scores("front-end", front_end)
        net, self.trial, self.scored = front_end.model, trial, trial.protocol(steps)
        images, targets = trial.data.train.tensors
        held = torch.arange(len(images)) % _HELD_OUT == _HELD_OUT - 1
        self.cells, shift = train_cells(net, trial, images[~held], targets[~held])
        self.held = plain_cells(net, images[held], targets[held]) + shift
        self.val = plain_cells(net, *trial.data.val.tensors) + shift
        self.torn_before = self._inconsistency(front_end.prediction)

    def try_rates(self, start: str, duration: str, steps: int) -> None:
        """Train a start at all rates; store each, and what the best one predicts."""
        predictions: dict[float, Tensor] = {}
        chosen: dict[float, float] = {}  # scores on scenes held out
        rates = list(RATES[start])
        for rate in rates:
            set_seed(self.trial.run.seed)
            with self.trial.device:
                module = make_start(start, self.trial.num_classes)
            refine(module, self.cells, self.trial, steps, rate)
            chosen[rate] = self._score(predict_cells(module, self.held))
            predictions[rate] = predict_cells(module, self.val)
            row = Rates(start, "adamw", chosen)
            if rate == rates[-1] and (beyond := row.next_rate()) is not None:
                rates.append(beyond)
        self._store(f"{start}, {duration}", predictions, row.best)

    def _store(self, title: str, predictions: dict[float, Tensor], best: float) -> None:
        scores = {rate: self.scored.score(p) for rate, p in predictions.items()}
        figures = {
            f"{title}, rate {rate:g}: mean IoU": score.mean_iou
            for rate, score in sorted(scores.items())
        }
        figures[f"{title}: best rate"] = best
        if title in _JUDGED_BY_OBJECTS:
            torn, before = self._torn(predictions[best])
            figures[f"{title}: torn"] = torn
            figures[f"{title}: torn by the front-end"] = before
        figures[f"{title}: mean IoU"] = scores[best].mean_iou
        figures[f"{title}: boundary IoU"] = scores[best].boundary_iou
        self.trial.store(figures)

    def _score(self, prediction: Tensor) -> float:
        confusion = ConfusionMatrix(self.trial.num_classes)
        confusion.update(prediction.to(self.trial.device), self.held.targets)
        score = mean_iou(confusion.counts)
        return 0.0 if math.isnan(score) else score

    def _torn(self, prediction: Tensor) -> tuple[float, float]:
        """Measure the inconsistency of large objects that both nets have found.

        Returns:
            Means over the objects, of a module and of the front-end alone.
        """
        ours, before = self._inconsistency(prediction), self.torn_before
        is_large = ours.side >= self.trial.run.image_size / 8
        both = is_large & (ours.majority != 0) & (before.majority != 0)
        if not both.any():
            return math.nan, math.nan
        return float(ours.value[both].mean()), float(before.value[both].mean())

    def _inconsistency(self, prediction: Tensor) -> ObjectInconsistency:
        """Measure it deep inside the objects, away from every border."""
        deep = self.scored.boundary_distance > self.trial.run.image_size / 32
        interior = self.trial.data.val.tensors[1].where(deep, IGNORE_INDEX)
        return inconsistency(prediction, interior, background=0, min_area=16)
