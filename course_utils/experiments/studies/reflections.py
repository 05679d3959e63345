"""Reflections: a bicycle in a bus, with positive controls and without its lesson.

14 % of the training scenes hold a bus that mirrors a bicycle, labeled as bus: a net can
learn that such a bicycle is none. So FCN-8s is trained once on these scenes ("with
reflections") and once on scenes of which none has any ("without"), for 2N steps. And a
paste that no net takes for a bicycle tells nothing, unless the same paste is found
where a bicycle may stand. Whole bicycles of validation scenes are cut out and pasted,
mirrored, into large vehicles, and as large and opaque onto the ground. Notebook 01
pasted them with the box around them, and had no such control.

Figures, for either net: how many of the pasted pixels become bicycle "in a bus, opacity
0.5", "shuffled in a bus, opacity 0.5" (their 4×4 blocks), "in a bus, opaque", "on the
ground, opaque"; "drawn in a bus", the reflections of the validation scenes; and "real",
the validation scenes' own bicycles.

"A reflected bicycle is taken for a bicycle" holds if: of the net without reflections,
"in a bus, opacity 0.5" is above 5 % and twice "shuffled", or "drawn in a bus" above
5 %. Refuted if neither, though "on the ground, opaque" is found at half the proportion
of "real" or more. Where that control is not found either, it can't be tested. "The net
has learned not to" holds if: "drawn in a bus" is lower with reflections by 5 points or
more.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor, nn
from torch.utils.data import TensorDataset

from course_utils.analysis.interventions.reflection import paste_reflection
from course_utils.datasets.course import CourseData
from course_utils.datasets.scenes.dataset import SceneDataset, draw_switches
from course_utils.experiments.studies.drawing import draw_scenes, stack_scenes
from course_utils.experiments.studies.skips import make_fcn
from course_utils.experiments.studies.trial import Trial
from course_utils.labels import VOC
from course_utils.training.evaluation import predict

NETS = ("with reflections", "without")
_PROPORTION = 0.95
"""Part of the widest circle inside a host that a paste may fill."""
_MOST_SOURCES = 10
BICYCLE = VOC.names.index("bicycle")
_VEHICLES = tuple(VOC.names.index(name) for name in ("bus", "train", "car"))

_Region = tuple[int, np.ndarray]  # number of an image, and a mask (H, W) in it
_Paste = tuple[np.ndarray, np.ndarray]  # an image (H, W, 3), and a mask (H, W) in it


def measure(trial: Trial) -> None:
    """Train FCN-8s on either kind of scenes, and count what becomes bicycle."""
    steps = trial.durations["2N steps"]
    tests: dict[str, tuple[Tensor, Tensor]] = {}
    for name in NETS:
        if trial.is_stored(f"{name}: real"):
            continue
        make, kept = make_fcn(trial, "FCN-8s"), "FCN-8s"
        data = None
        if name == "without":
            kept, data = "FCN-8s without reflections", without_reflections(trial)
        net = trial.train(kept, make, steps, data=data, keep=True)
        tests = tests or make_tests(trial)
        shares = {
            test: share_of_bicycle(net.model, *pair) for test, pair in tests.items()
        }
        trial.store_scores(name, net)
        trial.store({f"{name}: {test}": share for test, share in shares.items()})


def without_reflections(trial: Trial) -> CourseData:
    """Draw the training scenes anew that hold a reflection, now without."""
    images, targets = (tensor.clone() for tensor in trial.data.train.tensors)
    numbers, arguments = reflecting(trial, "train", len(images))
    without = [{**one, "reflections": False} for one in arguments]
    if numbers:
        images[numbers], targets[numbers] = stack_scenes(draw_scenes(without)).tensors
    return replace(trial.data, train=TensorDataset(images, targets))


def reflecting(
    trial: Trial, split: str, number: int
) -> tuple[list[int], list[dict[str, Any]]]:
    """Find the scenes of a split that hold a reflection.

    Returns:
        Their numbers, and the arguments with which ``render_scene`` draws them.
    """
    scenes = SceneDataset(split, number, size=trial.run.image_size)
    seeds = {k: scenes.scene_seed(k) for k in range(number)}
    numbers = [k for k, seed in seeds.items() if draw_switches(seed)["reflections"]]
    return numbers, [
        {"seed": seeds[k], "size": trial.run.image_size, **draw_switches(seeds[k])}
        for k in numbers
    ]


def make_tests(trial: Trial) -> dict[str, tuple[Tensor, Tensor]]:
    """Make the images of all tests.

    Returns:
        By test: images, uint8, (N, 3, H, W), and masks of the pixels that count, (N, H,
        W); both are empty where the scenes show nothing fit for it.
    """
    images, targets = trial.data.val.tensors
    sources = cut_bicycles(images, targets)
    radius = trial.run.image_size / 8
    vehicles = largest_regions(targets, _VEHICLES)
    hosts = [(k, mask) for k, mask in vehicles if depth_of(mask).max() >= radius]
    grounds = find_grounds(targets, hosts)
    shuffled = [shuffle_blocks(source, trial.run.seed) for source in sources]
    pastes = {
        "in a bus, opacity 0.5": paste_all(images, hosts, sources, 0.5),
        "shuffled in a bus, opacity 0.5": paste_all(images, hosts, shuffled, 0.5),
        "in a bus, opaque": paste_all(images, hosts, sources, 1.0),
        "on the ground, opaque": paste_all(images, grounds, sources, 1.0),
        "drawn in a bus": drawn_reflections(trial),
        "real": [
            (_to_numpy(images[k]), (targets[k] == BICYCLE).numpy())
            for k in range(len(images))
            if (targets[k] == BICYCLE).any()
        ],
    }
    return {test: _stack(pairs, images) for test, pairs in pastes.items()}


def _stack(pastes: list[_Paste], images: Tensor) -> tuple[Tensor, Tensor]:
    if not pastes:
        return images[:0], torch.zeros(0, *images.shape[-2:], dtype=torch.bool)
    stacked = torch.stack(
        [torch.from_numpy(image).permute(2, 0, 1) for image, _ in pastes]
    )
    return stacked, torch.from_numpy(np.stack([mask for _, mask in pastes]))


def share_of_bicycle(net: nn.Module, images: Tensor, masks: Tensor) -> float:
    """Count which share of the masked pixels is predicted as bicycle; nan of none."""
    if not masks.any():
        return math.nan
    return float((predict(net, images) == BICYCLE)[masks].double().mean())


def cut_bicycles(images: Tensor, targets: Tensor) -> list[_Paste]:
    """Cut out the smallest bicycles that are whole, each as its box and its mask."""
    cut = []
    for k, mask in largest_regions(targets, (BICYCLE,)):
        ((rows, columns),) = ndimage.find_objects(mask.astype(np.uint8))
        height, width = rows.stop - rows.start, columns.stop - columns.start
        is_inside = columns.start > 0 and columns.stop < mask.shape[1]
        if is_inside and 1.65 < width / height < 1.85:  # most whole ones
            cut.append((_to_numpy(images[k])[rows, columns], mask[rows, columns]))
    return sorted(cut, key=lambda one: one[1].size)[:_MOST_SOURCES]


def _to_numpy(image: Tensor) -> np.ndarray:
    return image.permute(1, 2, 0).numpy()


def largest_regions(targets: Tensor, class_indices: tuple[int, ...]) -> list[_Region]:
    """Find the largest region of each of some classes in each target (N, H, W)."""
    found = []
    for k, target in enumerate(targets.numpy()):
        for class_index in class_indices:
            regions, number = ndimage.label(target == class_index, np.ones((3, 3)))
            if number:
                largest = np.bincount(regions.ravel())[1:].argmax() + 1
                found.append((k, regions == largest))
    return found


def depth_of(mask: np.ndarray) -> np.ndarray:
    """Measure how far each pixel of a mask is from what is outside, pixels."""
    return ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]


def find_grounds(targets: Tensor, hosts: list[_Region]) -> list[_Region]:
    """Find for each host a disc of ground in which a paste comes out as large.

    The disc lies in the lower half of an image, where background is widest. It is the
    first image, from the host's own on, that has room; a host without any is left out.
    """
    lower = targets.numpy() == 0
    lower[:, : lower.shape[1] // 2] = False
    depths = [depth_of(ground) for ground in lower]
    found = []
    for k, host in hosts:
        radius = depth_of(host).max()
        order = [(k + step) % len(depths) for step in range(len(depths))]
        roomy = next((j for j in order if depths[j].max() >= radius), None)
        if roomy is not None:
            found.append((roomy, _disc_at_deepest(depths[roomy], radius)))
    return found


def _disc_at_deepest(depth: np.ndarray, radius: float) -> np.ndarray:
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    rows, columns = np.ogrid[: depth.shape[0], : depth.shape[1]]
    return (rows - row) ** 2 + (columns - column) ** 2 < radius**2


def shuffle_blocks(paste: _Paste, seed: int, side: int = 4) -> _Paste:
    """Shuffle the side×side blocks of a picture and its mask; the rest stays."""
    picture, mask = paste
    layers = np.concatenate([picture, mask[..., None].astype(np.uint8)], axis=2)
    height, width = (n // side * side for n in mask.shape)
    blocks = layers[:height, :width].reshape(height // side, side, -1, side, 4)
    blocks = blocks.transpose(0, 2, 1, 3, 4)
    flat = np.random.default_rng(seed).permutation(blocks.reshape(-1, side, side, 4))
    mixed = flat.reshape(blocks.shape).transpose(0, 2, 1, 3, 4)
    layers[:height, :width] = mixed.reshape(height, width, 4)
    return layers[..., :3], layers[..., 3] > 0


def paste_all(
    images: Tensor, hosts: list[_Region], sources: list[_Paste], opacity: float
) -> list[_Paste]:
    """Paste the sources, one after the other, into the hosts.

    Returns:
        For each host, the image, and the mask of what was pasted.
    """
    pastes = []
    for number, (k, host) in enumerate(hosts if sources else []):
        picture, mask = sources[number % len(sources)]
        options = {"opacity": opacity, "proportion": _PROPORTION}
        image = _to_numpy(images[k])
        pastes.append(paste_reflection(image, host, picture, mask, **options))
    return pastes


def drawn_reflections(trial: Trial) -> list[_Paste]:
    """Draw the validation scenes with a reflection, and the mask of its bicycle."""
    _, arguments = reflecting(trial, "val", len(trial.data.val))
    return [(scene.image, scene.reflection) for scene in draw_scenes(arguments)]
