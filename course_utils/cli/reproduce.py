"""The command reproduce."""

import argparse
from pathlib import Path
from typing import Any

from course_utils.arguments import number, whole
from course_utils.cli.parser import (
    COUNT,
    RATE,
    SEED,
    Commands,
    add_command,
    add_model_name,
    following,
    require_file,
)

_OF_PARSER = ("run", "resumes", "model", "data")
STAGES = ("crops", "whole")
"""Stages of the recipe, as in ``experiments.reproduction``."""


def _reproduce_training(args: argparse.Namespace) -> None:
    """Train a model for a number of minutes by FC-DenseNet's recipe, and report.

    This takes hours, where the notebooks train for seconds. It can be split into
    several runs: each one resumes from the checkpoint of the run before.
    """
    from course_utils.files import plan_outputs

    if args.start is not None:
        require_file(args.start)
    # Before torch is imported; reproduce looks at what may be replaced
    outputs = [args.checkpoint, args.checkpoint.with_suffix(".json")]
    sources = [args.start] if args.start else []
    plan_outputs(outputs, replaced=outputs, sources=sources)
    from course_utils.experiments import reproduce

    options = {k: v for k, v in vars(args).items() if k not in _OF_PARSER}
    report = reproduce(args.model, args.data, **options)
    devices = ", ".join(dict.fromkeys(run["device"] for run in report["runs"]))
    print(f"{report['epochs']} epochs, {report['minutes']:.1f} minutes, {devices}")
    print(f"val: {_both_scores(report)}")
    if report["batch_statistics"] is not None:
        print(f"val, by batch statistics: {_both_scores(report['batch_statistics'])}")
    if (published := report["published_on_camvid_test"]) is not None:
        print("published, on the test split of CamVid, by batch statistics: ", end="")
        print(_both_scores(published))
    print(f"written {args.checkpoint} and {args.checkpoint.with_suffix('.json')}")


def _both_scores(scores: dict[str, Any]) -> str:
    mean_iou, accuracy = (100 * scores[k] for k in ("mean_iou", "pixel_accuracy"))
    return f"mean IoU {mean_iou:.1f} %, pixel accuracy {accuracy:.1f} %"


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "fc_densenet56 --minutes 60 --checkpoint tiramisu.pt"
    command = add_command(
        commands, "reproduce", _reproduce_training, example=example, resumes=True
    )
    add_model_name(command)
    text = "data to train on: camvid, voc, scenes or a folder in VOC layout "
    text += "(default: camvid)"
    command.add_argument("--data", default="camvid", help=text)
    text = "length of the run, minutes; at least one epoch is trained (required)"
    minutes = following(number(0), float)
    command.add_argument(
        "--minutes", type=minutes, required=True, metavar="N", help=text
    )
    text = "file to write, and to resume from if it exists (required)"
    command.add_argument(
        "--checkpoint", type=Path, required=True, metavar="FILE", help=text
    )
    text = "stage of the recipe: crops first, then whole images (default: crops)"
    command.add_argument("--stage", choices=STAGES, default="crops", help=text)
    text = "checkpoint of --stage crops from which to start --stage whole"
    command.add_argument("--start", type=Path, metavar="FILE", help=text)
    for flag, default, what in (
        ("--epochs", 750, "largest number of epochs of the stage, over all runs"),
        ("--crop", 224, "side of the crops, pixels"),
        ("--batch-size", 3, "images per training step"),
        ("--evaluate-every", 10, "epochs from one evaluation to the next"),
        ("--image-size", 480, "longer side of the images, pixels"),
        ("--base-channels", 64, "width of the first stage; 64 in the papers"),
        ("--seed", 0, "seed of weights, order, crops and dropout"),
    ):
        text = f"{what} (default: {default})"
        rule = {"--seed": SEED, "--image-size": whole(32)}.get(flag, COUNT)
        command.add_argument(
            flag, type=following(rule), default=default, metavar="N", help=text
        )
    text = "learning rate at the start of the stage "
    text += "(default: 1e-3 for crops, 1e-4 for whole images)"
    command.add_argument("--lr", type=following(RATE, float), metavar="N", help=text)
