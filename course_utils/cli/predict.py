"""The command predict."""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn

from course_utils.cli.parser import Commands, add_command
from course_utils.crf import dense_crf
from course_utils.datasets.photographs import SUFFIXES, read_photograph
from course_utils.files import write_colors, write_label_map
from course_utils.labels import LabelSet, colormap
from course_utils.training.evaluation import predict_probs
from course_utils.training.precision import best_device
from course_utils.training.saved_model import ModelSpec, load_model


def predict_pictures(args: argparse.Namespace) -> int:
    """Predict the class of every pixel of a picture, or of a folder of pictures.

    For each NAME there will be NAME.png, a palette image whose pixels are class
    indices, and NAME_color.png to look at, both in the picture's own size. A picture
    that can't be read is named and passed over; the exit status is then 1.
    """
    paths = find_pictures(args.pictures)
    if args.to.resolve() in {path.parent.resolve() for path in paths}:
        raise ValueError(
            f"--to must be another folder than the pictures', got {args.to} for both"
        )
    model, spec = load_model(args.model)
    model.to(best_device())
    args.to.mkdir(parents=True, exist_ok=True)
    num_unreadable = 0
    for path in paths:
        try:
            image = read_photograph(path)
        except (FileNotFoundError, ValueError) as error:
            num_unreadable += 1
            print(f"passed over: {error}")
            continue
        label_map = predict_label_map(model, spec, image, crf=args.crf)
        write_label_map(
            args.to / f"{path.stem}.png", label_map, colormap(spec.label_set)
        )
        write_colors(
            args.to / f"{path.stem}_color.png", label_map, colormap(spec.label_set)
        )
        print(f"{path.name}: {describe_label_map(label_map, spec.label_set)}")
    print(f"written {len(paths) - num_unreadable} of {len(paths)} to {args.to}")
    return int(num_unreadable > 0)


def find_pictures(path: Path) -> list[Path]:
    """List a folder's pictures, or take the one picture.

    Raises:
        FileNotFoundError: there is nothing, or no picture in the folder.
        ValueError: two pictures would be written to one file.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"{path} must be a picture or a folder, got neither")
    found = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
    if not found:
        raise FileNotFoundError(
            f"{path} must hold pictures ({', '.join(SUFFIXES)}), and holds none"
        )
    stems = [p.stem for p in found]
    if double := {stem for stem in stems if stems.count(stem) > 1}:
        raise ValueError(
            f"the names of the pictures must differ in more than their suffix, got "
            f"{min(double)} twice"
        )
    return found


def predict_label_map(
    model: nn.Module, spec: ModelSpec, image: np.ndarray, *, crf: bool
) -> np.ndarray:
    """Predict class indices, uint8, (H, W), of an RGB image, uint8, (H, W, 3)."""
    probs = predict_probs(model, image, image_size=spec.image_size)
    if crf:
        probs = dense_crf(image, probs.to(next(model.parameters()).device))
    return probs.argmax(dim=0).to(torch.uint8).cpu().numpy()


def describe_label_map(label_map: np.ndarray, label_set: LabelSet) -> str:
    """Name the classes of a label map and their shares, the largest first."""
    counts = np.bincount(label_map.ravel(), minlength=label_set.num_classes)
    order = np.argsort(-counts, kind="stable")
    shown = [(label_set.names[k], counts[k] / label_map.size) for k in order]
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in shown if share)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "fcn8s.pt holiday/ --to predictions"
    command = add_command(commands, "predict", predict_pictures, example=example)
    text = "a file that the command train wrote"
    command.add_argument("model", type=Path, metavar="FILE", help=text)
    text = "a picture or a folder of pictures"
    command.add_argument("pictures", type=Path, metavar="PICTURES", help=text)
    text = "the folder to write to (default: predictions)"
    command.add_argument("--to", type=Path, default=Path("predictions"), help=text)
    text = "refine with the dense CRF of DeepLab v1: slower, sharper along color edges"
    command.add_argument("--crf", action="store_true", help=text)
