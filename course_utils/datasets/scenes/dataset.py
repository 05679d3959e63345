"""Scenes as a data set, drawn when they are read."""

from collections.abc import Callable
from random import Random
from typing import Any

from PIL import Image
from torch.utils.data import Dataset

from course_utils.arguments import FUNCTION, checked, optional, whole
from course_utils.datasets.scenes.canvas import check_size
from course_utils.datasets.scenes.scene import Scene, render_scene
from course_utils.files import palette_image
from course_utils.labels import colormap

_SPLITS = ("train", "val")
_SWITCH_PROBABILITIES = {
    "texture_twins": 0.16,
    "reflections": 0.14,
    "scale_ladder": 0.2,
    "thin_structures": 0.45,
    "camouflage": 0.2,
    "context": 0.14,
}
"""Proportion of scenes that show each phenomenon, independently of the others."""


@checked(seed=whole(0))
def draw_switches(seed: int) -> dict[str, bool]:
    """Choose the switches of ``render_scene`` for the scene with this seed."""
    rng = Random(f"{seed} switches")
    return {name: rng.random() < p for name, p in _SWITCH_PROBABILITIES.items()}


class SceneDataset(Dataset):
    """Scenes with all phenomena, each drawn from its own seed.

    An item is ``(image, target)``: an RGB and a palette image of one size, both PIL, or
    what ``transform(image, target)`` returns. A scene is drawn each time it is read.

    Args:
        split: Name of the split, "train" or "val"; they have no scene in common.
        num_scenes: Number of scenes, at least 1.
        size: Side of the images, or (H, W), 64 to 512 pixels each.
        seed: Seed of the data set, at least 0.
        transform: Function of an image and its target; its result is the item.

    Raises:
        ValueError: The split is unknown, or a number is out of range.
    """

    @checked(num_scenes=whole(1), seed=whole(0), transform=optional(FUNCTION))
    def __init__(
        self,
        split: str,
        num_scenes: int,
        *,
        size: int | tuple[int, int],
        seed: int = 0,
        transform: Callable[[Image.Image, Image.Image], Any] | None = None,
    ) -> None:
        if not isinstance(split, str) or split not in _SPLITS:
            raise ValueError(f"split must be one of {_SPLITS}, got {split!r}")
        self.size, self.transform = check_size(size), transform
        self.split, self.num_scenes, self.seed = split, num_scenes, seed

    def __len__(self) -> int:
        """Return the number of scenes."""
        return self.num_scenes

    def scene_seed(self, index: int) -> int:
        """Return the seed of one scene: even for train, odd for val."""
        if not 0 <= index < self.num_scenes:
            raise IndexError(
                f"index must be from 0 to {self.num_scenes - 1}, got {index}"
            )
        return (self.seed << 32) + 2 * index + _SPLITS.index(self.split)

    @checked(index=whole())
    def scene(self, index: int) -> Scene:
        """Draw one scene, with its objects."""
        seed = self.scene_seed(index)
        return render_scene(seed=seed, size=self.size, **draw_switches(seed))

    def __getitem__(self, index: int) -> Any:
        """Draw one scene; return its pair, transformed if there is a transform."""
        scene = self.scene(index)
        image = Image.fromarray(scene.image)
        target = palette_image(scene.target, colormap())
        return self.transform(image, target) if self.transform else (image, target)
