"""Train a model for as long as there is time, by a published recipe, and report.

The recipe is that of FC-DenseNet's authors (``recipe``), in two stages: random crops,
then whole images with a lower learning rate. A run stops when its minutes are over and
goes on from its checkpoint later. Unlike there, computation is in mixed precision on a
GPU, images are normalized, batch normalization has PyTorch's epsilon, and training ends
by the clock: the last weights count, where the authors wait for no progress and keep
the best on val.
"""

import json
import time
from pathlib import Path
from typing import Any

from course_utils.datasets.course import CourseData, course_data
from course_utils.experiments.long_training import LongTraining
from course_utils.models.create import create_model
from course_utils.settings import RUN_LEVELS, RunLevel, provenance
from course_utils.training.loop import set_seed

STAGES = {"crops": 1e-3, "whole": 1e-4}
"""The stages of the recipe, in order, with their learning rates."""
PUBLISHED = {
    "fc_densenet56": {"mean_iou": 0.589, "pixel_accuracy": 0.889},
    "fc_densenet67": {"mean_iou": 0.658, "pixel_accuracy": 0.908},
    "fc_densenet103": {"mean_iou": 0.669, "pixel_accuracy": 0.915},
}
"""On CamVid's test split, after up to 750 epochs: arXiv:1611.09326, table 3."""


def reproduce(
    name: str,
    data: str,
    *,
    minutes: float,
    checkpoint: Path,
    stage: str = "crops",
    epochs: int = 750,
    crop: int = 224,
    batch_size: int = 3,
    lr: float | None = None,
    evaluate_every: int = 10,
    image_size: int = 480,
    base_channels: int = 64,
    seed: int = 0,
) -> dict[str, Any]:
    """Train a model from random weights, or go on, and write down how good it is.

    Every epoch draws from a seed of its own: on a CPU, a training in several runs ends
    bit-equal to one in a single run.

    Args:
        name: one of ``models.create.MODEL_NAMES``.
        data: "camvid", "voc", "scenes" or a folder in VOC layout.
        minutes: after which the run ends, with a checkpoint; at least one epoch is run.
        checkpoint: file to write and to go on from. The report is written beside it,
            with the suffix ``.json``.
        stage: "crops" or "whole"; the second goes on from the first's checkpoint.
        epochs: of this stage at most, over all runs.
        crop: side of the crops, pixels.
        batch_size: images a step.
        lr: at the start of the stage; the recipe's by default.
        evaluate_every: epochs between two evaluations; the last one is always scored.
        image_size: longer side of the images, pixels.
        base_channels: width of the model; 64 in the papers.
        seed: of weights, order, crops and dropout.

    Returns:
        The report: scores on val as proportions, epochs, minutes, and what each run was
        made with: device, commit, versions.

    Raises:
        FileNotFoundError: the data are not there, or the stage "whole" has no
            checkpoint to go on from.
        ValueError: an argument is out of range, or the checkpoint belongs to another
            training.
        RuntimeError: the GPU's memory is too small, or the loss is no number.
    """
    if stage not in STAGES:
        raise ValueError(f"stage must be one of {', '.join(STAGES)}, got {stage!r}")
    for what, number in (("epochs", epochs), ("evaluate_every", evaluate_every)):
        if number < 1:
            raise ValueError(f"{what} must be at least 1, got {number}")
    if stage == "whole" and not checkpoint.is_file():
        raise FileNotFoundError(
            f"{checkpoint} must be a checkpoint of the stage crops for the stage whole "
            "to go on from, and is not there; train in crops first"
        )
    deadline = time.monotonic() + 60 * minutes
    pairs = _load(data, image_size)
    set_seed(seed)
    model = create_model(
        name, pairs.label_set.num_classes, base_channels=base_channels, batch_norm=True
    )
    training = LongTraining(
        model,
        pairs,
        settings={"model": name, "data": pairs.name, "size": image_size, "seed": seed},
        stage=stage,
        crop=crop if stage == "crops" else None,
        batch_size=batch_size,
        lr=STAGES[stage] if lr is None else lr,
        path=checkpoint,
        made_with=provenance(),
    )
    training.run(deadline, epochs=epochs, evaluate_every=evaluate_every)
    return _write_report(training, base_channels, checkpoint.with_suffix(".json"))


def _load(choice: str, image_size: int) -> CourseData:
    """Load every pair, or as many scenes as a full run has."""
    full = RUN_LEVELS["full"]
    limits = (full.num_train, full.num_val) if choice == "scenes" else (10**6, 10**6)
    run = RunLevel("full", 64, image_size, *limits, batch_size=1, steps=1)
    return course_data(run, choice=choice)


def _write_report(
    training: LongTraining, base_channels: int, path: Path
) -> dict[str, Any]:
    """Write down and return what was reached, with what, and what is published."""
    settings, record = training.settings, training.record
    scores = record["scores"][-1]
    report = {
        **settings,
        "base_channels": base_channels,
        "split": "val",
        **{k: scores[k] for k in ("mean_iou", "pixel_accuracy", "batch_statistics")},
        "epochs": len(record["train_loss"]),
        "minutes": record["training_minutes"],
        "evaluation_minutes": record["evaluation_minutes"],
        "published_on_camvid_test": PUBLISHED.get(settings["model"]),
        "num_train": len(training.pairs.train),
        "num_val": len(training.pairs.val),
        "runs": record["runs"],
        "iou_per_class": scores["iou_per_class"],
        "stages": record["stages"],
        "history": {k: record[k] for k in ("train_loss", "scores")},
    }
    unfinished = path.with_name(f"{path.name}.tmp")
    unfinished.write_text(json.dumps(report, indent=1) + "\n")
    unfinished.replace(path)
    return report
