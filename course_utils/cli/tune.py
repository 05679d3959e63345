"""The command tune."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from course_utils.cli.parser import COUNT, Commands, add_command, following
from course_utils.settings import COURSE_ROOT, results_folder, run_level

if TYPE_CHECKING:
    from course_utils.experiments.sweeps import Lengths, Rates

OPTIMIZERS = ("adamw", "sgd", "muon")
"""Optimizers that ``training.make_optimizer`` knows."""


def _tune(args: argparse.Namespace) -> None:
    """Train every net with every optimizer at several learning rates, and compare.

    Scores are taken on training pairs that were held out. The grid grows until the best
    rate of each row lies inside it. With --lengths, nets are trained for a quarter to
    four times the run level's steps instead, with AdamW as in an earlier edition of the
    course, and with Muon as now; scores are then taken on val.

    COURSE_RUN and COURSE_DATA work as in the notebooks. Scores are written as soon as
    they are known, to the folder COURSE_RESULTS (default: results), in its subfolders
    tuning and lengths; what is there is not trained again. Several processes can share
    the work if each has models of its own. With --table nothing is trained.
    """
    from course_utils.experiments.benchmark import MODELS
    from course_utils.experiments.sweeps import load_lengths, load_rates

    folder = results_folder() or COURSE_ROOT / "results"
    if args.table:
        _show(load_rates(folder / "tuning"), load_lengths(folder / "lengths"))
        return
    models = args.models or MODELS
    if unknown := [model for model in models if model not in MODELS]:
        raise ValueError(
            f"models must be some of {', '.join(MODELS)}, got {unknown[0]!r}"
        )
    _train(args, models)


def _train(args: argparse.Namespace, models: list[str]) -> None:
    from course_utils.datasets import course_data
    from course_utils.experiments.sweeps import sweep_lengths, sweep_rates

    folder = results_folder() or COURSE_ROOT / "results"
    run = run_level()
    if args.lengths:
        data = course_data(run)
        _show([], sweep_lengths(run, data, folder / "lengths", models=models))
        return
    run = replace(run, steps=args.steps or max(1, run.steps // 2))
    rates = sweep_rates(
        run,
        course_data(run),
        folder / "tuning",
        models=models,
        optimizers=args.optimizers,
    )
    _show(rates, [])


def _show(rates: "list[Rates]", lengths: "list[Lengths]") -> None:
    for row in rates:
        print(f"{row.model:14s} {row.optimizer:6s}", end="")
        print(f" best at {row.best:<7g} {100 * row.scores[row.best]:5.1f} %")
    for row in lengths:
        scores = (f"{n}: {100 * s:.1f} %" for n, s in sorted(row.scores.items()))
        print(f"{row.model:14s} {row.recipe:4s} {', '.join(scores)}")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "--models fcn8s segnet --optimizers adamw muon"
    command = add_command(commands, "tune", _tune, example=example, resumes=True)
    text = "models to train, such as fcn8s (default: all)"
    command.add_argument("--models", nargs="+", metavar="MODEL", help=text)
    text = f"optimizers to try, from {', '.join(OPTIMIZERS)} (default: all)"
    command.add_argument(
        "--optimizers",
        nargs="+",
        choices=OPTIMIZERS,
        default=OPTIMIZERS,
        metavar="NAME",
        help=text,
    )
    text = "steps of a training (default: half of the run level's)"
    command.add_argument("--steps", type=following(COUNT), metavar="N", help=text)
    text = "train for growing numbers of steps, at the default learning rates"
    command.add_argument("--lengths", action="store_true", help=text)
    text = "print what is stored"
    command.add_argument("--table", action="store_true", help=text)
