"""Commands of the course: python -m course_utils COMMAND."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from course_utils.classroom.student_copies import release
from course_utils.cli import benchmark as wall
from course_utils.cli import colab_links as stamp
from course_utils.cli import doctor, download, evaluate, predict, reproduce, train
from course_utils.cli.parser import add_command
from course_utils.experiments.recording import record
from course_utils.settings import COURSE_ROOT


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


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for module in (
        doctor,
        download,
        train,
        evaluate,
        predict,
        wall,
        reproduce,
        stamp,
    ):
        module.add_to(commands)
    command = add_command(commands, "release", release_copies, example="")
    for flag, default, what in (
        ("--source", COURSE_ROOT / "notebooks", "folder of the taught notebooks"),
        ("--destination", COURSE_ROOT / "notebooks" / "exercises", "of the copies"),
    ):
        text = f"{what} (default: {default.relative_to(COURSE_ROOT)} of the course)"
        command.add_argument(flag, type=Path, default=default, help=text)
    example = "01_fcn_limits --seeds 0 1 2"
    command = add_command(commands, "record", record_figures, example=example)
    command.add_argument("notebook", help="its name, such as 01_fcn_limits")
    command.add_argument(
        "--seeds", type=int, nargs="+", default=[0, 1, 2], help="default: 0 1 2"
    )
    text = "runs at a time, spread over the GPUs (default: 1)"
    command.add_argument("--jobs", type=int, default=1, help=text)
    args = parser.parse_args(argv)
    try:
        return args.run(args) or 0
    except (OSError, ValueError, RuntimeError) as error:
        parser.exit(2, f"course_utils: {error}\n")
    except KeyboardInterrupt:
        parser.exit(130, "\nstopped; the same command goes on where it can\n")
