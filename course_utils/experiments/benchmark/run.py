"""Train every model under one protocol, and store what was measured."""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from torch import Tensor

from course_utils.arguments import (
    FLAG,
    NAME,
    PATH,
    PATH_OR_TEXT,
    a,
    checked,
    each,
    optional,
    whole,
)
from course_utils.datasets.course import CourseData
from course_utils.experiments.benchmark.measure import (
    inference_costs,
    predict_with_crf,
    quality,
    training_costs,
)
from course_utils.experiments.benchmark.store import (
    SHOWN_SEED,
    Benchmark,
    Entry,
    add_entries,
    file_of,
    load_benchmark,
)
from course_utils.experiments.benchmark.systems import (
    CRF,
    MODELS,
    System,
    crf_position_std,
    make_net,
    systems_of,
)
from course_utils.experiments.claims import evidence
from course_utils.experiments.protocol import Trained, TrainingProtocol
from course_utils.files import keep_result, plan_outputs, write_label_map
from course_utils.labels import colormap
from course_utils.models.create import stands_on_vgg16
from course_utils.settings import RunLevel, provenance

_CHOICE = {"models": each(NAME), "seeds": each(whole(), least=0)}


@checked(
    **_CHOICE,
    run=a("RunLevel"),
    data=a("CourseData"),
    weights=optional(PATH_OR_TEXT),
    again=FLAG,
    folder=optional(PATH),
)
def run_benchmark(
    run: RunLevel,
    data: CourseData,
    *,
    models: Sequence[str] = MODELS,
    seeds: Sequence[int] = (0,),
    weights: str | None = None,
    again: bool = False,
    folder: Path | None = None,
) -> Benchmark:
    """Train models with several seeds, measure them, and store the results.

    Results are written after every model and seed. What is stored is not trained again,
    and an interrupted training of more than a minute resumes from its checkpoint.
    Several processes can share the work if each has its own seeds.

    Args:
        run: Run level; its seed is not used.
        data: Data to train and validate on.
        models: Nets to train, from ``MODELS``. DeepLab v1 is also scored with a dense
            CRF.
        seeds: Seeds of the trainings.
        weights: Weights VGG16 starts from, as ``vgg16.choose_weights`` returns them.
        again: Whether to train anew what is already stored.
        folder: Folder to write to, as for ``load_benchmark``.

    Returns:
        Everything that is stored now.

    Raises:
        ValueError: A model is unknown, a seed is negative, or the stored results were
            made with other settings.
        RuntimeError: The GPU has too little memory.
    """
    check_choice(models, seeds)
    folder = evidence.RESULTS if folder is None else folder
    settings = _settings(run, data, weights)
    files = [file_of(folder, run.name, data.name, s) for s in dict.fromkeys(seeds)]
    plan_outputs(files, replaced=files)  # load_benchmark refuses those of others
    for seed in dict.fromkeys(seeds):
        for model in dict.fromkeys(models):
            stored = load_benchmark(
                run.name, data.name, folder=folder, settings=settings
            )
            if not again and _is_stored(stored, model, seed):
                print(f"{model}, seed {seed}: already stored")
                continue
            start = weights if stands_on_vgg16(model) else None
            protocol = TrainingProtocol("07", replace(run, seed=seed), data, start)
            checkpoint = protocol.checkpoint(systems_of(model)[0].title)
            if again and checkpoint is not None:
                checkpoint.unlink(missing_ok=True)
            started = time.monotonic()
            entries = _train_and_measure(protocol, model, start, stored)
            path = file_of(folder, run.name, data.name, seed)
            add = partial(add_entries, seed=seed, settings=settings, entries=entries)
            keep_result(path, add)
            if checkpoint is not None:
                checkpoint.unlink(missing_ok=True)  # up to a gigabyte, not needed now
            print(f"{model}, seed {seed}: {time.monotonic() - started:.0f} s in all")
    return load_benchmark(run.name, data.name, folder=folder)


@checked(**_CHOICE)
def check_choice(models: Sequence[str], seeds: Sequence[int]) -> None:
    """Refuse unknown models and impossible seeds.

    Raises:
        ValueError: A model is unknown, a seed is negative, or there are no seeds.
    """
    if unknown := [model for model in models if model not in MODELS]:
        raise ValueError(
            f"models must be some of {', '.join(MODELS)}, got {unknown[0]!r}"
        )
    if len(seeds) == 0 or min(seeds) < 0:
        raise ValueError(f"seeds must be one or more numbers from 0 up, got {seeds}")


def _settings(run: RunLevel, data: CourseData, weights: str | None) -> dict[str, Any]:
    """Name what must be equal in all trainings that are compared."""
    size = tuple(data.val.tensors[1].shape[-2:])
    return {
        "base_channels": run.base_channels,
        "image_size": run.image_size,
        "num_train": len(data.train),
        "num_val": len(data.val),
        "batch_size": run.batch_size,
        "steps": run.steps,
        **TrainingProtocol(None, run, data, weights).recipe,
        "weights": "none" if weights is None else Path(weights).name,
        "crf": {**CRF, "position_std": crf_position_std(size)},
    }


def _is_stored(stored: Benchmark, model: str, seed: int) -> bool:
    """Tell whether all figures and predictions of a model and seed are there."""
    systems = systems_of(model)
    shown = stored.shown if seed == SHOWN_SEED else ()
    files = [stored.prediction_file(system, k) for system in systems for k in shown]
    keys = {system.key for system in systems}
    return keys <= stored.seeds.get(seed, {}).keys() and all(
        file.is_file() for file in files
    )


def _train_and_measure(
    protocol: TrainingProtocol, model: str, weights: str | None, stored: Benchmark
) -> dict[str, Entry]:
    """Train a net and measure its systems; write the predictions that are kept."""
    run, num_classes = protocol.run, protocol.data.label_set.num_classes
    make = partial(make_net, model, num_classes, run.base_channels, weights)
    systems = systems_of(model)
    trained = protocol.train(systems[0].title, make)
    entries = {}
    for system in systems:
        prediction = trained.prediction
        if system.has_crf:
            prediction = predict_with_crf(trained.model, protocol.data)
        if run.seed == SHOWN_SEED:
            for index in stored.shown:
                path = stored.prediction_file(system, index)
                colors = colormap(protocol.data.label_set)
                write_label_map(path, prediction[index].numpy(), colors)
        entry = entries[system.key] = _measure(protocol, trained, system, prediction)
        print(
            f"{system.title}, seed {run.seed}: mean IoU {100 * entry['mean_iou']:.1f} "
            f"%, boundary IoU {100 * entry['boundary_iou']:.1f} %"
        )
    return entries


def _measure(
    protocol: TrainingProtocol, trained: Trained, system: System, prediction: Tensor
) -> Entry:
    """Collect all figures of a system."""
    history, image = trained.history, protocol.data.val.tensors[0][0]
    return {
        **quality(protocol, prediction),
        **training_costs(history),
        "history": {"train_loss": history.train_loss, "mean_iou": history.mean_iou},
        "start": protocol.start,
        "costs": inference_costs(trained.model, image, has_crf=system.has_crf),
        **provenance(),
    }
