"""All generations on one wall: every model of the course under one protocol.

``run_wall`` trains and measures, ``load_wall`` reads what is stored. Figures are stored
in one JSON file for each data set, run level and seed, so that runs with different
seeds can work side by side; predictions of a few drawn scenes as palette PNG.
"""

from course_utils.experiments.benchmark.figures import draw_scene, draw_wall
from course_utils.experiments.benchmark.measure import count_costs
from course_utils.experiments.benchmark.run import check_wanted, run_wall
from course_utils.experiments.benchmark.stored import Wall, load_wall
from course_utils.experiments.benchmark.systems import (
    MODELS,
    SYSTEMS,
    System,
    make_net,
    systems_of,
)
from course_utils.experiments.benchmark.tables import (
    describe,
    markdown_table,
    spread,
    text_table,
)

__all__ = [
    "MODELS",
    "SYSTEMS",
    "System",
    "Wall",
    "check_wanted",
    "count_costs",
    "describe",
    "draw_scene",
    "draw_wall",
    "load_wall",
    "make_net",
    "markdown_table",
    "run_wall",
    "spread",
    "systems_of",
    "text_table",
]
