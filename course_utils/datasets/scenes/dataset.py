"""Scenes as a data set, drawn when they are asked for or written to disk."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from torch.utils.data import Dataset

from course_utils.datasets.scenes.canvas import check_size
from course_utils.datasets.scenes.scene import Scene, render_scene
from course_utils.files import palette_image
from course_utils.labels import colormap

SPLITS = ("train", "val")
SWITCH_PROBABILITIES = {
    "texture_twins": 0.16,
    "reflections": 0.14,
    "scale_ladder": 0.2,
    "thin_structures": 0.45,
    "camouflage": 0.2,
    "context": 0.14,
}
"""How often each phenomenon is on in a data set, independently of the others."""


def draw_switches(seed: int) -> dict[str, bool]:
    """Draw the switches of ``render_scene`` for the scene with this seed."""
    rng = Random(f"{seed} switches")
    return {name: rng.random() < p for name, p in SWITCH_PROBABILITIES.items()}


class SceneDataset(Dataset):
    """Scenes that hold all phenomena, each drawn from its own seed.

    An item is ``(image, target)``: an RGB and a palette image of one size, both PIL, or
    what ``transform(image, target)`` makes of them. Nothing is kept: a scene is drawn
    each time it is asked for.

    Args:
        split: "train" or "val"; the two have no scene in common.
        num_scenes: how many.
        size: side of the images, or (H, W), 64 to 512 pixels each.
        seed: of the data set, at least 0.
        transform: takes and returns ``(image, target)``.

    Raises:
        ValueError: an argument is not one of these.
    """

    def __init__(
        self,
        split: str,
        num_scenes: int,
        *,
        size: int | tuple[int, int],
        seed: int = 0,
        transform: Callable[[Image.Image, Image.Image], Any] | None = None,
    ) -> None:
        if split not in SPLITS:
            raise ValueError(f"split must be one of {SPLITS}, got {split!r}")
        if num_scenes < 1 or seed < 0:
            raise ValueError(
                "num_scenes must be at least 1 and seed at least 0, got "
                f"{num_scenes} and {seed}; every seed gives other scenes"
            )
        self.size, self.transform = check_size(size), transform
        self.split, self.num_scenes, self.seed = split, num_scenes, seed

    def __len__(self) -> int:
        """Return the number of scenes."""
        return self.num_scenes

    def scene_seed(self, index: int) -> int:
        """Seed of one scene: even for train, odd for val."""
        if not 0 <= index < self.num_scenes:
            raise IndexError(
                f"index must be from 0 to {self.num_scenes - 1}, got {index}"
            )
        return (self.seed << 32) + 2 * index + SPLITS.index(self.split)

    def scene(self, index: int) -> Scene:
        """Draw one scene with all that is known about it."""
        seed = self.scene_seed(index)
        return render_scene(seed=seed, size=self.size, **draw_switches(seed))

    def __getitem__(self, index: int) -> Any:
        """Draw one scene; return ``(image, target)``, transformed if asked for."""
        scene = self.scene(index)
        image = Image.fromarray(scene.image)
        target = palette_image(scene.target, colormap())
        return self.transform(image, target) if self.transform else (image, target)


def _write_split(root: Path, dataset: SceneDataset) -> list[str]:
    """Write the pairs of one split and its list of ids; return the ids."""
    ids = [f"{dataset.split}_{index:05d}" for index in range(len(dataset))]
    for index, name in enumerate(ids):
        image, target = dataset[index]
        image.save(root / "JPEGImages" / f"{name}.jpg", quality=95, subsampling=0)
        target.save(root / "SegmentationClass" / f"{name}.png")
    lists = root / "ImageSets" / "Segmentation"
    (lists / f"{dataset.split}.txt").write_text("\n".join(ids) + "\n")
    return ids


def write_scenes(
    root: str | Path,
    *,
    num_train: int,
    num_val: int,
    size: int | tuple[int, int],
    seed: int = 0,
) -> None:
    """Write scenes to a folder in VOC layout: all of it or, on an error, nothing.

    Images are JPEG as in VOC (quality 95), targets are palette PNG and exact.

    Args:
        root: folder to make; it must not exist or be empty.
        num_train: scenes of the split "train".
        num_val: scenes of the split "val".
        size: side of the images, or (H, W), 64 to 512 pixels each.
        seed: of the data set.

    Raises:
        FileExistsError: ``root`` is a file or holds something already.
        ValueError: as ``SceneDataset`` does.
    """
    root, counts = Path(root), {"train": num_train, "val": num_val}
    datasets = [SceneDataset(s, n, size=size, seed=seed) for s, n in counts.items()]
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise FileExistsError(
            f"root must not exist or be an empty folder, got {root}, which holds "
            "something; choose another folder or remove this one"
        )
    root.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    try:
        for folder in ("JPEGImages", "SegmentationClass", "ImageSets/Segmentation"):
            (draft / folder).mkdir(parents=True)
        ids = [name for dataset in datasets for name in _write_split(draft, dataset)]
        lists = draft / "ImageSets" / "Segmentation"
        (lists / "trainval.txt").write_text("\n".join(ids) + "\n")
        draft.chmod(0o755)  # mkdtemp lets nobody else in
        draft.replace(root)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
