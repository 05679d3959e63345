"""Commands of the course: python -m course_utils COMMAND."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course_utils.classroom.release import release
from course_utils.models.create import MODEL_NAMES
from course_utils.recording import record
from course_utils.reproduction import STAGES, reproduce
from course_utils.run_level import COURSE_ROOT


def release_copies(args: argparse.Namespace) -> None:
    """Write the learner's copies of the notebooks, without solutions and outputs."""
    for copy in release(args.source, args.destination):
        print(copy)


def record_figures(args: argparse.Namespace) -> None:
    """Run a notebook with several seeds and store what its claims measured."""
    for path in record(
        COURSE_ROOT / "notebooks" / f"{args.notebook}.ipynb",
        args.seeds,
        jobs=args.jobs,
    ):
        print(f"written {path}")


def reproduce_training(args: argparse.Namespace) -> None:
    """Train a model for some minutes by FC-DenseNet's recipe, or go on, and report."""
    options = {k: v for k, v in vars(args).items() if k not in ("run", "model", "data")}
    report = reproduce(args.model, args.data, **options)
    minutes, device = report["minutes"], report["device"]
    print(f"{report['epochs']} epochs, {minutes:.1f} minutes, {device}")
    print(f"val: {_both_scores(report)}")
    if (published := report["published_on_camvid_test"]) is not None:
        print(f"published, on the test split of CamVid: {_both_scores(published)}")
    print(f"written {args.checkpoint} and {args.checkpoint.with_suffix('.json')}")


def _both_scores(scores: dict[str, Any]) -> str:
    mean_iou, accuracy = (100 * scores[k] for k in ("mean_iou", "pixel_accuracy"))
    return f"mean IoU {mean_iou:.1f} %, pixel accuracy {accuracy:.1f} %"


def _add_reproduce(command: argparse.ArgumentParser) -> None:
    command.add_argument("model", choices=MODEL_NAMES)
    command.add_argument(
        "--data", default="camvid", help="camvid, voc, scenes or a folder in VOC layout"
    )
    command.add_argument(
        "--minutes", type=float, required=True, help="after which the run ends"
    )
    command.add_argument(
        "--checkpoint", type=Path, required=True, help="to go on from, and to write"
    )
    command.add_argument(
        "--stage", choices=STAGES, default="crops", help="of the recipe, in this order"
    )
    for flag, default, what in (
        ("--epochs", 750, "of the stage at most, over all runs"),
        ("--crop", 224, "side of the crops, pixels"),
        ("--batch-size", 3, "images a step"),
        ("--evaluate-every", 10, "epochs between two evaluations"),
        ("--image-size", 480, "longer side of the images, pixels"),
        ("--base-channels", 64, "width of the model"),
        ("--seed", 0, "of weights, order, crops and dropout"),
    ):
        text = f"{what} (default: {default})"
        command.add_argument(flag, type=int, default=default, help=text)
    text = "at the start of the stage (default: 1e-3 for crops, 1e-4 for whole images)"
    command.add_argument("--lr", type=float, help=text)
    command.set_defaults(run=reproduce_training)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="course_utils", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("release", help=release_copies.__doc__)
    for flag, default, what in (
        ("--source", COURSE_ROOT / "notebooks", "folder of the taught notebooks"),
        ("--destination", COURSE_ROOT / "notebooks" / "exercises", "of the copies"),
    ):
        text = f"{what} (default: {default.relative_to(COURSE_ROOT)} of the course)"
        command.add_argument(flag, type=Path, default=default, help=text)
    command.set_defaults(run=release_copies)
    command = commands.add_parser("record", help=record_figures.__doc__)
    command.add_argument("notebook", help="its name, such as 01_fcn_limits")
    command.add_argument(
        "--seeds", type=int, nargs="+", default=[0, 1, 2], help="default: 0 1 2"
    )
    text = "runs at a time, spread over the GPUs (default: 1)"
    command.add_argument("--jobs", type=int, default=1, help=text)
    command.set_defaults(run=record_figures)
    _add_reproduce(commands.add_parser("reproduce", help=reproduce_training.__doc__))
    args = parser.parse_args(argv)
    try:
        args.run(args)
    except (OSError, ValueError, RuntimeError) as error:
        parser.exit(2, f"course_utils: {error}\n")
    return 0
