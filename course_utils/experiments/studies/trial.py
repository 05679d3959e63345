"""One seed of one study: it trains nets by the protocol and stores their figures."""

from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import nn
from torch.utils.data import DataLoader, Subset

from course_utils.datasets.course import CourseData
from course_utils.experiments.protocol import Trained, TrainingProtocol
from course_utils.experiments.studies.store import StudyFile
from course_utils.settings import RunLevel
from course_utils.training.checkpoints import load_checkpoint, save_checkpoint
from course_utils.training.evaluation import Transform, predict
from course_utils.training.progress import History

Make = Callable[[], nn.Module]
"""Function that makes an untrained net."""


def make_protocol(run: RunLevel, data: CourseData) -> TrainingProtocol:
    """Make the protocol of all studies: the course's own, from random weights."""
    protocol = TrainingProtocol(None, run, data)
    # Nets are scored once, after the training: an epoch is followed on a few pictures
    few = Subset(data.val, range(min(run.batch_size, len(data.val))))
    protocol.val_batches = DataLoader(few, batch_size=run.batch_size)
    return protocol


def settings_of(protocol: TrainingProtocol) -> dict[str, Any]:
    """Name what all trainings of a study share; N is "steps"."""
    run, data = protocol.run, protocol.data
    return {
        "data": data.name,
        "image_size": run.image_size,
        "base_channels": run.base_channels,
        "batch_size": run.batch_size,
        "optimizer": protocol.optimizer,
        "lr": protocol.lr,
        "warmup": protocol.warmup,
        "steps": run.steps // 2,
        "num_train": len(data.train),
        "num_val": len(data.val),
    }


class Trial:
    """One seed of one study.

    Nets are compared after N steps and after 2N, each in a training of its own, since
    the learning rate falls to 0 in either.

    Args:
        file: Figures stored so far.
        protocol: Protocol with the data and run level, whose steps are 2N.
        seed: Seed of the trainings.

    Attributes:
        run: Run level with this seed.
        durations: Name of each duration, "N steps" and "2N steps", and its steps.
    """

    def __init__(self, file: StudyFile, protocol: TrainingProtocol, seed: int) -> None:
        self.file, self._protocol = file, protocol
        self.run = replace(protocol.run, seed=seed)
        self.data, self.device = protocol.data, protocol.device
        self.num_classes = protocol.data.label_set.num_classes
        n = max(1, self.run.steps // 2)
        self.durations = {"N steps": n, "2N steps": 2 * n}

    def protocol(self, steps: int, data: CourseData | None = None) -> TrainingProtocol:
        """Make the protocol for this seed.

        Args:
            steps: Steps of a training.
            data: Data in place of the trial's.
        """
        run = replace(self.run, steps=steps)
        if data is not None and data.val is not self.data.val:
            return make_protocol(run, data)
        distance = self._protocol.boundary_distance  # found once, for all
        if data is None:
            part = copy(self._protocol)
            part.run = run
        else:
            part = make_protocol(run, data)
            part.boundary_distance = distance
        return part

    def is_stored(self, *names: str) -> bool:
        """Tell whether all these figures of this seed are stored."""
        return set(names) <= self.file.figures(self.run.seed).keys()

    def store(self, figures: dict[str, float]) -> None:
        """Write figures of this seed, and print them."""
        self.file.add(self.run.seed, figures)
        for name, value in figures.items():
            print(f"  seed {self.run.seed}, {name}: {value:.4g}", flush=True)

    def compare(self, nets: Mapping[str, Make], *, kept: Collection[str] = ()) -> None:
        """Train every net for N and for 2N steps, and store its scores.

        The figures are "NAME, N steps: mean IoU", "NAME, 2N steps: boundary IoU" and so
        on. What is stored is not trained again.

        Args:
            nets: Function that makes each net, by name.
            kept: Names of the nets that are kept after 2N steps, see ``train``.
        """
        for name, make in nets.items():
            for duration, steps in self.durations.items():
                title = f"{name}, {duration}"
                if self.is_stored(f"{title}: mean IoU", f"{title}: boundary IoU"):
                    continue
                keep = name in kept and duration == "2N steps"
                self.store_scores(title, self.train(name, make, steps, keep=keep))

    def store_scores(self, title: str, trained: Trained) -> None:
        """Store the scores of a trained net as "TITLE: mean IoU" and "boundary IoU"."""
        scores = trained.scores
        figures = {"mean IoU": scores.mean_iou, "boundary IoU": scores.boundary_iou}
        self.store({f"{title}: {name}": value for name, value in figures.items()})

    def train(
        self,
        name: str,
        make: Make,
        steps: int,
        *,
        data: CourseData | None = None,
        transform: Transform | None = None,
        keep: bool = False,
    ) -> Trained:
        """Train a net by the protocol; the loaded one has an empty history.

        Args:
            name: Name of the net; one that is kept has one name in all studies.
            make: Function that makes the net, after the seed is set.
            steps: Steps of the training.
            data: Data in place of the trial's.
            transform: Augmentation in place of the protocol's.
            keep: Whether the net is kept in the folder of checkpoints (but at ``ci``),
                and loaded from there if it was trained before, in whichever study.
        """
        protocol = self.protocol(steps, data)
        path = self._file_of(name, steps) if keep else None
        if path is not None and path.is_file():
            return self._load(path, make, protocol)
        protocol.augment = transform or protocol.augment
        trained = protocol.train(name, make)
        if path is not None:
            save_checkpoint(path, trained.model, settings=self.file.settings)
        return trained

    def _file_of(self, name: str, steps: int) -> Path | None:
        return self.run.checkpoint(f"study_{name}_{self.data.name}_{steps}")

    def _load(self, path: Path, make: Make, protocol: TrainingProtocol) -> Trained:
        model = make()
        load_checkpoint(path, model, settings=self.file.settings)
        model.to(self.device)
        prediction = predict(model, protocol.data.val.tensors[0])
        return Trained(model, History(), prediction, protocol.score(prediction))
