"""A rehearsal of Colab, without Colab: ``make rehearse-colab``, a quarter of an hour.

The machine is a fresh virtual environment that holds only what Colab preinstalls (links
to this environment's packages), a module ``google.colab`` that is loaded when a kernel
starts, an empty working folder, and a git repository on the disk in the place of the
public one. The cells that run are those of the learner's copy, unchanged.

Not rehearsed: Google's own front end, its older IPython and ipywidgets, a T4, and Drive
(a folder stands for it).
"""

import importlib.metadata
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from checkout import copy_checkout
from jupyter_client import KernelManager

from course_utils import REPOSITORY, TAG
from course_utils.classroom.student_copies import _learner_copy

ROOT = Path(__file__).parents[2]
NOTEBOOK = "01_fcn_limits.ipynb"
PREINSTALLED = ["torch", "torchvision", "numpy", "scipy", "pillow", "matplotlib"]
PREINSTALLED += ["requests", "urllib3", "filelock", "ipywidgets", "ipykernel", "pip"]
PREINSTALLED += ["ipython", "nbformat", "nbclient", "safetensors", "huggingface_hub"]
PREINSTALLED += ["tqdm", "psutil", "pyyaml", "packaging"]
MISSING = "accelerate"  # as if it were not: so that installing is rehearsed, too

pytestmark = pytest.mark.skipif(
    not os.environ.get("COURSE_COLAB"), reason="minutes: make rehearse-colab"
)


def with_needs(names):
    """Add to some packages whatever they need, if it is installed here."""
    waiting, found = list(names), {}
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found or name == MISSING:
            continue
        try:
            found[name] = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # of another system
        for line in found[name].requires or []:
            if "extra ==" not in line:
                waiting.append(re.match(r"[\w.-]+", line)[0])
    return found


def as_wheel(name, folder):
    """Pack an installed pure package as pip would have fetched it."""
    package = importlib.metadata.distribution(name)
    path = folder / f"{name}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file in package.files:
            if file.parts[0] != ".." and "__pycache__" not in file.parts:
                wheel.write(file.locate(), str(file))


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """Build the environment, the repository and the folders."""
    machine = tmp_path_factory.mktemp("colab")
    venv = machine / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    site = next(venv.glob("lib/python*/site-packages"))
    for package in with_needs(PREINSTALLED).values():
        for top in {f.parts[0] for f in package.files} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(package.locate_file(top))
    (site / "google" / "colab").mkdir(parents=True)
    (site / "google" / "colab" / "__init__.py").touch()
    (site / "colab.pth").write_text("import google.colab\n")
    (machine / "wheels").mkdir()
    as_wheel(MISSING, machine / "wheels")
    publish(machine / "remote")
    return machine


def publish(remote):
    """Commit and tag the course as it is in the working tree."""
    copy_checkout(remote)
    me = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        [*me, "commit", "--quiet", "--message", "The course"],
        ["tag", TAG],
    ):
        subprocess.run(["git", *command], cwd=remote, check=True)


class Session:
    """A kernel of the environment, in a folder, as a notebook uses it."""

    def __init__(self, machine, content, **variables):
        content.mkdir(exist_ok=True)
        inherited = ("PATH", "HOME", "LANG", "TMPDIR")
        environment = {k: os.environ[k] for k in inherited if k in os.environ}
        path = f"{machine / 'venv' / 'bin'}{os.pathsep}{environment['PATH']}"
        environment |= {
            "PATH": path,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(machine / "wheels"),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{machine / 'remote'}.insteadOf",
            "GIT_CONFIG_VALUE_0": REPOSITORY,
            **variables,
        }
        self.manager = KernelManager()
        self.manager.kernel_spec.argv[0] = str(machine / "venv" / "bin" / "python")
        self.manager.start_kernel(cwd=str(content), env=environment)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def run(self, source, *, until=None, seconds=900):
        """Run a cell; return what it printed, at the end or as soon as a text came."""
        request, printed = self.client.execute(source, allow_stdin=False), ""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            message = self.client.get_iopub_msg(timeout=deadline - time.monotonic())
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            assert message["msg_type"] != "error", "\n".join(content["traceback"])
            printed += content.get("text", "")
            is_idle = content.get("execution_state") == "idle"
            if is_idle or (until is not None and until(printed)):
                return printed
        raise AssertionError(f"still busy with:\n{source}")

    def kill(self):
        """Take the machine away."""
        self.client.stop_channels()
        os.kill(self.manager.provisioner.pid, signal.SIGKILL)
        self.manager.cleanup_resources()


@pytest.fixture
def start(machine):
    sessions = []

    def start(content, **variables):
        sessions.append(Session(machine, content, **variables))
        return sessions[-1]

    yield start
    for session in sessions:
        if session.manager.is_alive():
            session.client.stop_channels()
            session.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def cells():
    """The code of the learner's copy, by the ids of its cells."""
    path = ROOT / "notebooks" / NOTEBOOK
    notebook = _learner_copy(path, ROOT / "notebooks" / "exercises")
    return {c.id: c.source for c in notebook.cells if c.cell_type == "code"}


def test_the_notebook_runs_from_its_first_to_its_last_cell(start, cells, tmp_path):
    choices = {"RUN": "ci", "DATA": "scenes", "WEIGHTS": "none"}
    variables = {f"COURSE_{name}": value for name, value in choices.items()}
    session = start(tmp_path / "content", **variables)
    printed = {name: session.run(source) for name, source in cells.items()}
    fetched = f"course {TAG} is in segmentation-course-{TAG}"
    assert printed["colab-setup"].startswith(f"{fetched}; installed: {MISSING};")
    assert "no GPU in this session" in printed["colab-setup"]
    assert "exercise 1.1 is still open" in printed["exercise-1-1-check"]
    again = session.run(cells["colab-setup"])
    assert again.startswith(f"{fetched}; installed: nothing was missing;")
    where = session.run("import course_utils; print(course_utils.__file__)")
    assert where.startswith(str(tmp_path / "content"))
    listed = session.run("!python -m course_utils download --help")
    assert "example:" in listed
    for name in ("torch", "numpy"):  # still the links: nothing was installed over them
        where = session.run(
            f"from pathlib import Path; import {name}\n"
            f"print(Path({name}.__file__).parent.is_symlink())"
        )
        assert where == "True\n"


def test_after_a_disconnect_the_training_goes_on(start, cells, tmp_path):
    drive = tmp_path / "drive"
    choices = {"RUN": "laptop", "DATA": "scenes", "WEIGHTS": "none"}
    choices["CHECKPOINTS"] = drive
    variables = {f"COURSE_{name}": str(value) for name, value in choices.items()}
    names = list(cells)
    before = names[: names.index("fit-all")]  # the cell that trains

    def run_up_to_the_training(content):
        session = start(content, **variables)
        for name in before:
            session.run(cells[name])
        return session

    def is_saved(printed):
        return any(drive.glob("*.pt"))

    session = run_up_to_the_training(tmp_path / "content")
    session.run(cells["fit-all"], until=is_saved)
    session.kill()
    session = run_up_to_the_training(tmp_path / "another machine")
    printed = session.run(cells["fit-all"], until=lambda text: "going on" in text)
    assert re.search(r"going on after epoch \d+, from 01_FCN-32s", printed)
    session.kill()
