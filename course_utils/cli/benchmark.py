"""The command wall."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.cli.parser import Commands, add_command
from course_utils.settings import (
    COURSE_ROOT,
    data_choice,
    data_name,
    results_folder,
    run_level,
)

if TYPE_CHECKING:
    from course_utils.experiments.benchmark import Wall

BEGIN, END = "<!-- wall: begin -->", "<!-- wall: end -->"
"""The lines of the README between which tables and picture stand."""
HEADINGS = {"scenes": "Drawn scenes", "voc": "VOC 2012", "camvid": "CamVid"}
PICTURE = "docs/pictures/wall.png"
ALT = "Eight scenes in columns; in rows the image, the target and each prediction"


def hang_wall(args: argparse.Namespace) -> None:
    """Train every model of the course under one protocol, and compare them.

    COURSE_RUN, COURSE_DATA and COURSE_WEIGHTS choose as in the notebooks. Figures are
    written after every model and seed, to results or the folder COURSE_RESULTS, and
    predictions of eight drawn scenes to results/predictions. Started again, it goes on
    where it was. Processes can share the work by seeds; latency is then right
    only if each has a GPU of its own. COURSE_COMMIT names the commit where the course
    lies without its history. With --table, --picture or --readme it trains nothing and
    shows what is stored.
    """
    folder = results_folder()
    if args.table or args.picture or args.readme:
        _show(args, folder)
        return
    from course_utils.datasets import course_data
    from course_utils.experiments import benchmark as room
    from course_utils.models import choose_weights

    models = args.models or room.MODELS
    room.check_wanted(models, args.seeds)  # loading the data takes a while
    run = run_level()
    data, weights = course_data(run), choose_weights(run.base_channels)
    wall = room.run_wall(
        run,
        data,
        models=models,
        seeds=args.seeds,
        weights=weights,
        again=args.again,
        folder=folder,
    )
    print()
    print(room.text_table(wall))


def _show(args: argparse.Namespace, folder: Path | None) -> None:
    from course_utils.experiments.benchmark import load_wall, markdown_table

    level = run_level().name
    wall = load_wall(level, data_name(data_choice()), folder=folder)
    table = markdown_table(wall)  # first, since it refuses an empty wall
    if args.table:
        print(table)
    if args.picture:
        _write_picture(wall, args.picture)
    if args.readme:
        _write_readme(level, folder)


def _write_picture(wall: Wall, path: Path) -> None:
    import matplotlib.pyplot as plt

    from course_utils.experiments.benchmark import draw_wall

    figure = draw_wall(wall)[0, 0].figure
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="png", dpi=200)
    plt.close(figure)
    print(f"written {path}")


def _write_readme(level: str, folder: Path | None) -> None:
    """Put everything that is stored of a run level into the README."""
    from course_utils.experiments.benchmark import load_wall, markdown_table

    parts = []
    for data, heading in HEADINGS.items():
        wall = load_wall(level, data, folder=folder)
        if not wall.systems:
            continue
        parts.append(f"### {heading}")
        if wall.predictions():
            _write_picture(wall, COURSE_ROOT / PICTURE)
            parts.append(f"![{ALT}]({PICTURE})")
        parts.append(markdown_table(wall))
    readme = COURSE_ROOT / "README.md"
    text = fill_in(readme.read_text(encoding="utf-8"), "\n\n".join(parts))
    readme.write_text(text, encoding="utf-8")
    print(f"written {readme}")


def fill_in(text: str, part: str) -> str:
    """Put a part between the two marked lines of a text, in place of what is there.

    Raises:
        ValueError: the lines are not there.
    """
    before, begin, rest = text.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(f"{END}\n")
    if not (begin and end):
        raise ValueError(f"the README must have the lines {BEGIN} and {END}")
    return f"{before}{begin}\n{part}\n\n{end}{after}"


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "--models fcn8s unet --seeds 0 1 2"
    command = add_command(commands, "wall", hang_wall, example=example)
    text = "models to train, such as fcn8s (default: all)"
    command.add_argument("--models", nargs="+", metavar="MODEL", help=text)
    text = "of the trainings (default: 0)"
    command.add_argument(
        "--seeds", type=int, nargs="+", default=[0], metavar="N", help=text
    )
    text = "train anew what is stored, too"
    command.add_argument("--again", action="store_true", help=text)
    text = "print what is stored as a Markdown table"
    command.add_argument("--table", action="store_true", help=text)
    text = "draw the stored predictions of scenes, as PNG"
    command.add_argument("--picture", type=Path, metavar="FILE", help=text)
    text = "put table and picture into the course's README"
    command.add_argument("--readme", action="store_true", help=text)
