"""Draw many scenes at once."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from course_utils.datasets.scenes.scene import Scene, render_scene


class _Scenes(Dataset):
    """Scenes, each drawn with arguments of its own."""

    def __init__(self, arguments: Sequence[dict[str, Any]]) -> None:
        self.arguments = arguments

    def __len__(self) -> int:
        return len(self.arguments)

    def __getitem__(self, k: int) -> Scene:
        return render_scene(**self.arguments[k])


def draw_scenes(arguments: Sequence[dict[str, Any]]) -> list[Scene]:
    """Draw scenes with ``render_scene``; on Linux, many are drawn with all cores.

    Args:
        arguments: Arguments of each scene.
    """
    is_many = sys.platform == "linux" and len(arguments) > 100
    workers = min(16, len(os.sched_getaffinity(0))) if is_many else 0
    own = torch.Generator()  # leaves torch's global generator as it was
    return list(
        DataLoader(_Scenes(arguments), None, num_workers=workers, generator=own)
    )


def stack_scenes(scenes: Sequence[Scene]) -> TensorDataset:
    """Make pairs (image, target) of scenes: uint8, (3, H, W) and uint8, (H, W)."""
    images = [torch.from_numpy(scene.image).permute(2, 0, 1) for scene in scenes]
    targets = [torch.from_numpy(scene.target) for scene in scenes]
    return TensorDataset(torch.stack(images).contiguous(), torch.stack(targets))
