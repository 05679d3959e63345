"""The command stamp."""

import argparse

from course_utils.cli.parser import Commands, add_command
from course_utils.environment.colab_links import stamp
from course_utils.settings import COURSE_ROOT


def stamp_course(args: argparse.Namespace) -> None:
    """Write the repository's address and tag into the notebooks and the README.

    Every notebook gets its badge and its cell for Colab. Run release afterwards, so
    that the learner's copies get them, too.
    """
    changed = stamp(COURSE_ROOT, repository=args.repository, tag=args.tag)
    for path in changed:
        print(f"written {path.relative_to(COURSE_ROOT)}")
    if not changed:
        print("nothing to change")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "--repository https://github.com/me/course --tag v1.0"
    command = add_command(commands, "stamp", stamp_course, example=example)
    text = "address on GitHub (default: the present one)"
    command.add_argument("--repository", metavar="URL", help=text)
    command.add_argument("--tag", help="git tag of the edition (default: the present)")
