"""The command benchmark."""

import argparse
from pathlib import Path

from course_utils.cli.parser import (
    MODEL_NAMES,
    SEED,
    Commands,
    add_command,
    following,
)
from course_utils.settings import data_choice, results_folder, run_level


def _benchmark_models(args: argparse.Namespace) -> None:
    """Train every model of the course under one protocol, and compare them.

    COURSE_RUN, COURSE_DATA and COURSE_WEIGHTS work as in the notebooks. Figures are
    written after every model and seed, to the folder COURSE_RESULTS (default: results),
    and predictions of eight drawn scenes to its subfolder predictions. Stopped and
    started again, the command resumes where it was. Several processes can share the
    work if each has its own seeds; latency is then right only if each has its own GPU.

    With --table or --picture nothing is trained: they show what is stored.
    """
    # Before torch is imported; check_choice knows which of them are compared
    if unknown := [name for name in args.models or () if name not in MODEL_NAMES]:
        raise ValueError(
            f"models must be some of {', '.join(MODEL_NAMES)}, got {unknown[0]!r}"
        )
    folder = results_folder()
    if args.table or args.picture:
        _show(args, folder)
    else:
        _train(args, folder)


def _train(args: argparse.Namespace, folder: Path | None) -> None:
    from course_utils.datasets import course_data
    from course_utils.experiments.benchmark import (
        MODELS,
        check_choice,
        markdown_table,
        run_benchmark,
    )
    from course_utils.models import choose_weights

    models = args.models or MODELS
    check_choice(models, args.seeds)  # before loading the data, which takes a while
    run = run_level()
    results = run_benchmark(
        run,
        course_data(run),
        models=models,
        seeds=args.seeds,
        weights=choose_weights(run.base_channels),
        again=args.again,
        folder=folder,
    )
    print(f"\n{markdown_table(results)}")


def _show(args: argparse.Namespace, folder: Path | None) -> None:
    from course_utils.datasets import data_name
    from course_utils.experiments.benchmark import (
        load_benchmark,
        markdown_table,
        save_picture,
    )
    from course_utils.files import plan_outputs

    if args.picture:
        plan_outputs([args.picture])
    name = data_name(data_choice())
    stored = load_benchmark(run_level().name, name, folder=folder)
    table = markdown_table(stored)  # first, since it refuses to show nothing
    if args.table:
        print(table)
    if args.picture:
        save_picture(stored, args.picture)
        print(f"written {args.picture}")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "--models fcn8s unet --seeds 0 1 2"
    command = add_command(
        commands, "benchmark", _benchmark_models, example=example, resumes=True
    )
    text = "models to train, such as fcn8s (default: all)"
    command.add_argument("--models", nargs="+", metavar="MODEL", help=text)
    text = "seeds of the trainings (default: 0)"
    command.add_argument(
        "--seeds",
        type=following(SEED),
        nargs="+",
        default=[0],
        metavar="N",
        help=text,
    )
    text = "retrain models whose results are already stored"
    command.add_argument("--again", action="store_true", help=text)
    text = "print the stored figures as Markdown tables"
    command.add_argument("--table", action="store_true", help=text)
    text = "PNG file to draw the stored predictions of scenes in"
    command.add_argument("--picture", type=Path, metavar="FILE", help=text)
