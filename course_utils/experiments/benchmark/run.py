"""Train every model under one protocol, and write down what was found."""

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from course_utils.datasets.course import CourseData
from course_utils.experiments import claims as results
from course_utils.experiments.benchmark.measure import (
    inference_costs,
    predict_with_crf,
    quality,
    training_costs,
)
from course_utils.experiments.benchmark.store import (
    Entry,
    add_entries,
    check_settings,
    file_of,
)
from course_utils.experiments.benchmark.stored import SHOWN_SEED, Wall, load_wall
from course_utils.experiments.benchmark.systems import (
    CRF,
    MODELS,
    System,
    crf_position_std,
    make_net,
    systems_of,
)
from course_utils.experiments.benchmark.training import train_net, trainings_of
from course_utils.experiments.protocol import Trained, TrainingProtocol
from course_utils.files import write_label_map
from course_utils.labels import colormap
from course_utils.models.create import stands_on_vgg16
from course_utils.settings import RunLevel, provenance


def run_wall(
    run: RunLevel,
    data: CourseData,
    *,
    models: Sequence[str] = MODELS,
    seeds: Sequence[int] = (0,),
    weights: str | None = None,
    again: bool = False,
    folder: Path | None = None,
) -> Wall:
    """Train models with some seeds, measure them, and store what was found.

    Results are written after every model and seed. What is there is not trained again,
    and an interrupted training of more than a minute goes on from its checkpoint.
    Processes can share the work if each has seeds of its own.

    Args:
        run: the run level; its seed is not used.
        data: what to train and validate on.
        models: of ``MODELS``. DeepLab v1 is scored with a dense CRF, too.
        seeds: of the trainings.
        weights: what VGG16 starts from, as ``vgg16.choose_weights`` returns it.
        again: train anew what is there, too.
        folder: where to write, as for ``load_wall``.

    Returns:
        Everything that is stored now.

    Raises:
        ValueError: a model is unknown, a seed is negative, or what is stored was made
            with other settings.
        RuntimeError: the GPU's memory is too small.
    """
    check_wanted(models, seeds)
    files = folder or results.RESULTS
    settings = _settings(run, data, weights)
    for seed in dict.fromkeys(seeds):
        path = file_of(files, run.name, data.name, seed)
        protocols = _protocols(replace(run, seed=seed), data, weights)
        for model in dict.fromkeys(models):
            wall = load_wall(run.name, data.name, folder=folder)
            stored = file_of(files, run.name, data.name, "*")
            check_settings(stored, wall.settings or settings, settings)
            wall = replace(wall, settings=settings)
            if not again and _is_there(wall, model, seed):
                print(f"{model}, seed {seed}: stored before")
                continue
            protocol = protocols[stands_on_vgg16(model)]
            start = weights if stands_on_vgg16(model) else None
            checkpoints = [protocol.checkpoint(name) for name in trainings_of(model)]
            if again:
                _remove(checkpoints)
            started = time.monotonic()
            found = _measure(protocol, model, start, wall)
            add_entries(path, {"seed": seed, "settings": settings}, found)
            _remove(checkpoints)  # up to a gigabyte, of no more use
            print(f"{model}, seed {seed}: {time.monotonic() - started:.0f} s in all")
    return load_wall(run.name, data.name, folder=folder)


def check_wanted(models: Sequence[str], seeds: Sequence[int]) -> None:
    """Refuse models and seeds that there are not.

    Raises:
        ValueError: a model is unknown, a seed is negative, or there are no seeds.
    """
    if unknown := [model for model in models if model not in MODELS]:
        raise ValueError(
            f"models must be some of {', '.join(MODELS)}, got {unknown[0]!r}"
        )
    if not seeds or min(seeds) < 0:
        raise ValueError(f"seeds must be one or more numbers from 0 up, got {seeds}")


def _settings(run: RunLevel, data: CourseData, weights: str | None) -> dict[str, Any]:
    """Name what must be equal for all that hangs on one wall."""
    size = tuple(data.val.tensors[1].shape[-2:])
    return {
        "base_channels": run.base_channels,
        "image_size": run.image_size,
        "num_train": len(data.train),
        "num_val": len(data.val),
        "batch_size": run.batch_size,
        "steps": run.steps,
        "weights": "none" if weights is None else Path(weights).name,
        "crf": {**CRF, "position_std": crf_position_std(size)},
    }


def _protocols(
    run: RunLevel, data: CourseData, weights: str | None
) -> dict[bool, TrainingProtocol]:
    """Make the protocol of the nets that start at random, and of VGG16's."""
    scratch = TrainingProtocol("07", run, data)
    if weights is None:
        return {False: scratch, True: scratch}
    trained = TrainingProtocol("07", run, data, weights)
    trained.boundary_distance = scratch.boundary_distance  # measured once
    return {False: scratch, True: trained}


def _remove(checkpoints: Sequence[Path | None]) -> None:
    for checkpoint in checkpoints:
        if checkpoint is not None:
            checkpoint.unlink(missing_ok=True)


def _is_there(wall: Wall, model: str, seed: int) -> bool:
    """Tell whether nothing of a model and seed is missing."""
    systems, stored = systems_of(model), wall.seeds.get(seed, {})
    pictures = [
        wall.picture(system, index)
        for system in systems
        for index in (wall.shown if seed == SHOWN_SEED else ())
    ]
    return all(system.key in stored for system in systems) and all(
        picture.is_file() for picture in pictures
    )


def _measure(
    protocol: TrainingProtocol, model: str, weights: str | None, wall: Wall
) -> dict[str, Entry]:
    """Train a net, measure its systems, and write the predictions that are kept."""
    run, data = protocol.run, protocol.data
    num_classes = data.label_set.num_classes
    make = partial(make_net, model, num_classes, run.base_channels, weights)
    trained = train_net(protocol, model, make)
    found = {}
    for system in systems_of(model):
        found[system.key] = _entry(protocol, trained, system, wall)
        scores = (100 * found[system.key][k] for k in ("mean_iou", "boundary_iou"))
        print(
            "{}, seed {}: mean IoU {:.1f} %, boundary IoU {:.1f} %".format(
                system.title, run.seed, *scores
            )
        )
    return found


def _entry(
    protocol: TrainingProtocol, trained: Trained, system: System, wall: Wall
) -> Entry:
    """Measure a system; keep its predictions of the scenes on the wall."""
    data, prediction = protocol.data, trained.prediction
    if system.has_crf:
        prediction = predict_with_crf(trained.model, data)
    if protocol.run.seed == SHOWN_SEED:
        for index in wall.shown:
            path = wall.picture(system, index)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_label_map(path, prediction[index].numpy(), colormap(data.label_set))
    images_an_epoch = len(protocol.train_batches) * protocol.run.batch_size
    picture = data.val.tensors[0][0]
    return {
        **quality(protocol, prediction),
        **training_costs(trained.history, images_an_epoch),
        "history": {
            name: values
            for name, values in asdict(trained.history).items()
            if name in ("train_loss", "mean_iou")
        },
        "start": protocol.start,
        "costs": inference_costs(trained.model, picture, has_crf=system.has_crf),
        **provenance(),
    }
