import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "course_utils"
ROWS = [  # a topic may import the topics of the rows above its own
    {"labels", "run_level", "receptive_field", "crf", "edition", "meta_forward"},
    {"metrics", "transforms", "plots", "models", "ledger", "costs", "results"},
    {"training", "diagnostics", "data.scenes", "data.voc", "data.download"},
    {"checks", "classroom", "data.course_data", "doctor", "stamp", "colab"},
    {"protocol", "saved_model", "pictures", "reproduction"},
    {"wall"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
PARTS = {  # a topic may be split over modules, which may import each other
    "evaluation": "training",
    "progress": "training",
    "checkpoints": "training",
    "devices": "training",
    "class_weights": "training",
    "field_follower": "ledger",
    "skip_figure": "ledger",
    "skip_links": "ledger",
    "recording": "results",
    "recipe": "reproduction",
    "long_training": "reproduction",
    "scoring": "reproduction",
}
FORBIDDEN = {("data.voc", "transforms")}  # downward, and yet kept apart
EMPTY = {
    "course_utils",
    "course_utils.data",
    "course_utils.commands",
}  # an __init__ that only has a docstring
MODELS = "course_utils.models."
MODELS_SHARE = {
    f"{MODELS}{name}"
    for name in ("blocks", "context", "dense_blocks", "padding", "skips", "vgg16")
}


def module_name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def topic_of(module):
    """The topic a module belongs to; its own name where the rows do not know it."""
    name = module.removeprefix("course_utils").removeprefix(".")
    topics = set().union(*ROWS)
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in topics or prefix in PARTS:
            return PARTS.get(prefix, prefix)
    return name


def row_of(topic):
    return next((row for row, topics in enumerate(ROWS) if topic in topics), None)


def dotted_imports(source):
    """Every module or name of course_utils that a source imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = f"{node.module}." if not node.level else "course_utils.relative."
            names |= {base + alias.name for alias in node.names}
        elif isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func)
            if called.endswith(("import_module", "__import__")):
                names.add(
                    str(getattr(node.args[0], "value", "course_utils.computed.name"))
                )
    return {n for n in names if n == "course_utils" or n.startswith("course_utils.")}


def modules_imported(source, files):
    """The same as modules: a function's name is cut off, a missing module stays."""
    modules = set()
    for name in dotted_imports(source):
        parent = name.rpartition(".")[0]
        is_module = name in files or parent not in files
        modules.add(name if is_module else parent)
    return modules


def violations(module, source, files=FILES):
    """What is wrong with the imports of one module, in words."""
    mine, found = topic_of(module), []
    if module in EMPTY:
        return [f"{module} imports {m}" for m in modules_imported(source, files)]
    if row_of(mine) is None:
        return [f"{module} is in no row"]
    for other in sorted(modules_imported(source, files) - EMPTY):
        theirs = topic_of(other)
        if row_of(theirs) is None:
            found.append(f"{module} imports {other}, which is in no row")
        elif theirs != mine and row_of(theirs) >= row_of(mine):
            found.append(f"{module} imports {other}, not from a row above its own")
        elif (mine, theirs) in FORBIDDEN:
            found.append(f"{module} imports {other}, from which it is kept apart")
        elif other.startswith(MODELS) and mine == "models":
            makes_models = "def create_model(" in source or module == MODELS[:-1]
            shared = other in MODELS_SHARE and module != f"{MODELS}blocks"
            if not (makes_models or shared):
                found.append(f"{module} imports {other}: one paper, one file")
    return found


@pytest.mark.parametrize("module", FILES)
def test_a_module_imports_only_from_the_rows_above_its_own(module):
    assert violations(module, FILES[module].read_text(encoding="utf-8")) == []


def test_no_modules_import_each_other_in_a_circle():
    sources = {m: path.read_text(encoding="utf-8") for m, path in FILES.items()}
    waiting = {m: modules_imported(s, FILES) & set(FILES) for m, s in sources.items()}
    while ready := {m for m, needs in waiting.items() if not needs & set(waiting)}:
        for module in ready:
            del waiting[module]
    assert waiting == {}


def test_a_part_belongs_to_a_topic_and_no_topic_has_two_rows():
    topics = [topic for row in ROWS for topic in row]
    assert len(set(topics)) == len(topics)
    assert set(PARTS.values()) <= set(topics)
    assert not set(PARTS) & set(topics)


def code_of(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    lines = "\n".join(sources).splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


@pytest.mark.parametrize(
    "notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_notebooks_use_neither_the_commands_nor_the_classroom(notebook):
    imported = modules_imported(code_of(notebook), FILES)
    topics = {topic_of(module) for module in imported}
    assert topics.isdisjoint({"cli", "commands", "classroom", "__main__"})


FIXED = dict.fromkeys(
    ["course_utils", "course_utils.data", "course_utils.labels"]
    + ["course_utils.metrics", "course_utils.plots", "course_utils.cli"]
    + [f"course_utils.models{m}" for m in ("", ".blocks", ".vgg16", ".fcn", ".unet")]
)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("metrics", "from course_utils.labels import IGNORE_INDEX"),
        ("metrics", "from course_utils import __version__\nimport torch"),
        ("metrics.boundary", "from course_utils.metrics.confusion import mean_iou"),
        ("training", "from course_utils.evaluation import evaluate"),
        ("models.fcn", "from course_utils.models.blocks import ConvReLU"),
        ("models.fcn", "from course_utils.models import blocks, vgg16"),
        ("models.vgg16", "import course_utils.models.blocks"),
        (
            "models.create",
            "from course_utils.models.fcn import A\ndef create_model(): 0",
        ),
        ("checks.start_here", "from course_utils.checks.answer import ask"),
        ("data.course_data", "from course_utils.data.voc import SegmentationFolder"),
        ("__main__", "from course_utils.cli import main"),
    ],
)
def test_arrows_that_go_down_are_allowed(module, source):
    assert violations(f"course_utils.{module}", source, FIXED) == []


@pytest.mark.parametrize(
    ("module", "source", "message"),
    [
        ("labels", "import course_utils.metrics", "not from a row above"),
        ("labels", "from course_utils import metrics", "not from a row above"),
        (
            "metrics",
            "def f():\n    from course_utils.cli import main",
            "not from a row",
        ),
        ("metrics", "from course_utils.plots import show", "not from a row above"),
        ("metrics", "importlib.import_module('course_utils.plots')", "not from a row"),
        ("metrics", "importlib.import_module(name)", "in no row"),
        ("metrics", "from course_utils.utils import x", "in no row"),
        ("metrics", "from .labels import VOC", "in no row"),
        ("data.voc", "from course_utils.transforms import x", "kept apart"),
        ("data.voc", "from course_utils.data.scenes import x", "not from a row above"),
        ("data.other", "", "in no row"),
        ("helpers", "", "in no row"),
        ("models.unet", "from course_utils.models.fcn import FCN8s", "one paper"),
        ("models.unet", "from course_utils.models import fcn", "one paper"),
        ("models.blocks", "from course_utils.models.vgg16 import x", "one paper"),
        ("data", "from course_utils.data.voc import x", "imports"),
    ],
)
def test_other_arrows_are_found(module, source, message):
    (violation,) = violations(f"course_utils.{module}", source, FIXED)
    assert message in violation


def test_the_package_itself_imports_nothing_of_its_own():
    assert violations("course_utils", "from course_utils.labels import VOC", FIXED)
