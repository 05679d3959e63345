"""The command train."""

from __future__ import annotations

import argparse
import contextlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.arguments import whole
from course_utils.cli.parser import (
    COUNT,
    RATE,
    SEED,
    Commands,
    add_command,
    add_model_name,
    following,
)
from course_utils.settings import (
    RunLevel,
    checkpoint_folder,
    run_level,
    weights_choice,
)

if TYPE_CHECKING:
    from torch import nn

    from course_utils.training import ModelSpec

_SIZES = {  # attribute of the run level: help
    "steps": "optimizer steps, shared by all GPUs",
    "batch_size": "images per step, on each GPU",
    "image_size": "longer side of the images, pixels",
    "base_channels": "width of the first stage; 64 in the papers",
    "seed": "seed of all random numbers",
}

_IMAGE_SIZE = whole(64).also("a multiple of 32", lambda size: size % 32 == 0)


def train(args: argparse.Namespace) -> None:
    """Train a model as the notebooks do, and save it.

    COURSE_RUN, COURSE_DATA and COURSE_WEIGHTS work as in the notebooks. An interrupted
    training resumes when the same command is run again; checkpoints are written about
    once a minute. On several GPUs: accelerate launch -m course_utils train ...
    """
    is_main = os.environ.get("RANK", "0") == "0"  # of several processes, one prints
    with contextlib.ExitStack() as stack:
        if not is_main:
            nowhere = stack.enter_context(Path(os.devnull).open("w"))
            stack.enter_context(contextlib.redirect_stdout(nowhere))
        if args.to is not None:
            _plan(args.to)  # before torch is imported, which takes seconds
        run = _chosen_run(args)
        name = f"trained_{args.model}_{run.name}_seed{run.seed}.pt"
        path = args.to or checkpoint_folder() / name
        unfinished = _plan(path)
        _train(args, run, path, unfinished, is_main=is_main)


def _plan(path: Path) -> Path:
    """Require that nothing has the model's name; name the checkpoint beside it."""
    from course_utils.files import plan_outputs

    unfinished = path.with_name(f"{path.stem}.unfinished.pt")
    plan_outputs([path, unfinished], replaced=[unfinished])  # fit refuses another's
    return unfinished


def _chosen_run(args: argparse.Namespace) -> RunLevel:
    chosen = {name: getattr(args, name) for name in _SIZES}
    return replace(run_level(), **{k: v for k, v in chosen.items() if v is not None})


def _train(
    args: argparse.Namespace,
    run: RunLevel,
    path: Path,
    unfinished: Path,
    *,
    is_main: bool,
) -> None:
    from course_utils.datasets import course_data
    from course_utils.experiments import TrainingProtocol
    from course_utils.files import keep_result, plan_outputs
    from course_utils.training import ModelSpec, save_model

    data = course_data(run)
    width, size = run.base_channels, run.image_size
    spec = ModelSpec(args.model, data.label_set, width, True, size, data.name)
    model, weights = _make(spec, run)
    protocol = TrainingProtocol("cli", run, data, weights, lr=args.lr)
    history = protocol.fit(model, args.model, checkpoint=unfinished)
    if is_main:

        def save(place: Path) -> None:
            plan_outputs([place])  # nor has anything got its name in the meantime
            save_model(place, model, spec, history)

        keep_result(path, save)
        unfinished.unlink(missing_ok=True)
        print(f"mean IoU on val: {100 * history.mean_iou[-1]:.1f} %; written {path}")


def _make(spec: ModelSpec, run: RunLevel) -> tuple[nn.Module, str | None]:
    """Make the model, from VGG16's weights where they fit and nobody says otherwise."""
    from course_utils.models import choose_weights
    from course_utils.models.create import stands_on_vgg16
    from course_utils.training import set_seed

    weights = choose_weights(run.base_channels)
    if weights and not (weights_choice() or stands_on_vgg16(spec.name)):
        print(f"weights: none after all, {spec.name} has no convolutions of VGG16")
        weights = None
    set_seed(run.seed)
    return spec.make(weights), weights


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "fcn8s --steps 600 --to fcn8s.pt"
    command = add_command(commands, "train", train, example=example, resumes=True)
    add_model_name(command)
    text = "file to write (default: trained_MODEL_LEVEL_seedN.pt in checkpoints/)"
    command.add_argument("--to", type=Path, metavar="FILE", help=text)
    text = "largest learning rate (default: 0.05, or 0.015 from trained weights)"
    command.add_argument("--lr", type=following(RATE, float), metavar="N", help=text)
    for name, text in _SIZES.items():
        flag, text = f"--{name.replace('_', '-')}", f"{text} (default: the run level's)"
        rule = {"seed": SEED, "image_size": _IMAGE_SIZE}.get(name, COUNT)
        command.add_argument(flag, type=following(rule), metavar="N", help=text)
