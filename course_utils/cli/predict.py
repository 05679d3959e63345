"""The command predict."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.cli.parser import Commands, add_command, add_trained_model

if TYPE_CHECKING:
    import numpy as np
    from torch import nn

    from course_utils.labels import LabelSet
    from course_utils.training.saved_model import Recipe


def predict_images(args: argparse.Namespace) -> int:
    """Predict the class of every pixel of an image, or of all images in a folder.

    For each NAME two files are written, in the image's own size: NAME.png, a palette
    image whose pixels are class indices, and NAME_color.png to look at. An image that
    can't be read is skipped with a message, and the exit status is then 1.
    """
    import torch

    from course_utils.datasets.photographs import read_photograph
    from course_utils.files import write_colors, write_label_map
    from course_utils.labels import colormap
    from course_utils.training import load_model

    paths = find_images(args.images)
    if args.to.resolve() in {path.parent.resolve() for path in paths}:
        raise ValueError(
            f"--to must be another folder than the images', got {args.to} for both"
        )
    model, recipe = load_model(args.model)
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    colors = colormap(recipe.label_set)
    num_unreadable = 0
    for path in paths:
        try:
            image = read_photograph(path)
        except ValueError as error:
            num_unreadable += 1
            print(f"skipped: {error}")
            continue
        label_map = predict_label_map(model, recipe, image, crf=args.crf)
        write_label_map(args.to / f"{path.stem}.png", label_map, colors)
        write_colors(args.to / f"{path.stem}_color.png", label_map, colors)
        print(f"{path.name}: {describe_label_map(label_map, recipe.label_set)}")
    print(f"written {len(paths) - num_unreadable} of {len(paths)} to {args.to}")
    return int(num_unreadable > 0)


def find_images(path: Path) -> list[Path]:
    """List the images of a folder, or the one image.

    Raises:
        FileNotFoundError: There is nothing, or no image in the folder.
        ValueError: Two predictions would be written to one file.
    """
    from course_utils.datasets.photographs import SUFFIXES

    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"{path} must be an image or a folder, got neither")
    found = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
    if not found:
        raise FileNotFoundError(
            f"{path} must hold images ({', '.join(SUFFIXES)}), got none"
        )
    stems = [p.stem for p in found]
    if double := {stem for stem in stems if stems.count(stem) > 1}:
        raise ValueError(
            f"the names of the images must differ in more than their suffix, got "
            f"{min(double)} twice; rename one"
        )
    return found


def predict_label_map(
    model: nn.Module, recipe: Recipe, image: np.ndarray, *, crf: bool
) -> np.ndarray:
    """Predict class indices, uint8, (H, W), of an RGB image, uint8, (H, W, 3)."""
    from course_utils.crf import dense_crf
    from course_utils.training.evaluation import predict_probs

    probs = predict_probs(model, image, image_size=recipe.image_size)
    if crf:
        probs = dense_crf(image, probs.to(next(model.parameters()).device))
    return probs.argmax(dim=0).byte().cpu().numpy()


def describe_label_map(label_map: np.ndarray, label_set: LabelSet) -> str:
    """Name the classes of a label map and their shares, the largest first."""
    import numpy as np

    counts = np.bincount(label_map.ravel(), minlength=label_set.num_classes)
    order = np.argsort(-counts, kind="stable")
    shown = [(label_set.names[k], counts[k] / label_map.size) for k in order]
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in shown if share)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "fcn8s.pt holiday/ --to predictions"
    command = add_command(commands, "predict", predict_images, example=example)
    add_trained_model(command)
    text = "image or folder of images"
    command.add_argument("images", type=Path, metavar="IMAGES", help=text)
    text = "folder to write to (default: predictions)"
    default = Path("predictions")
    command.add_argument("--to", type=Path, default=default, metavar="DIR", help=text)
    text = "refinement with the dense CRF of DeepLab v1: slower, but sharper where the "
    text += "color changes (default: off)"
    command.add_argument("--crf", action="store_true", help=text)
