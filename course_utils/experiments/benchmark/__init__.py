"""The benchmark: every model of the course under one protocol.

``run_benchmark`` trains and measures, ``load_benchmark`` reads what is stored.
"""

from course_utils.experiments.benchmark.measure import count_costs
from course_utils.experiments.benchmark.pictures import (
    draw_benchmark,
    draw_scene,
    save_picture,
)
from course_utils.experiments.benchmark.run import check_choice, run_benchmark
from course_utils.experiments.benchmark.store import load_benchmark
from course_utils.experiments.benchmark.systems import (
    MODELS,
    SYSTEMS,
    System,
    make_net,
    systems_of,
)
from course_utils.experiments.benchmark.tables import markdown_table

__all__ = [
    "MODELS",
    "SYSTEMS",
    "System",
    "check_choice",
    "count_costs",
    "draw_benchmark",
    "draw_scene",
    "load_benchmark",
    "make_net",
    "markdown_table",
    "run_benchmark",
    "save_picture",
    "systems_of",
]
