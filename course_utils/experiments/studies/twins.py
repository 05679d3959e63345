"""Twins hard enough that DeepLab fails at some, and context against none.

A bus and a train of equal sections differ in length alone. With 4 and 10 sections,
DeepLab names 99.7 % of their pixels rightly, which nobody can beat by 5 points. Here
the lengths are brought closer, from pair to pair, until DeepLab names at most 85 % of
the pixels rightly on scenes held out; this is found once, by the first seed. Then
DeepLab, a front-end, and modules on the frozen front-end are trained on such scenes:
the context module, and "no neighbors", the control with 1×1 kernels.

"Context tells twins apart" holds if: the context module gains over its front-end and
over no neighbors, and "better than DeepLab does" if it gains over DeepLab, too; each
after N and after 2N steps of the nets, by 5 points or more and the spread of the seeds.
Refuted if: there is no gain at either. Can't be tested if DeepLab has more than 95 %,
or less than 55 %: half is chance.
"""

from functools import partial

import torch
from accelerate.utils import set_seed
from torch import Tensor, nn

from course_utils.datasets.course import CourseData
from course_utils.experiments.studies.context_modules import make_front_end, make_start
from course_utils.experiments.studies.context_training import (
    plain_cells,
    predict_cells,
    refine,
    train_cells,
)
from course_utils.experiments.studies.drawing import draw_scenes, stack_scenes
from course_utils.experiments.studies.trial import Trial
from course_utils.labels import VOC
from course_utils.models.deeplab_v1 import DeepLabV1

PAIRS = ((4, 10), (6, 9), (7, 9), (8, 9), (9, 10))
"""Sections of the bus and of the train, from easy to hard."""
_HARD = 0.85
_FIRST_SEEDS = {"train": 9 << 32, "val": 10 << 32, "held out": 11 << 32}
"""Seed of the first scene of each split; none is a scene of the data set."""
_MODULE_RATE = 1e-3
_BUS, _TRAIN = (VOC.names.index(name) for name in ("bus", "train"))


def measure(trial: Trial) -> None:
    """Choose the pair, and train the nets on it."""
    wanted = [
        (name, train, duration)
        for duration in trial.durations
        for name, train in (("DeepLab v1", _deeplab), ("front-end", _front_end))
        if not trial.is_stored(f"{name}, {duration}: told apart")
    ]
    if not wanted:
        return
    pair = choose_pair(trial)
    data = draw_twins(trial, pair, "train", "val")
    for name, train, duration in wanted:
        steps = trial.durations[duration]
        figures = train(trial, data, steps, f"{name}, {duration}")
        trial.store(
            {
                f"{key or name}, {duration}: told apart": value
                for key, value in figures.items()
            }
        )


def choose_pair(trial: Trial) -> tuple[int, int]:
    """Choose the first pair that is hard for DeepLab, or take the one chosen before."""
    bus, train = "sections of the bus, count", "sections of the train, count"
    for figures in trial.file.all_figures():
        if {bus, train} <= figures.keys():
            pair = int(figures[bus]), int(figures[train])
            break
    else:
        pair = _hard_pair(trial)
    trial.store({bus: pair[0], train: pair[1]})
    return pair


def _hard_pair(trial: Trial) -> tuple[int, int]:
    for pair in PAIRS:
        data = draw_twins(trial, pair, "train", "held out")
        bus, train = pair
        title = f"{bus} and {train} sections, DeepLab v1"
        found = _deeplab(trial, data, trial.durations["N steps"], title)[""]
        trial.store({f"{title}: told apart": found})
        if found <= _HARD:
            break
    return pair


def _deeplab(
    trial: Trial, data: CourseData, steps: int, title: str
) -> dict[str, float]:
    make = partial(
        DeepLabV1,
        trial.num_classes,
        base_channels=trial.run.base_channels,
        batch_norm=True,
    )
    trained = trial.train("DeepLab v1, twins", make, steps, data=data)
    trial.store_scores(title, trained)
    return {"": told_apart(trained.prediction, data.val.tensors[1])}


def _front_end(
    trial: Trial, data: CourseData, steps: int, title: str
) -> dict[str, float]:
    """Train a front-end, then modules on it, for N steps each."""
    make = make_front_end(trial)
    trained = trial.train("front-end, twins", make, steps, data=data)
    trial.store_scores(title, trained)
    targets = data.val.tensors[1]
    figures = {"": told_apart(trained.prediction, targets)}
    cells, shift = train_cells(trained.model, trial, *data.train.tensors)
    val = plain_cells(trained.model, *data.val.tensors) + shift
    names = {"no neighbors": "no neighbors", "context module": "basic"}
    for name, start in names.items():
        set_seed(trial.run.seed)
        module: nn.Module = make_start(start, trial.num_classes)
        refine(module, cells, trial, trial.durations["N steps"], _MODULE_RATE)
        figures[name] = told_apart(predict_cells(module, val), targets)
    return figures


def told_apart(prediction: Tensor, targets: Tensor) -> float:
    """Count which share is named rightly where a twin's pixel is called bus or train.

    The mean over the two classes: a net that says bus throughout gets one half.

    Args:
        prediction: Class indices, (N, H, W).
        targets: Class indices of scenes whose buses and trains are all twins.

    Returns:
        A proportion; nan where a class is named nowhere.
    """
    shares = []
    for mine, other in ((_BUS, _TRAIN), (_TRAIN, _BUS)):
        named = prediction[targets == mine]
        right, wrong = ((named == k).sum() for k in (mine, other))
        shares.append(float(right / (right + wrong)))
    return sum(shares) / 2


def draw_twins(
    trial: Trial, sections: tuple[int, int], train: str, val: str
) -> CourseData:
    """Draw scenes with twins, half as large and half as many as the run level's.

    Args:
        trial: Trial with the run level.
        sections: Sections of the bus and of the train.
        train: Split to train on, a key of the first seeds.
        val: Split to score on.
    """
    size = max(64, trial.run.image_size // 2)
    numbers = {train: trial.run.num_train // 2, val: trial.run.num_val // 2}
    pairs = []
    for split, number in numbers.items():
        first = _FIRST_SEEDS[split]
        options = {"size": size, "texture_twins": True, "twin_sections": sections}
        arguments = [{"seed": first + k, **options} for k in range(number)]
        pairs.append(stack_scenes(draw_scenes(arguments)))
    sizes = [torch.full((len(part), 2), size) for part in pairs]
    return CourseData("twins", VOC, *pairs, *sizes)
