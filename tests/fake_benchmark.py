"""Made-up results of the benchmark, to test what is shown of them."""

import math

import numpy as np

from course_utils.experiments.benchmark.store import (
    SHOWN_SEED,
    add_entries,
    file_of,
    load_benchmark,
)
from course_utils.experiments.benchmark.systems import SYSTEMS
from course_utils.files import write_label_map
from course_utils.labels import VOC, colormap

SETTINGS = {
    "base_channels": 64,
    "image_size": 64,
    "num_train": 8,
    "num_val": 4,
    "batch_size": 2,
    "steps": 4,
    "weights": "none",
    "crf": {},
}
COSTS = {  # parameters, multiply-adds, output stride, field
    "fcn32s": (134.4e6, 35e9, 32, 404),
    "fcn16s": (134.4e6, 35e9, 16, 404),
    "fcn8s": (134.4e6, 35.1e9, 8, 404),
    "deconvnet": (251.8e6, 47e9, 1, 776),
    "segnet": (29.5e6, 41e9, 1, 392),
    "unet": (31.0e6, 48e9, 1, 200),
    "fc_densenet56": (1.4e6, 12e9, 1, 848),
    "deeplab_v1": (20.5e6, 32e9, 8, 435),
    "deeplab_v1_crf": (20.5e6, 32e9, 1, math.nan),
    "dilatednet": (134.4e6, 148e9, 8, 908),
}


def fake_entry(system, rng):
    parameters, work, stride, field = COSTS[system.key]
    mean_iou = rng.uniform(0.4, 0.75)
    recall = np.sort(rng.uniform(0.1, 0.95, 6)).tolist()
    return {
        "mean_iou": mean_iou,
        "boundary_iou": 0.75 * mean_iou,
        "recall": recall,
        "num_objects": [9, 40, 60, 50, 20, 5],
        "inconsistency": rng.uniform(0.02, 0.15),
        "large": 70,
        "found": 65,
        "images_per_second": rng.uniform(200, 900),
        "peak_memory": int(rng.uniform(3, 30) * 2**30),
        "minutes": rng.uniform(0.2, 1.5),
        "history": {"train_loss": [2.0, 1.0], "mean_iou": [0.1, mean_iou]},
        "start": "scratch",
        "costs": {
            "parameters": parameters,
            "multiply_adds": work,
            "inference_memory": 50 * 2**20,
            "output_stride": stride,
            "receptive_field": field,
            "latency": rng.uniform(0.002, 0.03),
        },
        "commit": "made up",
        "device": "nowhere",
        "torch": "0.0",
        "python": "3.x",
    }


def fake_prediction(target, system, rng):
    """Repeat every so many pixels of a target, and let some classes be mistaken."""
    step = max(2, COSTS[system.key][2])
    rows, columns = (np.arange(side) // step * step for side in target.shape)
    coarse = target[rows][:, columns]
    coarse = np.where(coarse == 255, 0, coarse)
    mistaken = rng.permutation(21)[:3]
    return np.where(np.isin(coarse, mistaken), 15, coarse).astype(np.uint8)


def write_fake_benchmark(
    folder, *, level="full", data="scenes", seeds=(0,), systems=SYSTEMS, **settings
):
    """Write made-up results and predictions; return the benchmark they make."""
    settings = SETTINGS | settings
    for seed in seeds:
        rng = np.random.default_rng(seed)
        entries = {system.key: fake_entry(system, rng) for system in systems}
        path = file_of(folder, level, data, seed)
        add_entries(path, seed, settings, entries)
    benchmark = load_benchmark(level, data, folder=folder)
    if SHOWN_SEED in seeds:
        rng = np.random.default_rng(0)
        for index, target in zip(benchmark.shown, benchmark.scenes[1], strict=True):
            for system in systems:
                path = benchmark.prediction_file(system, index)
                prediction = fake_prediction(target, system, rng)
                write_label_map(path, prediction, colormap(VOC))
    return benchmark
