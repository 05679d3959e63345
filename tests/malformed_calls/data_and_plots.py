"""Malformed calls of ``datasets``, ``plots``, and the rooms of a single module."""

import os
import shutil
import struct
import zlib
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image
from scene_folder import write_voc_folder
from torch.utils.data import TensorDataset

from course_utils import analysis, datasets, files, labels, plots, settings, training
from course_utils.datasets import download
from malformed_calls.values import (
    FIFO,
    FOLDER,
    IMAGE,
    IMAGES,
    INF,
    LABEL_MAP,
    MAPS,
    NAN,
    TEXT_FILE,
    full,
    net,
)

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
PIPE_FOLDER = FOLDER / "pipes"  # VOC layout, with a pipe in place of a photograph
shutil.copytree(VOC_FOLDER, PIPE_FOLDER)
(PIPE_FOLDER / "JPEGImages" / "train0.jpg").unlink()
os.mkfifo(PIPE_FOLDER / "JPEGImages" / "train0.jpg")
HUGE = FOLDER / "huge.png"  # 200 million pixels, of which none is stored
HUGE.write_bytes(
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (header := struct.pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0))
    + struct.pack(">I", zlib.crc32(b"IHDR" + header))
)
COLORS = labels.colormap()
NO_CLASSES = full(2, 32, 32)
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


def transformed(images=IMAGES, targets=NO_CLASSES, **given):
    return datasets.train_transform(**given)(images, targets)


def written(**given):
    with files.write_whole(**given) as file:
        file.write(b"1")


GOOD = {
    "datasets.CourseData": (datasets.CourseData, DATA),
    "datasets.Scene": (datasets.Scene, SCENE),
    "datasets.SceneDataset": (
        first_scene,
        {"split": "train", "num_scenes": 2, "size": 64},
    ),
    "datasets.SceneObject": (
        datasets.SceneObject,
        {"class_index": 1, "box": (0, 0, 4, 4), "area": 9, "flags": frozenset()},
    ),
    "datasets.SegmentationFolder": (all_pairs, {"root": VOC_FOLDER, "split": "train"}),
    "datasets.course_data": (
        datasets.course_data,
        {"run": RUN, "choice": str(VOC_FOLDER)},
    ),
    "datasets.data_name": (datasets.data_name, {"choice": "voc"}),
    "datasets.load_data": (
        datasets.load_data,
        {"run": RUN, "choice": str(VOC_FOLDER)},
    ),
    "datasets.denormalize": (datasets.denormalize, {"images": MAPS}),
    "datasets.draw_switches": (datasets.draw_switches, {"seed": 0}),
    "datasets.eval_transform": (datasets.eval_transform, {}),
    "datasets.eval_transform()": (
        datasets.eval_transform(),
        {"images": IMAGES, "targets": full(2, 32, 32)},
    ),
    "datasets.read_photograph": (
        datasets.read_photograph,
        {"path": FOLDER / "photograph.png"},
    ),
    "datasets.render_scene": (datasets.render_scene, {"seed": 0, "size": 64}),
    "datasets.train_transform": (transformed, {"size": 16}),
    "datasets.download.inspect_folder": (download.inspect_folder, {"folder": FOLDER}),
    "datasets.download.download": (
        download.download,
        {"name": "voc", "root": VOC_FOLDER},
    ),
    "plots.comparison_wall": (
        plots.comparison_wall,
        {**PICTURES, "predictions": {"net": [LABEL_MAP]}},
    ),
    "plots.draw_architecture": (plots.draw_architecture, {"summary": SUMMARY}),
    "plots.plot_boundary_curve": (
        plots.plot_boundary_curve,
        {"curves": {"net": [0.5, 0.6]}, "widths": [1, 2]},
    ),
    "plots.plot_history": (
        plots.plot_history,
        {"history": training.History([1.0], [0.5], [9.0])},
    ),
    "plots.show_errors": (plots.show_errors, ONE_PICTURE),
    "plots.show_pairs": (plots.show_pairs, PICTURES),
    "plots.show_receptive_field": (
        plots.show_receptive_field,
        {"gradient": np.ones((4, 4)), "title": "net"},
    ),
    "plots.show_with_alt": (plots.show_with_alt, {"axes": axes(), "alt": "a line"}),
    "plots.with_slider": (
        plots.with_slider,
        {"draw": lambda _: axes(), "name": "k", "options": [1, 2], "value": 1},
    ),
    "labels.LabelSet": (labels.LabelSet, vars(labels.CAMVID)),
    "labels.make_label_set": (
        labels.make_label_set,
        {"name": "pets", "names": ["cat", "dog"]},
    ),
    "labels.colormap": (labels.colormap, {}),
    "labels.label_map_to_rgb": (labels.label_map_to_rgb, {"label_map": LABEL_MAP}),
    "labels.as_label_map": (
        labels.as_label_map,
        {"name": "label_map", "label_map": LABEL_MAP},
    ),
    "files.write_whole": (written, {"path": FOLDER / "whole.bin"}),
    "files.palette_image": (
        files.palette_image,
        {"label_map": LABEL_MAP, "colors": COLORS},
    ),
    "files.write_label_map": (
        files.write_label_map,
        {"path": FOLDER / "map.png", "label_map": LABEL_MAP, "colors": COLORS},
    ),
    "settings.RunLevel": (settings.RunLevel, vars(RUN)),
    "settings.RunLevel.epochs": (RUN.epochs, {"num_batches": 3}),
    "settings.RunLevel.checkpoint": (RUN.checkpoint, {"name": "a"}),
    "settings.run_level": (settings.run_level, {"name": "ci"}),
    "settings.data_choice": (settings.data_choice, {}),
    "settings.data_folder": (settings.data_folder, {"choice": "voc"}),
    "settings.variables": (settings.variables, {}),
    "settings.weights_choice": (settings.weights_choice, {}),
    "settings.checkpoint_folder": (settings.checkpoint_folder, {}),
    "settings.results_folder": (settings.results_folder, {}),
    "settings.provenance": (settings.provenance, {}),
}

WHOLE, FLAG = "must be a whole number", "must be True or False"
NO_LABEL_SET = [
    ({"label_set": None}, "label_set must be a LabelSet, got None; such as labels.VOC"),
    ({"label_set": "voc"}, "label_set must be a LabelSet, got 'voc'"),
]
NO_NAME = [
    ({"name": ""}, "name must be a text that is not empty, got ''"),
    ({"name": None}, "name must be a text, got None"),
]
NO_PATH = [
    ({"path": "a.png"}, "path must be a pathlib.Path, got 'a.png'; write Path("),
    ({"path": None}, "path must be a pathlib.Path, got None"),
]
NO_MAP = [
    (
        {"label_map": LABEL_MAP.astype(int)},
        "label_map must be a uint8 array, got int64",
    ),
    ({"label_map": LABEL_MAP[0]}, "label_map must be (H, W), got (8,)"),
    ({"colors": COLORS[:3]}, "colors must be (256, 3), got (3, 3)"),
    ({"colors": COLORS.tolist()}, "colors must be a uint8 array, got"),
]
NO_PICTURES = [
    ({"images": []}, "images must hold at least one image, got none"),
    ({"images": [None]}, "image must be an array of numbers, got None"),
    ({"images": [IMAGE.astype(float)]}, "image must be float in [0, 1], got 90 to 90"),
    ({"images": 3}, "images must be a list or tuple, got 3"),
    ({"targets": [LABEL_MAP] * 2}, "must hold a label map for each of the 1 images"),
    ({"targets": [LABEL_MAP[:4]]}, "must have the image's size"),
    *NO_LABEL_SET,
]
BAD = {
    "datasets.CourseData": [
        *NO_NAME,
        *NO_LABEL_SET,
        ({"train": []}, "train must be a TensorDataset, got an empty list"),
        ({"val_sizes": torch.ones(2, 2)}, "val_sizes must be an integer tensor"),
    ],
    "datasets.Scene": [
        ({"image": IMAGE / 255}, "image must be a uint8 array, got float64 ndarray"),
        ({"target": None}, "target must be a uint8 array, got None"),
        ({"objects": [1]}, "objects[0] must be a SceneObject, got 1"),
    ],
    "datasets.SceneDataset": [
        ({"split": "test"}, "split must be one of ('train', 'val'), got 'test'"),
        ({"split": None}, "split must be one of ('train', 'val'), got None"),
        ({"num_scenes": 0}, "num_scenes must be at least 1, got 0"),
        ({"num_scenes": 1.5}, f"num_scenes {WHOLE}, got 1.5"),
        ({"size": 32}, "size must be an int or (height, width), from 64 to 512"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"transform": 3}, "transform must be a function or None, got 3"),
    ],
    "datasets.SceneObject": [
        ({"class_index": -1}, "class_index must be at least 0, got -1"),
        ({"box": (1, 2)}, "box must be top, left, bottom, right, got (1, 2)"),
        ({"area": 0}, "area must be at least 1, got 0"),
        ({"flags": ["thin"]}, "flags must be a frozenset, got ['thin']"),
    ],
    "datasets.SegmentationFolder": [
        (
            {"root": FOLDER / "gone"},
            "gone must be a folder in VOC layout, and is missing",
        ),
        ({"root": None}, "root must be a text or a pathlib.Path, got None"),
        ({"root": FIFO}, "must be a folder in VOC layout"),
        ({"split": "valid"}, "split must be one of"),
        ({"split": 1}, "split must be one of"),
        ({"split": "test"}, "must list the names of the split, and is missing"),
        ({"transform": "shrink"}, "transform must be a function or None, got 'shrink'"),
        ({"in_memory": 1}, f"in_memory {FLAG}, got 1"),
        ({"root": PIPE_FOLDER}, "can't be read as an image (it is no file)"),
    ],
    "datasets.course_data": [
        ({"run": "ci"}, "run must be a RunLevel, got 'ci'; take settings.run_level()"),
        ({"prefer": "cityscapes"}, "prefer must be one of voc, camvid"),
        ({"choice": str(FOLDER / "gone")}, "gone must exist, but does not"),
        ({"choice": 3}, "choice must be a text or None, got 3"),
    ],
    "datasets.data_name": [
        ({"choice": None}, "choice must be a text, got None"),
        ({"choice": ""}, "choice must be a text that is not empty, got ''"),
    ],
    "datasets.load_data": [
        ({"run": None}, "run must be a RunLevel, got None"),
        ({"prefer": 1}, "prefer must be one of voc, camvid, got 1"),
        ({"choice": str(FOLDER / "gone")}, "gone must exist, but does not"),
    ],
    "datasets.denormalize": [
        ({"images": IMAGES}, "images must be a floating-point tensor, got uint8"),
        ({"images": MAPS[:, :2]}, "images must be (..., 3, H, W), got (2, 2, 4, 4)"),
        ({"images": MAPS * NAN}, "images must be finite, got 96 values"),
    ],
    "datasets.draw_switches": [
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"seed": "0"}, f"seed {WHOLE}, got '0'"),
    ],
    "datasets.eval_transform": [({"size": 3}, "unexpected keyword argument")],
    "datasets.eval_transform()": [
        ({"images": IMAGES.float()}, "images must be uint8"),
        ({"images": IMAGES.numpy()}, "images must be a Tensor, got uint8 ndarray"),
        ({"images": None}, "images must be a Tensor, got None"),
        ({"targets": full(2, 8, 8)}, "must agree in number, height and width"),
        ({"targets": torch.zeros(2, 32, 32)}, "targets integer, got"),
    ],
    "datasets.read_photograph": [
        *NO_PATH,
        ({"path": FIFO}, "can't be read as an image (it is no file)"),
        ({"path": FOLDER}, "can't be read as an image (it is no file)"),
        ({"path": TEXT_FILE}, "can't be read as an image"),
        ({"path": HUGE}, "can't be read as an image"),
        ({"path": FOLDER / "gone.png"}, "No such file"),
    ],
    "datasets.render_scene": [
        ({"seed": True}, f"seed {WHOLE}, got True"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"size": 63}, "from 64 to 512 pixels, got 63"),
        ({"size": (64, 600)}, "from 64 to 512 pixels, got (64, 600)"),
        ({"reflections": None}, f"reflections {FLAG}, got None"),
        ({"context": 1}, f"context {FLAG}, got 1"),
    ],
    "datasets.train_transform": [
        ({"size": 0}, "size must be at least 1, got 0"),
        ({"size": (8, -8)}, "size must be at least 1 high and wide, got (8, -8)"),
        ({"scale": (0, 0)}, "scale[0] must be above 0, got 0"),
        ({"scale": (1.5, 0.75)}, "scale must be two numbers, the smaller first"),
        ({"scale": (1, INF)}, "scale[1] must be finite, got inf"),
        ({"scale": 1.0}, "scale must be a list or tuple, got 1.0"),
        ({"elastic": -1}, "elastic must be at least 0, got -1"),
        ({"color": NAN}, "color must be finite, got nan"),
        ({"color": 2}, "color must be from 0 to 1, got 2"),
        ({"generator": 0}, "generator must be a Generator or None, got 0"),
    ],
    "datasets.download.inspect_folder": [
        ({"folder": "data/voc"}, "folder must be a pathlib.Path, got 'data/voc'"),
        ({"folder": None}, "folder must be a pathlib.Path, got None"),
    ],
    "datasets.download.download": [
        ({"name": "imagenet"}, "name must be one of voc, camvid, got 'imagenet'"),
        ({"name": None}, "name must be one of voc, camvid, got None"),
        ({"root": 3}, "root must be a text or a pathlib.Path or None, got 3"),
        ({"all_pairs": "yes"}, f"all_pairs {FLAG}, got 'yes'"),
    ],
    "plots.comparison_wall": [
        *NO_PICTURES,
        ({"predictions": [LABEL_MAP]}, "predictions must be a dict, got"),
        ({"predictions": {"net": []}}, "net must hold a label map for each"),
        ({"predictions": {"net": [LABEL_MAP / 2]}}, "net must hold integer class"),
    ],
    "plots.draw_architecture": [
        ({"summary": net()}, "summary must be a ModelSummary, got a Sequential"),
        ({"here": "fc6"}, "here must be one of ['0', '1'], got 'fc6'"),
        ({"here": 0}, "here must be a text or None, got 0"),
        ({"ax": 1}, "ax must be an Axes or None, got 1"),
    ],
    "plots.plot_boundary_curve": [
        ({"curves": {}}, "curves must be at least 1 long"),
        ({"curves": {"net": [0.5]}}, "net must have a value for each of the 2 widths"),
        ({"curves": {"net": [50, 60]}}, "net must be proportions from 0 to 1, got 50"),
        ({"curves": [0.5, 0.6]}, "curves must be a dict, got [0.5, 0.6]"),
        ({"widths": (0, 1)}, "widths[0] must be above 0, got 0"),
    ],
    "plots.plot_history": [
        ({"history": None}, "history must be a History, or several by name, got None"),
        ({"history": {}}, "history must be at least 1 long"),
        ({"history": training.History()}, "must have at least one epoch, got none"),
        (
            {"history": training.History([1.0], [50.0])},
            "proportions from 0 to 1, got 50",
        ),
        (
            {"history": training.History([1.0], [])},
            "a mean IoU for each of its 1 epochs",
        ),
        ({"history": {"unet": 1}}, "history['unet'] must be a History"),
    ],
    "plots.show_errors": [
        ({"image": IMAGE[0]}, "image must be RGB, (H, W, 3) or (3, H, W), got (8, 3)"),
        ({"image": IMAGE * np.float32(NAN)}, "image must be float in [0, 1], got nan"),
        ({"image": "cat.jpg"}, "image must be an array of numbers, got 'cat.jpg'"),
        ({"target": LABEL_MAP - 1.0}, "target must hold integer class indices"),
        ({"target": LABEL_MAP[:4]}, "target must have the image's size"),
        ({"prediction": None}, "prediction must be an array of numbers, got None"),
        ({"prediction": [[1], [1, 2]]}, "prediction must be an array of numbers"),
        *NO_LABEL_SET,
    ],
    "plots.show_pairs": [
        *NO_PICTURES,
        ({"num_columns": 0}, "num_columns must be at least 1, got 0"),
    ],
    "plots.show_receptive_field": [
        (
            {"gradient": np.zeros((4, 4))},
            "gradient must be finite and not 0 everywhere",
        ),
        ({"gradient": np.ones((3, 4, 4))}, "gradient must be (H, W), got (3, 4, 4)"),
        ({"gradient": None}, "gradient must be an array of numbers, got None"),
        ({"mass_side": 0}, "mass_side must be above 0, got 0"),
        (
            {"theoretical_box": (4, 4, 0, 0)},
            "top, left, bottom and right, in this order",
        ),
        ({"theoretical_box": (0, 0, NAN, 4)}, "theoretical_box[2] must be finite"),
        ({"title": None}, "title must be a text, got None"),
    ],
    "plots.show_with_alt": [
        ({"alt": " "}, "alt must say what the figure shows, got an empty text"),
        ({"alt": None}, "alt must be a text, got None"),
        ({"axes": None}, "axes must be axes of a figure, got None"),
        ({"axes": []}, "axes must be axes of a figure, got an empty list"),
    ],
    "plots.with_slider": [
        ({"value": 3}, "value must be one of [1, 2], got 3"),
        ({"options": []}, "options must be at least 1 long"),
        ({"draw": None}, "draw must be a function, got None"),
        (
            {"draw": lambda _: None},
            "what draw returns must be axes of a figure, got None",
        ),
        ({"name": 1}, "name must be a text, got 1"),
    ],
    "labels.LabelSet": [
        *NO_NAME,
        ({"names": ()}, "a label set must have 1 to 255 classes, got 0"),
        ({"names": "cat"}, "names must be a list or tuple, got 'cat'"),
        ({"names": ("cat",)}, "every class must have a color, got 11 for 1 classes"),
        ({"void_color": (0, 0, 256)}, "a color must be three integers from 0 to 255"),
        ({"void_color": (0, 0)}, "a color must be three integers from 0 to 255"),
        ({"colors": ((0.5, 0, 0),) * 11}, f"colors[0][0] {WHOLE}, got 0.5"),
    ],
    "labels.make_label_set": [
        *NO_NAME,
        ({"names": []}, "a label set must have 1 to 255 classes, got 0"),
        ({"names": ["cat", "cat"]}, "every class must have a name of its own"),
        ({"names": ["cat", 3]}, "names[1] must be a text, got 3"),
        ({"colors": [(0, 0, 0)]}, "every class must have a color, got 1 for 2"),
        ({"void_color": "white"}, "void_color must be a list or tuple or None"),
    ],
    "labels.colormap": NO_LABEL_SET,
    "labels.label_map_to_rgb": [
        *NO_LABEL_SET,
        ({"label_map": LABEL_MAP / 2}, "label_map must hold integer class indices"),
        ({"label_map": LABEL_MAP.astype(int) - 1}, "values from 0 to 255, got -1"),
        ({"label_map": [[1], [1, 2]]}, "label_map must be an array of class indices"),
    ],
    "labels.as_label_map": [
        ({"label_map": LABEL_MAP[None]}, "label_map must be (H, W), got (1, 8, 8)"),
        ({"label_map": None}, "label_map must hold integer class indices, got object"),
        ({"name": 3}, "name must be a text, got 3"),
    ],
    "files.write_whole": NO_PATH,
    "files.palette_image": NO_MAP,
    "files.write_label_map": [*NO_PATH, *NO_MAP],
    "settings.RunLevel": [
        *NO_NAME,
        ({"base_channels": 0}, "base_channels must be at least 1, got 0"),
        ({"image_size": 64.0}, f"image_size {WHOLE}, got 64.0"),
        ({"num_val": 0}, "num_val must be at least 1, got 0"),
        ({"batch_size": -8}, "batch_size must be at least 1, got -8"),
        ({"steps": NAN}, f"steps {WHOLE}, got nan"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
    ],
    "settings.RunLevel.epochs": [
        ({"num_batches": 0}, "num_batches must be at least 1, got 0"),
    ],
    "settings.RunLevel.checkpoint": NO_NAME,
    "settings.run_level": [
        ({"name": "huge"}, "the run level must be one of ci, laptop, full, got 'huge'"),
        ({"name": 1}, "name must be a text or None, got 1"),
    ],
    "settings.data_choice": [
        ({"prefer": "scene"}, "prefer must be one of voc, camvid, got 'scene'"),
    ],
    "settings.data_folder": [
        ({"choice": ""}, "choice must be a text that is not empty, got ''"),
        ({"choice": Path("voc")}, "choice must be a text, got PosixPath('voc')"),
    ],
    "settings.variables": [({"name": "a"}, "unexpected keyword argument")],
    "settings.weights_choice": [({"name": "a"}, "unexpected keyword argument")],
    "settings.checkpoint_folder": [({"name": "a"}, "unexpected keyword argument")],
    "settings.results_folder": [({"name": "a"}, "unexpected keyword argument")],
    "settings.provenance": [({"name": "a"}, "unexpected keyword argument")],
}
