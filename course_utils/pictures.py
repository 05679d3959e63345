"""Predict the classes of a picture of any size, and write label maps as files."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from torch import Tensor, nn

from course_utils.devices import autocast
from course_utils.labels import LabelSet, colormap, label_map_to_rgb
from course_utils.transforms import eval_transform

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
SMALLEST = 32  # side that every model takes, pixels
_LARGEST = 64_000_000  # pixels; more is no photograph


def open_photograph(path: Path) -> np.ndarray:
    """Read a picture upright, RGB, uint8, (H, W, 3).

    Raises:
        ValueError: it is no picture, damaged, or absurdly large.
    """
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > _LARGEST:
                raise ValueError(f"it has {picture.width}×{picture.height} pixels")
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} can't be read as a picture ({error})") from error


@torch.no_grad()
def predict_probs(model: nn.Module, image: np.ndarray, *, image_size: int) -> Tensor:
    """Predict the probability of each class at each pixel.

    Args:
        model: in eval mode, on any device.
        image: RGB, uint8, (H, W, 3).
        image_size: the longer side is scaled to it for the model, pixels.

    Returns:
        Float32, (C, H, W), on the CPU.
    """
    device = next(model.parameters()).device
    height, width = image.shape[:2]
    scale = image_size / max(height, width)
    size = max(1, round(height * scale)), max(1, round(width * scale))
    pixels = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].to(device)
    pixels = F.interpolate(pixels.float(), size, mode="bilinear", antialias=True)
    pixels = pixels.round().clamp(0, 255).to(torch.uint8)
    normalized, _ = eval_transform()(pixels, pixels[:, 0])
    # Of a panorama, the short side: padding is 0 once normalized, as in training
    padding = [0, max(0, SMALLEST - size[1]), 0, max(0, SMALLEST - size[0])]
    normalized = F.pad(normalized, padding)
    with autocast(device):
        logits = model(normalized.contiguous(memory_format=torch.channels_last))
    logits = logits.float()[..., : size[0], : size[1]]
    logits = F.interpolate(logits, (height, width), mode="bilinear")
    return logits[0].softmax(dim=0).cpu()


def write_label_map(path: Path, label_map: np.ndarray, label_set: LabelSet) -> None:
    """Write class indices, uint8, (H, W), as a palette PNG with the classes' colors."""
    picture = Image.fromarray(label_map)
    picture.putpalette(colormap(label_set).tobytes())
    picture.save(path, "PNG")


def write_colors(path: Path, label_map: np.ndarray, label_set: LabelSet) -> None:
    """Write class indices, uint8, (H, W), as an RGB PNG in the classes' colors."""
    Image.fromarray(label_map_to_rgb(label_map, label_set)).save(path, "PNG")


def describe_label_map(label_map: np.ndarray, label_set: LabelSet) -> str:
    """Name the classes of a label map and their shares, the largest first."""
    counts = np.bincount(label_map.ravel(), minlength=label_set.num_classes)
    order = np.argsort(-counts, kind="stable")
    shown = [(label_set.names[k], counts[k] / label_map.size) for k in order]
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in shown if share)
