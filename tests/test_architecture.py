"""The rooms and arrows of course_utils are those that docs/architecture.md draws."""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "course_utils"
DRAWING = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FLOORS = {  # room: floor
    room: int(number)
    for number, rooms in re.findall(r"(?m)^floor (\d)   (.+)$", DRAWING)
    for room in rooms.split()
}
KEPT_APART = {  # independences that arrows alone would allow
    "datasets.folder": "datasets.transforms",
    "training.loop": "datasets",
}


def module_name(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module):
    return module.split(".")[0]


def dotted_imports(source):
    """Every module or name of course_utils that a source imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module if not node.level else "course_utils.relative"
            names |= {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and node.args:
            called, value = ast.unparse(node.func), getattr(node.args[0], "value", None)
            if called.endswith(("import_module", "__import__")):
                names.add(value if isinstance(value, str) else "")
    names = {n for n in names if n == "course_utils" or n.startswith("course_utils.")}
    return {n.removeprefix("course_utils").removeprefix(".") for n in names}


def modules_imported(source, files=FILES):
    """The same as modules: the name of a function or class is cut off."""
    found = set()
    for name in dotted_imports(source):
        parent = name.rpartition(".")[0]
        found.add(name if name in files or parent not in files else parent)
    return found - {""}  # the package itself holds no more than its edition


def violations(module, source, files=FILES):
    """What is wrong with the imports of one module, in words."""
    room, found = room_of(module), []
    if not module:
        return [f"course_utils imports {m}" for m in sorted(modules_imported(source))]
    for other in sorted(modules_imported(source, files)):
        theirs = room_of(other)
        if theirs not in FLOORS:
            found.append(f"{module} imports {other}, which is no room")
        elif theirs != room and FLOORS[theirs] >= FLOORS[room]:
            found.append(f"{module} imports {other}, which is not on a lower floor")
        for apart, kept_from in KEPT_APART.items():
            if f"{module}.".startswith(f"{apart}.") and f"{other}.".startswith(
                f"{kept_from}."
            ):
                found.append(f"{module} imports {other}, from which it is kept apart")
    return found


def test_the_drawing_shows_every_room_and_no_other():
    rooms = {room_of(module) for module in FILES} - {""}
    assert set(FLOORS) == rooms
    assert len(rooms - {"__main__"}) == 16
    assert set(FLOORS.values()) == {1, 2, 3, 4, 5, 6, 7}


def test_the_table_of_rooms_names_every_room_once():
    named = re.findall(r"(?m)^\| `(\w+)` \|", DRAWING)
    assert sorted(named) == sorted(set(FLOORS) - {"__main__"})


@pytest.mark.parametrize("module", FILES)
def test_a_room_imports_only_from_lower_floors(module):
    assert violations(module, FILES[module].read_text(encoding="utf-8")) == []


def test_no_modules_import_each_other_in_a_circle():
    waiting = {
        module: modules_imported(path.read_text(encoding="utf-8")) & set(FILES)
        for module, path in FILES.items()
    }
    while ready := {m for m, needs in waiting.items() if not needs & set(waiting)}:
        for module in ready:
            del waiting[module]
    assert waiting == {}


@pytest.mark.parametrize("room", sorted({room_of(m) for m in FILES} - {"", "__main__"}))
def test_tests_stand_where_the_code_stands(room):
    tests = ROOT / "tests"
    assert (tests / room).is_dir() or (tests / f"test_{room}.py").is_file()


def code_of(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    lines = "\n".join(sources).splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


@pytest.mark.parametrize(
    "notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_notebooks_import_from_packages_and_use_no_commands(notebook):
    imported = modules_imported(code_of(notebook))
    assert {room_of(module) for module in imported} <= set(FLOORS)
    assert not {"cli", "classroom"} & {room_of(module) for module in imported}
    packages = {m for m in FILES if FILES[m].name == "__init__.py"}
    modules = {m for m in imported if "." in m} - packages
    # Before the course is installed, the first cell can import what needs nothing
    assert modules <= {"environment.colab"}


SOME_FILES = dict.fromkeys(
    [
        "",
        "labels",
        "metrics",
        "metrics.confusion",
        "plots",
        "cli",
        "cli.main",
        "models",
        "models.blocks",
        "datasets",
        "datasets.folder",
        "training",
    ]
)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("metrics", "from course_utils.labels import IGNORE_INDEX"),
        ("metrics", "from course_utils import __version__\nimport torch"),
        ("metrics.boundary", "from course_utils.metrics.confusion import mean_iou"),
        ("models.fcn", "from course_utils.models import blocks"),
        ("__main__", "from course_utils.cli import main"),
    ],
)
def test_arrows_that_go_down_are_allowed(module, source):
    assert violations(module, source, SOME_FILES) == []


@pytest.mark.parametrize(
    ("module", "source", "message"),
    [
        ("labels", "import course_utils.metrics", "not on a lower floor"),
        ("labels", "from course_utils import metrics", "not on a lower floor"),
        ("metrics", "def f():\n    from course_utils.cli import main", "lower floor"),
        ("metrics", "from course_utils.plots import show", "lower floor"),
        ("metrics", "importlib.import_module('course_utils.plots')", "lower floor"),
        ("metrics", "from course_utils.utils import x", "no room"),
        ("metrics", "from .labels import VOC", "no room"),
        ("datasets.folder", "from course_utils.datasets.transforms import x", "apart"),
        ("plots.pictures", "from course_utils.models import FCN8s", "lower floor"),
        ("", "from course_utils.labels import VOC", "course_utils imports labels"),
    ],
)
def test_other_arrows_are_found(module, source, message):
    found = violations(module, source, SOME_FILES)
    assert any(message in violation for violation in found)
