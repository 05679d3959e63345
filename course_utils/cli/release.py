"""The command release."""

import argparse
from pathlib import Path

from course_utils.cli.parser import Commands, add_command
from course_utils.settings import COURSE_ROOT


def _release_copies(args: argparse.Namespace) -> None:
    """Write the learner's copies of the notebooks, without solutions and outputs.

    A copy that somebody has worked in, even if only to run it, is left as it is, and so
    is one that is read-only.
    """
    from course_utils.classroom import release

    for path, outcome in release(args.source, args.destination).items():
        print(f"{outcome} {path}")
        if outcome == "kept":
            print("  it is yours; for a fresh copy, rename yours and run this again")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = add_command(commands, "release", _release_copies, example="")
    notebooks = COURSE_ROOT / "notebooks"
    for flag, default, what in (
        ("--source", notebooks, "folder of the taught notebooks"),
        ("--destination", notebooks / "exercises", "folder of the copies"),
    ):
        text = f"{what} (default: {default.relative_to(COURSE_ROOT)} of the course)"
        command.add_argument(flag, type=Path, default=default, metavar="DIR", help=text)
