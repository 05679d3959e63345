"""Where images and targets come from, and how they are changed together.

``course_data`` loads the data of a run: photographs or drawn scenes.
"""

from course_utils.datasets.class_files import data_name
from course_utils.datasets.course import CourseData, course_data, load_data
from course_utils.datasets.folder import SegmentationFolder
from course_utils.datasets.photographs import read_photograph, scale_photograph
from course_utils.datasets.scenes.dataset import SceneDataset, draw_switches
from course_utils.datasets.scenes.scene import Scene, SceneObject, render_scene
from course_utils.datasets.transforms import (
    denormalize,
    eval_transform,
    train_transform,
)

__all__ = [
    "CourseData",
    "Scene",
    "SceneDataset",
    "SceneObject",
    "SegmentationFolder",
    "course_data",
    "data_name",
    "denormalize",
    "draw_switches",
    "eval_transform",
    "load_data",
    "read_photograph",
    "render_scene",
    "scale_photograph",
    "train_transform",
]
