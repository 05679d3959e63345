"""The command stamp."""

import argparse

from course_utils.cli.parser import Commands, add_command
from course_utils.settings import COURSE_ROOT


def _stamp_course(args: argparse.Namespace) -> None:
    """Write the course's address and tag into the notebooks and the README.

    Every notebook gets a badge and a cell for Colab, which opens notebooks from public
    GitHub repositories only. Run release afterwards, so that the learner's copies get
    them, too.
    """
    from course_utils.environment.colab_links import origin, stamp

    repository = args.repository
    if repository is None:
        repository = origin(COURSE_ROOT)
        if repository is None:
            print(
                "the remote origin of this checkout is not a GitHub repository, so the "
                "address stays as it is; --repository URL sets it"
            )
    changed = stamp(COURSE_ROOT, repository=repository, tag=args.tag)
    for path in changed:
        print(f"written {path.relative_to(COURSE_ROOT)}")
    if not changed:
        print("nothing to change")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "--repository https://github.com/me/course --tag v1.0"
    command = add_command(commands, "stamp", _stamp_course, example=example)
    text = "address on GitHub (default: that of the git remote origin)"
    command.add_argument("--repository", metavar="URL", help=text)
    text = "git tag of this edition (default: the present one)"
    command.add_argument("--tag", metavar="TAG", help=text)
