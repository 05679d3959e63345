"""Small values that a call works with, and values that fit nowhere."""

import math
import os
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

NAN, INF = math.nan, math.inf
_KEPT = tempfile.TemporaryDirectory(prefix="malformed-")  # until the tests end
FOLDER = Path(_KEPT.name)
FIFO, TEXT_FILE = FOLDER / "pipe", FOLDER / "notes.txt"
os.mkfifo(FIFO)
TEXT_FILE.write_text("not what it should be")


class Nothing:
    """An object that fits no argument."""


def net(num_classes=3, in_channels=3):
    return nn.Sequential(
        nn.Conv2d(in_channels, 4, 3, padding=1), nn.Conv2d(4, num_classes, 1)
    )


def full(*shape, value=0, dtype=torch.int64):
    return torch.full(shape, value, dtype=dtype)


TARGETS = torch.tensor([[[0, 1, 2, 2], [0, 1, 255, 2]]] * 2)  # (2, 2, 4)
TARGET = TARGETS[0]
MAPS = torch.linspace(-1, 1, 2 * 3 * 4 * 4).view(2, 3, 4, 4)
IMAGES = full(2, 3, 32, 32, value=90, dtype=torch.uint8)
IMAGE = np.full((8, 8, 3), 90, dtype=np.uint8)
MASK = np.eye(8, dtype=bool)
LABEL_MAP = np.eye(8, dtype=np.uint8)
PROBS = torch.full((6, 2), 0.5)
FEATURES = torch.arange(12.0).view(6, 2)
