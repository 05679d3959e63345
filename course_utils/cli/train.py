"""The command train."""

import argparse
import contextlib
import os
from dataclasses import replace
from pathlib import Path

from torch import nn

from course_utils.cli.parser import Commands, add_command
from course_utils.datasets.course import course_data
from course_utils.experiments.protocol import TrainingProtocol
from course_utils.models.create import MODEL_NAMES
from course_utils.models.vgg16 import choose_weights
from course_utils.settings import COURSE_ROOT, RunLevel, run_level
from course_utils.training.loop import set_seed
from course_utils.training.saved_model import ModelSpec, save_model

_RUN = ("steps", "batch_size", "image_size", "base_channels", "seed")


def train(args: argparse.Namespace) -> None:
    """Train a model by the course's protocol, and save it.

    COURSE_RUN, COURSE_DATA and COURSE_WEIGHTS choose as in the notebooks. Interrupted
    and started again, a training of more than a minute goes on where it was. On several
    GPUs: accelerate launch -m course_utils train ...
    """
    is_main = os.environ.get("RANK", "0") == "0"  # of several processes, one prints
    with contextlib.ExitStack() as stack:
        if not is_main:
            nowhere = stack.enter_context(Path(os.devnull).open("w"))
            stack.enter_context(contextlib.redirect_stdout(nowhere))
        run = _chosen_run(args)
        path = args.to or _default_path(args.model, run)
        if path.exists():
            raise FileExistsError(
                f"{path} must not exist yet; delete it, or choose another --to"
            )
        _train(args, run, path, is_main=is_main)


def _chosen_run(args: argparse.Namespace) -> RunLevel:
    chosen = {name: getattr(args, name) for name in _RUN}
    run = replace(run_level(), **{k: v for k, v in chosen.items() if v is not None})
    if run.image_size % 32 or run.image_size < 64:
        raise ValueError(
            "image_size must be a multiple of 32, at least 64 pixels, got "
            f"{run.image_size}"
        )
    wrong = [n for n in ("steps", "batch_size", "base_channels") if vars(run)[n] < 1]
    if wrong:
        raise ValueError(f"{wrong[0]} must be at least 1, got {vars(run)[wrong[0]]}")
    return run


def _default_path(model: str, run: RunLevel) -> Path:
    folder = os.environ.get("COURSE_CHECKPOINTS") or COURSE_ROOT / "checkpoints"
    folder = Path(folder).expanduser()
    return folder / f"trained_{model}_{run.name}_seed{run.seed}.pt"


def _train(
    args: argparse.Namespace, run: RunLevel, path: Path, *, is_main: bool
) -> None:
    data = course_data(run)
    classes, width, size = data.label_set.name, run.base_channels, run.image_size
    spec = ModelSpec(args.model, classes, width, True, size, data.name)
    model, weights = _make(spec, run)
    unfinished = path.with_name(f"{path.stem}.unfinished.pt")
    protocol = TrainingProtocol("cli", run, data, weights)
    history = protocol.fit(model, args.model, lr=args.lr, checkpoint=unfinished)
    if is_main:
        save_model(path, model, spec, history)
        unfinished.unlink(missing_ok=True)
        print(f"mean IoU on val: {100 * history.mean_iou[-1]:.1f} %; written {path}")


def _make(spec: ModelSpec, run: RunLevel) -> tuple[nn.Module, str | None]:
    """Make the model, from VGG16's weights if they are wanted and fit."""
    weights = choose_weights(run.base_channels)
    set_seed(run.seed)
    try:
        return spec.make(weights), weights
    except ValueError as error:
        if weights is None or os.environ.get("COURSE_WEIGHTS"):
            raise
        print(f"weights: none after all ({error})")
    set_seed(run.seed)
    return spec.make(), None


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "fcn8s --steps 600 --to fcn8s.pt"
    command = add_command(commands, "train", train, example=example)
    text = f"one of {', '.join(MODEL_NAMES)}"
    command.add_argument("model", choices=MODEL_NAMES, metavar="MODEL", help=text)
    text = "the file to write (default: in checkpoints/ of the course)"
    command.add_argument("--to", type=Path, metavar="FILE", help=text)
    command.add_argument("--lr", type=float, help="largest learning rate")
    for name, text in (
        ("steps", "optimizer steps; several GPUs share them"),
        ("batch_size", "images a step, on each GPU"),
        ("image_size", "longer side of the images, pixels"),
        ("base_channels", "width of the first stage; the papers' is 64"),
        ("seed", "of all random numbers"),
    ):
        flag = f"--{name.replace('_', '-')}"
        text += " (default: the run level's)"
        command.add_argument(flag, type=int, metavar="N", help=text)
