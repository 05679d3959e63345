"""The command study."""

import argparse

from course_utils.cli.parser import Commands, add_command
from course_utils.settings import results_folder, run_level


def _run_studies(args: argparse.Namespace) -> None:
    """Take up claims of the notebooks again, in trainings made for them.

    The studies are skips, decoders, windows, indices, reflections, context_modules,
    twins, fields and connections. Each trains nets on drawn scenes, half as wide as
    those of the notebooks, and writes its figures to studies/NAME_LEVEL.json in the
    folder COURSE_RESULTS (default: results). COURSE_RUN chooses the run level.

    Figures are written as soon as they are known. Stopped and started again, the
    command resumes where it was. Several processes can share the work if each has its
    own seeds or studies.
    """
    from course_utils.experiments.studies import run_studies

    files = run_studies(
        run_level(), names=args.names, seeds=args.seeds, folder=results_folder()
    )
    for file in files:
        print(f"written {file}")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "skips decoders --seeds 0 1 2"
    command = add_command(commands, "study", _run_studies, example=example)
    text = "studies to run, such as decoders (default: all)"
    command.add_argument("names", nargs="*", metavar="NAME", help=text)
    text = "seeds of the trainings (default: 0)"
    command.add_argument(
        "--seeds", type=int, nargs="+", default=[0], metavar="N", help=text
    )
