"""Malformed calls of ``datasets``, ``plots``, ``labels``, ``files`` and ``settings``."""

import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from malformed_calls.values import (
    FOLDER, IMAGE, IMAGES, INF, LABEL_MAP, MAPS, NAN, Nothing, full, net,
)
from PIL import Image
from scene_folder import write_voc_folder
from torch.utils.data import TensorDataset

from course_utils import analysis, datasets, files, labels, plots, settings, training
from course_utils.datasets import download

RUN = settings.RUN_LEVELS["ci"]
PAIRS = TensorDataset(IMAGES, full(2, 32, 32, dtype=torch.uint8))
DATA = {
    "name": "voc",
    "label_set": labels.VOC,
    "train": PAIRS,
    "val": PAIRS,
    "train_sizes": full(2, 2, value=32),
    "val_sizes": full(2, 2, value=32),
}
SCENE = vars(datasets.render_scene(seed=0, size=64))
VOC_FOLDER = write_voc_folder(
    FOLDER / "voc",
    {
        split: {
            f"{split}{k}": (Image.fromarray(IMAGE), Image.fromarray(LABEL_MAP))
            for k in range(2)
        }
        for split in ("train", "val")
    },
)
(FOLDER / "photograph.png").write_bytes(
    (VOC_FOLDER / "JPEGImages" / "train0.jpg").read_bytes()
)
COLORS = labels.colormap()
SUMMARY = analysis.model_summary(net(), (8, 8))
ONE_PICTURE = {"image": IMAGE, "target": LABEL_MAP, "prediction": LABEL_MAP}
PICTURES = {"images": [IMAGE], "targets": [LABEL_MAP]}


def axes():
    return plt.subplots()[1]


def all_pairs(**given):
    data = datasets.SegmentationFolder(**given)
    return [data[k] for k in range(len(data))]


def first_scene(**given):
    return datasets.SceneDataset(**given)[0]


def transformed(images=IMAGES, targets=full(2, 32, 32), **given):
    return datasets.train_transform(**given)(images, targets)


def written(**given):
    with files.write_whole(**given) as file:
        file.write(b"1")


GOOD = {
    "datasets.CourseData": (datasets.CourseData, DATA),
    "datasets.Scene": (datasets.Scene, SCENE),
    "datasets.SceneDataset": (
        first_scene, {"split": "train", "num_scenes": 2, "size": 64}
    ),
    "datasets.SceneObject": (
        datasets.SceneObject,
        {"class_index": 1, "box": (0, 0, 4, 4), "area": 9, "flags": frozenset()},
    ),
    "datasets.SegmentationFolder": (all_pairs, {"root": VOC_FOLDER, "split": "train"}),
    "datasets.course_data": (datasets.course_data, {"run": RUN, "choice": str(VOC_FOLDER)}),
    "datasets.denormalize": (datasets.denormalize, {"images": MAPS}),
    "datasets.draw_switches": (datasets.draw_switches, {"seed": 0}),
    "datasets.eval_transform": (datasets.eval_transform, {}),
    "datasets.eval_transform()": (
        datasets.eval_transform(), {"images": IMAGES, "targets": full(2, 32, 32)}
    ),
    "datasets.read_photograph": (
        datasets.read_photograph, {"path": FOLDER / "photograph.png"}
    ),
    "datasets.render_scene": (datasets.render_scene, {"seed": 0, "size": 64}),
    "datasets.train_transform": (transformed, {"size": 16}),
    "datasets.download.inspect_folder": (download.inspect_folder, {"folder": FOLDER}),
    "datasets.download.download": (
        download.download, {"name": "voc", "root": VOC_FOLDER}
    ),
    "plots.comparison_wall": (
        plots.comparison_wall, {**PICTURES, "predictions": {"net": [LABEL_MAP]}}
    ),
    "plots.draw_architecture": (plots.draw_architecture, {"summary": SUMMARY}),
    "plots.plot_boundary_curve": (
        plots.plot_boundary_curve, {"curves": {"net": [0.5, 0.6]}, "widths": [1, 2]}
    ),
    "plots.plot_history": (
        plots.plot_history, {"history": training.History([1.0], [0.5], [9.0])}
    ),
    "plots.show_errors": (plots.show_errors, ONE_PICTURE),
    "plots.show_pairs": (plots.show_pairs, PICTURES),
    "plots.show_receptive_field": (
        plots.show_receptive_field, {"gradient": np.ones((4, 4)), "title": "net"}
    ),
    "plots.show_with_alt": (plots.show_with_alt, {"axes": axes(), "alt": "a line"}),
    "plots.with_slider": (
        plots.with_slider,
        {"draw": lambda _: axes(), "name": "k", "options": [1, 2], "value": 1},
    ),
    "labels.LabelSet": (labels.LabelSet, vars(labels.CAMVID)),
    "labels.colormap": (labels.colormap, {}),
    "labels.label_map_to_rgb": (labels.label_map_to_rgb, {"label_map": LABEL_MAP}),
    "labels.as_label_map": (
        labels.as_label_map, {"name": "target", "label_map": LABEL_MAP}
    ),
    "files.write_whole": (written, {"path": FOLDER / "whole.bin"}),
    "files.palette_image": (
        files.palette_image, {"label_map": LABEL_MAP, "colors": COLORS}
    ),
    "files.write_label_map": (
        files.write_label_map,
        {"path": FOLDER / "map.png", "label_map": LABEL_MAP, "colors": COLORS},
    ),
    "files.write_colors": (
        files.write_colors,
        {"path": FOLDER / "colors.png", "label_map": LABEL_MAP, "colors": COLORS},
    ),
    "settings.RunLevel": (settings.RunLevel, vars(RUN)),
    "settings.RunLevel.epochs": (RUN.epochs, {"num_batches": 3}),
    "settings.RunLevel.checkpoint": (RUN.checkpoint, {"name": "a"}),
    "settings.run_level": (settings.run_level, {"name": "ci"}),
    "settings.data_choice": (settings.data_choice, {}),
    "settings.data_folder": (settings.data_folder, {"choice": "voc"}),
    "settings.data_name": (settings.data_name, {"choice": "voc"}),
    "settings.variables": (settings.variables, {}),
    "settings.weights_choice": (settings.weights_choice, {}),
    "settings.checkpoint_folder": (settings.checkpoint_folder, {}),
    "settings.results_folder": (settings.results_folder, {}),
    "settings.provenance": (settings.provenance, {}),
}
