"""The command predict."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.cli.parser import Commands, add_command, add_trained_model

if TYPE_CHECKING:
    import numpy as np


def _predict_images(args: argparse.Namespace) -> int:
    """Predict the class of every pixel of an image, or of all images in a folder.

    For each NAME two files are written, in the image's own size: NAME.png, a palette
    image whose pixels are class indices, and NAME_color.png to look at. An image that
    can't be read is skipped with a message, and the exit status is then 1.
    """
    from course_utils.crf import dense_crf
    from course_utils.datasets import read_photograph
    from course_utils.files import write_colors, write_label_map
    from course_utils.labels import colormap
    from course_utils.training import best_device, load_model, predict_probs

    paths = _find_images(args.images)
    if args.to.resolve() in {path.parent.resolve() for path in paths}:
        raise ValueError(
            f"--to must be another folder than the images', got {args.to} for both"
        )
    model, spec = load_model(args.model)
    model.to(best_device())
    colors, num_written = colormap(spec.label_set), 0
    for path in paths:
        try:
            image = read_photograph(path)
        except (FileNotFoundError, ValueError) as error:
            print(f"skipped: {error}")
            continue
        probs = predict_probs(model, image, image_size=spec.image_size)
        if args.crf:
            probs = dense_crf(image, probs.to(next(model.parameters()).device))
        label_map = probs.argmax(dim=0).byte().cpu().numpy()
        write_label_map(args.to / f"{path.stem}.png", label_map, colors)
        write_colors(args.to / f"{path.stem}_color.png", label_map, colors)
        print(f"{path.name}: {_describe(label_map, spec.label_set.names)}")
        num_written += 1
    print(f"written {num_written} of {len(paths)} to {args.to}")
    return int(num_written < len(paths))


def _find_images(path: Path) -> list[Path]:
    """List the images of a folder, or the one image; refuse two of one name."""
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


def _describe(label_map: np.ndarray, names: Sequence[str]) -> str:
    """Name the classes of a label map and their shares, the largest first."""
    counts = {name: (label_map == k).sum() for k, name in enumerate(names)}
    order = sorted(filter(counts.get, counts), key=counts.get, reverse=True)
    return ", ".join(f"{n} {100 * counts[n] / label_map.size:.0f} %" for n in order)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "fcn8s.pt holiday/ --to predictions"
    command = add_command(commands, "predict", _predict_images, example=example)
    add_trained_model(command)
    text = "image or folder of images"
    command.add_argument("images", type=Path, metavar="IMAGES", help=text)
    text = "folder to write to (default: predictions)"
    default = Path("predictions")
    command.add_argument("--to", type=Path, default=default, metavar="DIR", help=text)
    text = "refinement with the dense CRF of DeepLab v1: slower, but sharper where the "
    text += "color changes (default: off)"
    command.add_argument("--crf", action="store_true", help=text)
