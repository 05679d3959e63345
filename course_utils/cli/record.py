"""The command record."""

import argparse

from course_utils.cli.parser import COUNT, SEED, Commands, add_command, following
from course_utils.settings import COURSE_ROOT


def _record_figures(args: argparse.Namespace) -> None:
    """Run a notebook with several seeds and store what its claims measured.

    COURSE_RUN, COURSE_DATA and COURSE_WEIGHTS work as in the notebooks.
    """
    notebook = COURSE_ROOT / "notebooks" / f"{args.notebook}.ipynb"
    if not notebook.is_file():  # before torch is imported
        raise FileNotFoundError(f"{notebook} must be a notebook, but does not exist")
    from course_utils.experiments import record

    for path in record(notebook, args.seeds, jobs=args.jobs):
        print(f"written {path}")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "01_fcn_limits --seeds 0 1 2"
    command = add_command(commands, "record", _record_figures, example=example)
    text = "name of the notebook, such as 01_fcn_limits"
    command.add_argument("notebook", metavar="NOTEBOOK", help=text)
    text = "seeds of the runs (default: 0 1 2)"
    command.add_argument(
        "--seeds",
        type=following(SEED),
        nargs="+",
        default=[0, 1, 2],
        metavar="N",
        help=text,
    )
    text = "runs at a time, spread over the GPUs (default: 1)"
    command.add_argument(
        "--jobs", type=following(COUNT), default=1, metavar="N", help=text
    )
