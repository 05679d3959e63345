"""The command predict."""

from __future__ import annotations

import argparse
import errno
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.cli.parser import (
    Commands,
    add_command,
    add_trained_model,
    require_file,
)
from course_utils.cli.terminal import printable

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor, nn

_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
"""As ``datasets.photographs`` has them; importing them from there takes seconds."""
_RAW = "is a camera's raw file; export it as JPEG"
_NOT_READ = {
    **dict.fromkeys((".heic", ".heif"), "can't be read here; export it as JPEG"),
    ".gif": "may hold many pictures; save the one you mean as PNG",
    **dict.fromkeys((".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2"), _RAW),
}
"""Kinds of pictures that are passed over, and why."""
_LONGEST_NAME = 255  # bytes, on nearly every file system
_CRF_SIDE = 500
"""Longest side for the dense CRF, pixels: its lengths suit VOC's photographs."""
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def _predict_images(args: argparse.Namespace) -> int:
    """Predict the class of every pixel of images, or of all images in folders.

    For each NAME two files are written, in the image's own size: NAME.png, a palette
    image whose pixels are class indices, and NAME_color.png to look at. No file is
    overwritten. An image that can't be read is skipped with a message, and the exit
    status is then 1.
    """
    require_file(args.model)
    images, passed_over = _find_images(args.images)
    outputs = _plan(images, args)
    predict = _make_predictor(args)
    num_written = 0
    for path, (indices, in_colors) in outputs.items():
        try:
            predict(path, indices, in_colors)
            num_written += 1
        except Exception as error:  # one image must not end the folder
            if getattr(error, "errno", None) in _NO_SPACE:
                raise OSError(
                    f"{args.to} can't be written to ({error.strerror}); written "
                    f"{num_written} of {len(outputs)}"
                ) from None
            print(f"skipped: {_reason(path, error)}")
    for reason, number in passed_over.items():
        print(f"skipped: {number} × {reason}")
    total = len(images) + sum(passed_over.values())
    print(f"written {num_written} of {total} to {printable(args.to)}")
    return int(num_written < total)


def _find_images(arguments: Sequence[Path]) -> tuple[list[Path], Counter[str]]:
    """List the images, each once, and count those of kinds that are passed over."""
    found: dict[str, Path] = {}
    for argument in arguments:
        if argument.is_file():
            paths = [argument]
        elif argument.is_dir():
            paths = [p for p in sorted(argument.iterdir()) if _is_image(p)]
            if not paths:
                raise FileNotFoundError(
                    f"{argument} must hold images ({', '.join(_SUFFIXES)}), got none"
                )
        else:
            raise FileNotFoundError(
                f"{argument} must be an image or a folder, got neither"
            )
        found |= {os.path.realpath(path): path for path in paths}
    problems = {path: _problem_of(path) for path in found.values()}
    images = [path for path, problem in problems.items() if problem is None]
    return images, Counter(filter(None, problems.values()))


def _is_image(path: Path) -> bool:
    """Tell whether a file of a folder is an image, by its name.

    Files that begin with "._" hold what macOS notes of others. A link that leads
    nowhere counts, so that it is named; a folder or a pipe does not.
    """
    is_known = path.suffix.lower() in (*_SUFFIXES, *_NOT_READ)
    is_file = path.is_file() or not path.exists()
    return is_known and is_file and not path.name.startswith("._")


def _problem_of(path: Path) -> str | None:
    suffix = path.suffix.lower()
    if suffix in _NOT_READ:
        return f"{suffix.removeprefix('.').upper()}, which {_NOT_READ[suffix]}"
    if len(os.fsencode(f"{path.stem}_color.png")) > _LONGEST_NAME:
        return "an image whose name leaves no room for _color.png; rename it"
    return None


def _plan(
    images: Sequence[Path], args: argparse.Namespace
) -> dict[Path, tuple[Path, Path]]:
    """Name the two outputs of every image, and require that none takes a file's place.

    Raises:
        ValueError: Two outputs are one file, or lie among the images.
        FileExistsError: An output is there already.
    """
    from course_utils.files import plan_outputs

    if args.to.resolve() in {path.parent.resolve() for path in images}:
        raise ValueError(
            f"--to must be another folder than the images', got {args.to} for both"
        )
    outputs = {
        path: (args.to / f"{path.stem}.png", args.to / f"{path.stem}_color.png")
        for path in images
    }
    plan_outputs(
        [output for pair in outputs.values() for output in pair],
        origins=[path for path in images for _ in range(2)],
        sources=[args.model, *images],
    )
    return outputs


def _make_predictor(
    args: argparse.Namespace,
) -> Callable[[Path, Path, Path], None]:
    """Load the model; return the function that predicts an image and writes it."""
    from course_utils.datasets import read_photograph
    from course_utils.files import write_indices_and_colors
    from course_utils.labels import colormap
    from course_utils.training import best_device, load_model, predict_label_map

    model, spec = load_model(args.model)
    model.to(best_device())
    colors, predict = colormap(spec.label_set), predict_label_map
    if args.crf:
        predict = _predict_with_crf

    def write(path: Path, indices: Path, in_colors: Path) -> None:
        image = read_photograph(path)
        label_map = predict(model, image, image_size=spec.image_size).numpy()
        write_indices_and_colors(indices, in_colors, label_map, colors)
        shares = _describe(label_map, spec.label_set.names)
        print(f"{printable(path.name)}: {shares}")

    return write


def _predict_with_crf(
    model: nn.Module, image: np.ndarray, *, image_size: int
) -> Tensor:
    """Refine the probabilities at a size that the dense CRF is made for."""
    import numpy as np

    from course_utils.crf import dense_crf
    from course_utils.datasets import scale_photograph
    from course_utils.training import enlarged_argmax, predict_probs

    size = image.shape[:2]
    if max(size) > _CRF_SIDE:
        image = scale_photograph(image, _CRF_SIDE)
    probs = predict_probs(model, image, image_size=image_size)
    if image.max() <= 1:  # all but black; dense_crf would take it for one in [0, 1]
        image = np.zeros_like(image)
    probs = dense_crf(image, probs.to(next(model.parameters()).device))
    return enlarged_argmax(probs, size)


def _reason(path: Path, error: Exception) -> str:
    """Say in one line why an image was skipped; most errors name it themselves."""
    shown = printable(path)
    text = str(error).replace(str(path), shown).partition("\n")[0]
    if isinstance(error, MemoryError):
        text = "it needs more memory than there is"
    return printable(text if shown in text else f"{shown}: {text}")


def _describe(label_map: np.ndarray, names: Sequence[str]) -> str:
    """Name the classes of a label map and their shares, the largest first."""
    counts = {name: (label_map == k).sum() for k, name in enumerate(names)}
    order = sorted(filter(counts.get, counts), key=counts.get, reverse=True)
    return ", ".join(f"{n} {100 * counts[n] / label_map.size:.0f} %" for n in order)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "fcn8s.pt holiday/ portrait.jpg --to predictions"
    command = add_command(commands, "predict", _predict_images, example=example)
    add_trained_model(command)
    text = "images, or folders of images"
    command.add_argument("images", type=Path, nargs="+", metavar="IMAGES", help=text)
    text = "folder to write to (default: predictions)"
    default = Path("predictions")
    command.add_argument("--to", type=Path, default=default, metavar="DIR", help=text)
    text = "refinement with the dense CRF of DeepLab v1: slower, but sharper where the "
    text += f"color changes; larger images are refined at {_CRF_SIDE} pixels "
    text += "(default: off)"
    command.add_argument("--crf", action="store_true", help=text)
