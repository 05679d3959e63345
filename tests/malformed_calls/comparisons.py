"""Malformed calls of ``experiments``, ``environment``, ``classroom`` and ``checks``."""

import inspect

import nbformat
import torch

from course_utils import (
    checks,
    classroom,
    datasets,
    environment,
    experiments,
    files,
    training,
)
from course_utils.datasets import CourseData
from course_utils.environment.findings import Finding
from course_utils.experiments import benchmark, claims, studies, sweeps
from course_utils.experiments.protocol import Scores
from course_utils.training import History
from malformed_calls.data_and_plots import COLORS, DATA, RUN
from malformed_calls.values import (
    FIFO,
    FOLDER,
    IMAGE,
    INF,
    LABEL_MAP,
    NAN,
    TEXT_FILE,
    full,
    net,
)

COURSE_DATA = CourseData(**DATA)
CLAIM = claims.CLAIMS["01_fcn_limits"][0]
EVIDENCE = claims.Evidence({}, "full", "scenes")
TABLE = {"notebook": "01_fcn_limits", "run": RUN, "data": "voc", "stored": EVIDENCE}
EMPTY = benchmark.load_benchmark("ci", "voc", folder=FOLDER)

GOOD = {
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
        experiments.TrainingProtocol,
        {"notebook": None, "run": RUN, "data": COURSE_DATA},
    ),
    "experiments.VerdictTable": (experiments.VerdictTable, TABLE),
    "experiments.benchmark.System": (benchmark.System, vars(benchmark.SYSTEMS[0])),
    "experiments.benchmark.check_choice": (
        benchmark.check_choice,
        {"models": ["unet"], "seeds": [0]},
    ),
    "experiments.benchmark.count_costs": (
        benchmark.count_costs,
        {"net": net(), "size": (8, 8)},
    ),
    "experiments.benchmark.load_benchmark": (
        benchmark.load_benchmark,
        {"level": "ci", "data": "voc", "folder": FOLDER},
    ),
    "experiments.benchmark.make_net": (
        benchmark.make_net,
        {"model": "unet", "num_classes": 3, "base_channels": 1, "weights": None},
    ),
    "experiments.benchmark.systems_of": (benchmark.systems_of, {"model": "unet"}),
    "experiments.sweeps.Lengths": (
        sweeps.Lengths,
        {"model": "unet", "recipe": "new", "scores": {3: 0.5}},
    ),
    "experiments.sweeps.Rates": (
        sweeps.Rates,
        {"model": "unet", "optimizer": "sgd", "scores": {0.1: 0.5}},
    ),
    "experiments.sweeps.load_lengths": (
        sweeps.load_lengths,
        {"folder": FOLDER / "gone"},
    ),
    "experiments.sweeps.load_rates": (sweeps.load_rates, {"folder": FOLDER / "gone"}),
    "environment.examine": (environment.examine, {}),
    "environment.report": (
        environment.report,
        {"findings": [Finding("disk", "ok", "enough")]},
    ),
}
MAP = {"label_map": LABEL_MAP, "colors": COLORS}
ONLY_BAD = {  # too long for a test, or needs what only a run leaves
    "experiments.claims.Claim": (claims.Claim, {"text": "It is", "rule": CLAIM.rule}),
    "experiments.claims.Remark": (claims.Remark, {"text": "It is", "figures": ("a",)}),
    "experiments.claims.Evidence": (claims.Evidence, vars(EVIDENCE)),
    "experiments.claims.VerdictTable": (claims.VerdictTable, TABLE),
    "experiments.claims.evidence_of": (
        claims.evidence_of,
        {"entry": CLAIM, "stored": EVIDENCE, "level": "full"},
    ),
    "experiments.claims.judge": (claims.judge, {"claim": CLAIM, "evidence": EVIDENCE}),
    "experiments.claims.load_evidence": (
        claims.load_evidence,
        {"notebook": "01", "level": "full", "data": "voc"},
    ),
    "experiments.claims.show_stored": (
        claims.show_stored,
        {"name": "a", "evidence": EVIDENCE, "elsewhere": ()},
    ),
    "experiments.studies.run_studies": (studies.run_studies, {"run": RUN}),
    "classroom.clear_solutions": (
        classroom.clear_solutions,
        {"notebook": nbformat.v4.new_notebook(), "name": "a"},
    ),
    "datasets.scale_photograph": (
        datasets.scale_photograph,
        {"image": IMAGE, "longer_side": 4},
    ),
    "training.enlarged_argmax": (
        training.enlarged_argmax,
        {"scores": torch.zeros(2, 4, 4), "size": (8, 8)},
    ),
    "training.predict_label_map": (
        training.predict_label_map,
        {"model": net(), "image": IMAGE, "image_size": 32},
    ),
    "files.plan_outputs": (files.plan_outputs, {"paths": [FOLDER / "a"]}),
    "files.write_new": (files.write_new, {"path": FOLDER / "new"}),
    "files.replace_known": (
        files.replace_known,
        {"path": FOLDER / "k", "known": b"", "content": b""},
    ),
    "files.keep_result": (files.keep_result, {"path": FOLDER / "k", "write": print}),
    "files.is_read_error": (files.is_read_error, {}),
    "files.require_checksums": (files.require_checksums, {"path": TEXT_FILE}),
    "files.write_indices_and_colors": (
        files.write_indices_and_colors,
        {"indices": FOLDER / "i.png", "in_colors": FOLDER / "c.png", **MAP},
    ),
    "experiments.record": (
        experiments.record,
        {"notebook": FOLDER / "gone.ipynb", "seeds": [0]},
    ),
    "experiments.reproduce": (
        experiments.reproduce,
        {"name": "unet", "data": "scenes", "minutes": 0, "checkpoint": FOLDER / "r.pt"},
    ),
    "experiments.benchmark.draw_benchmark": (
        benchmark.draw_benchmark,
        {"benchmark": EMPTY},
    ),
    "experiments.benchmark.draw_scene": (
        benchmark.draw_scene,
        {"benchmark": EMPTY, "number": 0},
    ),
    "experiments.benchmark.save_picture": (
        benchmark.save_picture,
        {"benchmark": EMPTY, "path": FOLDER / "a.png"},
    ),
    "experiments.benchmark.markdown_table": (
        benchmark.markdown_table,
        {"benchmark": EMPTY},
    ),
    "experiments.benchmark.run_benchmark": (
        benchmark.run_benchmark,
        {"run": RUN, "data": COURSE_DATA},
    ),
    "experiments.sweeps.sweep_lengths": (
        sweeps.sweep_lengths,
        {"run": RUN, "data": COURSE_DATA, "folder": FOLDER, "models": ["unet"]},
    ),
    "experiments.sweeps.sweep_rates": (
        sweeps.sweep_rates,
        {"run": RUN, "data": COURSE_DATA, "folder": FOLDER, "models": ["unet"]},
    ),
    "environment.set_up": (environment.set_up, {"course": FOLDER}),
    "classroom.release": (
        classroom.release,
        {"source": FOLDER / "gone", "destination": FOLDER / "copies"},
    ),
}

WHOLE, FLAG = "must be a whole number", "must be True or False"
NO_BENCHMARK = ({"benchmark": None}, "benchmark must be a Benchmark, got None; read it")
NO_FOLDER = ({"folder": "results"}, "folder must be a pathlib.Path")
NO_SWEEP = [
    NO_FOLDER,
    ({"run": None}, "run must be a RunLevel, got None"),
    ({"models": ["resnet"]}, "models[0] must be one of fcn32s"),
    ({"models": []}, "models must be at least 1 long, got an empty list"),
]
BAD = {
    "experiments.Trained": [
        ({"model": None}, "model must be a torch.nn.Module, got None"),
        ({"history": []}, "history must be a History, got an empty list"),
        ({"prediction": torch.zeros(1, 4, 4)}, "prediction must be an integer tensor"),
        ({"scores": 0.5}, "scores must be a Scores, got 0.5"),
    ],
    "experiments.TrainingProtocol": [
        ({"notebook": ""}, "notebook must be a text that is not empty"),
        ({"run": "ci"}, "run must be a RunLevel, got 'ci'"),
        ({"data": "voc"}, "data must be a CourseData, got 'voc'"),
        ({"optimizer": "adam"}, "optimizer must be one of"),
        ({"lr": 0}, "lr must be above 0, got 0"),
        ({"lr": NAN}, "lr must be finite, got nan"),
        ({"warmup": 1}, "warmup must be at least 0 and below 1, got 1"),
        ({"weights": 3}, "weights must be a text or a pathlib.Path or None, got 3"),
    ],
    "experiments.VerdictTable": [
        ({"notebook": "99"}, "notebook must be one of"),
        ({"run": None}, "run must be a RunLevel, got None"),
        ({"stored": [1]}, "stored must be an Evidence or None, got [1]"),
    ],
    "experiments.claims.Claim": [
        ({"text": ""}, "text must be a text that is not empty")
    ],
    "experiments.claims.Remark": [({"figures": ()}, "figures must be at least 1 long")],
    "experiments.claims.Evidence": [({"seeds": [1]}, "seeds must be a dict, got [1]")],
    "experiments.claims.VerdictTable": [
        ({"data": ""}, "data must be a text that is not")
    ],
    "experiments.claims.evidence_of": [({"level": 1}, "level must be a text, got 1")],
    "experiments.claims.judge": [({"claim": None}, "claim must be a Claim, got None")],
    "experiments.claims.load_evidence": [({"data": None}, "data must be a text")],
    "experiments.claims.show_stored": [({"name": 3}, "name must be a text, got 3")],
    "experiments.studies.run_studies": [
        ({"seeds": [-1]}, "seeds[0] must be at least 0, got -1"),
        ({"folder": "a"}, "folder must be a pathlib.Path or None, got 'a'"),
    ],
    "classroom.clear_solutions": [({"notebook": {}}, "must be a NotebookNode, got an")],
    "datasets.scale_photograph": [
        ({"longer_side": 0}, "longer_side must be at least 1, got 0"),
        ({"image": IMAGE / 255}, "image must be a uint8 array, got float64"),
    ],
    "training.enlarged_argmax": [
        ({"size": (0, 4)}, "size must be at least 1 high and wide, got (0, 4)"),
        ({"scores": torch.zeros(4)}, "scores must be (C, H, W), got (4,)"),
    ],
    "training.predict_label_map": [
        ({"image_size": 0}, "image_size must be at least 1, got 0"),
        ({"image": IMAGE[0]}, "image must be (H, W, 3), got (8, 3)"),
    ],
    "files.plan_outputs": [
        ({"paths": [FOLDER / "a"] * 2}, "every file must have a name")
    ],
    "files.write_new": [({"path": "a"}, "path must be a pathlib.Path, got 'a'")],
    "files.replace_known": [({"known": "a"}, "known must be a bytes, got 'a'")],
    "files.keep_result": [({"write": 1}, "write must be a function, got 1")],
    "files.is_read_error": [({"of": 1}, "unexpected keyword argument")],
    "files.require_checksums": [({"path": 3}, "path must be a pathlib.Path, got 3")],
    "files.write_indices_and_colors": [
        ({"indices": "a.png"}, "indices must be a pathlib.Path, got 'a.png'"),
        ({"label_map": IMAGE}, "label_map must be (H, W), got (8, 8, 3)"),
    ],
    "experiments.record": [
        ({"notebook": "01_fcn_limits"}, "notebook must be a pathlib.Path, got '01_fcn"),
        ({"notebook": FOLDER / "gone.ipynb"}, "gone.ipynb must be a notebook"),
        ({"notebook": FIFO}, "must be a notebook, but does not exist"),
        ({"notebook": TEXT_FILE}, "must be a notebook, but is something else"),
        ({"seeds": []}, "seeds must be at least 1 long, got an empty list"),
        ({"seeds": 3}, "seeds must be a list or tuple, got 3"),
        ({"seeds": [-1]}, "seeds[0] must be at least 0, got -1"),
        ({"jobs": 0}, "jobs must be at least 1, got 0"),
    ],
    "experiments.reproduce": [
        ({"name": "resnet"}, "name must be one of fcn32s"),
        ({"data": None}, "data must be a text, got None"),
        ({"minutes": NAN}, "minutes must be finite, got nan"),
        ({"minutes": -1}, "minutes must be at least 0, got -1"),
        ({"checkpoint": "a.pt"}, "checkpoint must be a pathlib.Path, got 'a.pt'"),
        ({"stage": "fine"}, "stage must be one of crops, whole, got 'fine'"),
        ({"stage": "whole"}, "the stage whole begins from a checkpoint"),
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"crop": 0}, "crop must be at least 1, got 0"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"lr": 0}, "lr must be above 0, got 0"),
        ({"lr": INF}, "lr must be finite, got inf"),
        ({"evaluate_every": 0}, "evaluate_every must be at least 1, got 0"),
        ({"image_size": 0}, "image_size must be at least 32, got 0"),
        ({"base_channels": 0}, "base_channels must be"),
        ({"seed": 1.0}, f"seed {WHOLE}, got 1.0"),
    ],
    "experiments.benchmark.System": [
        ({"key": ""}, "key must be a text that is not empty, got ''"),
        ({"arxiv": "14"}, "arxiv must be the number of a preprint"),
        ({"has_crf": None}, f"has_crf {FLAG}, got None"),
    ],
    "experiments.benchmark.check_choice": [
        ({"models": ["resnet"]}, "models must be some of fcn32s"),
        ({"models": "unet"}, "models must be a list or tuple, got 'unet'"),
        ({"seeds": [-1]}, "seeds must be one or more numbers from 0 up, got [-1]"),
        ({"seeds": []}, "seeds must be one or more numbers from 0 up"),
        ({"seeds": [0.5]}, f"seeds[0] {WHOLE}, got 0.5"),
    ],
    "experiments.benchmark.count_costs": [
        ({"net": None}, "net must be a torch.nn.Module, got None"),
        ({"size": (0, 8)}, "size must be at least 1 high and wide, got (0, 8)"),
        ({"has_crf": 1}, f"has_crf {FLAG}, got 1"),
        ({"net": net(in_channels=5)}, "the model must take images (1, 3, 8, 8)"),
    ],
    "experiments.benchmark.draw_benchmark": [
        NO_BENCHMARK,
        ({}, "predictions must be stored to be drawn, but there are none"),
    ],
    "experiments.benchmark.draw_scene": [
        NO_BENCHMARK,
        ({"number": -1}, "number must be at least 0, got -1"),
        ({"number": 0.5}, f"number {WHOLE}, got 0.5"),
    ],
    "experiments.benchmark.load_benchmark": [
        ({"level": "huge"}, "level must be one of ci, laptop, full, got 'huge'"),
        ({"data": ""}, "data must be a text that is not empty, got ''"),
        NO_FOLDER,
        ({"settings": [1]}, "settings must be a dict or None, got [1]"),
    ],
    "experiments.benchmark.make_net": [
        ({"model": "resnet"}, "model must be one of fcn32s"),
        ({"num_classes": 0}, "num_classes must be from 1"),
        ({"base_channels": 0}, "base_channels must be at least 1, got 0"),
        ({"weights": "imagenet"}, "unet has no convolutions of VGG16"),
    ],
    "experiments.benchmark.markdown_table": [
        NO_BENCHMARK,
        ({}, "results must be stored to be shown, but there are none"),
    ],
    "experiments.benchmark.run_benchmark": [
        ({"run": None}, "run must be a RunLevel, got None"),
        ({"data": "voc"}, "data must be a CourseData, got 'voc'"),
        ({"models": ["resnet"]}, "models must be some of fcn32s"),
        ({"seeds": [-1]}, "seeds must be one or more numbers from 0 up"),
        ({"again": 1}, f"again {FLAG}, got 1"),
        NO_FOLDER,
    ],
    "experiments.benchmark.save_picture": [
        NO_BENCHMARK,
        ({"path": "a.png"}, "path must be a pathlib.Path, got 'a.png'"),
    ],
    "experiments.benchmark.systems_of": [
        ({"model": "resnet"}, "model must be one of fcn32s"),
        ({"model": None}, "model must be one of fcn32s"),
    ],
    "experiments.sweeps.Lengths": [
        ({"model": ""}, "model must be a text that is not empty, got ''"),
        ({"scores": {3: 50}}, "scores[3] must be from 0 to 1, got 50"),
    ],
    "experiments.sweeps.Rates": [
        ({"scores": {}}, "scores must be at least 1 long"),
        ({"scores": {0.1: NAN}}, "scores[0.1] must be finite, got nan"),
    ],
    "experiments.sweeps.load_lengths": [NO_FOLDER],
    "experiments.sweeps.load_rates": [NO_FOLDER],
    "experiments.sweeps.sweep_lengths": [
        *NO_SWEEP,
        ({"recipes": ["older"]}, "recipes[0] must be one of old, new, got 'older'"),
    ],
    "experiments.sweeps.sweep_rates": [
        *NO_SWEEP,
        ({"optimizers": ["adam"]}, "optimizers[0] must be one of"),
    ],
    "environment.examine": [({"topic": "disk"}, "unexpected keyword argument")],
    "environment.report": [
        ({"findings": None}, "findings must be a list or tuple, got None"),
        ({"findings": ["ok"]}, "findings[0] must be a Finding, got 'ok'"),
    ],
    "environment.set_up": [
        ({"course": None}, "course must be a text or a pathlib.Path, got None"),
        ({"course": ""}, "course must be a path that is not empty, got ''"),
    ],
    "classroom.release": [
        ({"source": "notebooks"}, "source must be a pathlib.Path, got 'notebooks'"),
        ({"destination": None}, "destination must be a pathlib.Path, got None"),
        ({}, "gone must hold taught notebooks"),
        ({"destination": FOLDER / "gone"}, "destination must not be the source"),
    ],
}


def not_the_answer(name):
    """What every check of an exercise refuses in the reader's place."""
    check = getattr(checks, name)
    number = len(inspect.signature(check).parameters)
    for given in ((3,) * number, (None,) * number, ()):
        words = "itself" if given else f"got {len(given)} arguments"
        yield check, given, f"call {name}(", words
