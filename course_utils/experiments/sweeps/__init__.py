"""Trainings of every net at many learning rates, and for many numbers of steps."""

from course_utils.experiments.sweeps.lengths import (
    RECIPES,
    Lengths,
    load_lengths,
    sweep_lengths,
)
from course_utils.experiments.sweeps.rates import Rates, load_rates, sweep_rates

__all__ = [
    "RECIPES",
    "Lengths",
    "Rates",
    "load_lengths",
    "load_rates",
    "sweep_lengths",
    "sweep_rates",
]
