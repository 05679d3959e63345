"""Malformed calls of ``experiments``, ``environment``, ``classroom`` and ``checks``."""

from pathlib import Path

import torch
from malformed_calls.data_and_plots import DATA, RUN
from malformed_calls.values import FOLDER, INF, NAN, Nothing, full, net

from course_utils import checks, classroom, environment, experiments
from course_utils.datasets import CourseData
from course_utils.environment.findings import Finding
from course_utils.experiments import benchmark
from course_utils.experiments.protocol import Scores
from course_utils.training import History

COURSE_DATA = CourseData(**DATA)
CLAIM = {"text": "It holds", "figures": {"share": 0.5}, "rule": lambda figures: "holds"}
TABLE = {
    "notebook": "01",
    "run": RUN,
    "data": "voc",
    "claims": [experiments.Claim(**CLAIM)],
    "stored": {},
}
EMPTY = benchmark.load_benchmark("ci", "voc", folder=FOLDER)

GOOD = {
    "experiments.Claim": (experiments.Claim, CLAIM),
    "experiments.Trained": (
        experiments.Trained,
        {
            "model": net(),
            "history": History(),
            "prediction": full(1, 4, 4),
            "scores": Scores(0.5, 0.5),
        },
    ),
    "experiments.TrainingProtocol": (
        experiments.TrainingProtocol, {"notebook": None, "run": RUN, "data": COURSE_DATA}
    ),
    "experiments.VerdictTable": (experiments.VerdictTable, TABLE),
    "experiments.holds": (experiments.holds, {"condition": True}),
    "experiments.benchmark.System": (benchmark.System, vars(benchmark.SYSTEMS[0])),
    "experiments.benchmark.check_choice": (
        benchmark.check_choice, {"models": ["unet"], "seeds": [0]}
    ),
    "experiments.benchmark.count_costs": (
        benchmark.count_costs, {"net": net(), "size": (8, 8)}
    ),
    "experiments.benchmark.load_benchmark": (
        benchmark.load_benchmark, {"level": "ci", "data": "voc", "folder": FOLDER}
    ),
    "experiments.benchmark.make_net": (
        benchmark.make_net,
        {"model": "unet", "num_classes": 3, "base_channels": 1, "weights": None},
    ),
    "experiments.benchmark.systems_of": (benchmark.systems_of, {"model": "unet"}),
    "environment.examine": (environment.examine, {}),
    "environment.report": (
        environment.report, {"findings": [Finding("disk", "ok", "enough")]}
    ),
}
ONLY_BAD = {  # too long for a test, or needs what only a run leaves
    "experiments.record": (
        experiments.record, {"notebook": FOLDER / "gone.ipynb", "seeds": [0]}
    ),
    "experiments.reproduce": (
        experiments.reproduce,
        {"name": "unet", "data": "scenes", "minutes": 0, "checkpoint": FOLDER / "r.pt"},
    ),
    "experiments.benchmark.draw_benchmark": (
        benchmark.draw_benchmark, {"benchmark": EMPTY}
    ),
    "experiments.benchmark.draw_scene": (
        benchmark.draw_scene, {"benchmark": EMPTY, "number": 0}
    ),
    "experiments.benchmark.save_picture": (
        benchmark.save_picture, {"benchmark": EMPTY, "path": FOLDER / "a.png"}
    ),
    "experiments.benchmark.markdown_table": (
        benchmark.markdown_table, {"benchmark": EMPTY}
    ),
    "experiments.benchmark.run_benchmark": (
        benchmark.run_benchmark, {"run": RUN, "data": COURSE_DATA}
    ),
    "environment.set_up": (environment.set_up, {"course": FOLDER}),
    "classroom.release": (
        classroom.release, {"source": FOLDER / "gone", "destination": FOLDER / "copies"}
    ),
}
