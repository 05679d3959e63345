import ast
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
IMPORT_NAMES = {"pillow": "PIL", "ipython": "IPython", "pydensecrf2": "pydensecrf"}
STARTED_NOT_IMPORTED = {"jupyterlab"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
ENVIRONMENT = (ROOT / "environment.yml").read_text("utf-8")

needs_make = pytest.mark.skipif(
    shutil.which("make") is None or os.name != "posix", reason="make on a POSIX system"
)


def run_make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Without the variables of a make that runs these tests, VENV=... among them.
    inherited = {"MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "VENV", "PYTHON"}
    environment = {k: v for k, v in os.environ.items() if k not in inherited}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_conda_and_pip_ask_for_the_same_versions():
    dependencies = ENVIRONMENT.split("dependencies:\n")[1]
    conda = re.findall(r"^  - ([^:\n]+)$", dependencies, flags=re.MULTILINE)
    expected = {
        CONDA_NAMES.get(r.name, r.name) + str(r.specifier)
        for r in map(Requirement, PROJECT["dependencies"] + EXTRAS["test"])
    }
    assert set(conda) == expected | {"python=3.12", "pip"}
    left_to_pip = re.findall(r"^      - (.+)$", dependencies, flags=re.MULTILINE)
    assert left_to_pip == ["-e ."]


def test_environment_yml_says_how_to_add_pydensecrf():
    module = re.search(r"python -m ([\w.]+pydensecrf)", ENVIRONMENT)[1]
    assert (ROOT / Path(*module.split("."))).with_suffix(".py").is_file()


def imported_packages():
    """Packages outside the standard library that course_utils imports anywhere."""
    names = set()
    for path in (ROOT / "course_utils").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module)
    tops = {name.partition(".")[0] for name in names}
    return tops - sys.stdlib_module_names - {"course_utils"}


def test_every_package_that_is_imported_is_declared_and_no_other():
    lines = PROJECT["dependencies"] + EXTRAS["crf"]
    declared = {Requirement(line).name for line in lines} - STARTED_NOT_IMPORTED
    assert imported_packages() == {IMPORT_NAMES.get(name, name) for name in declared}


@pytest.mark.parametrize(
    "line", [*PROJECT["dependencies"], *(r for e in EXTRAS.values() for r in e)]
)
def test_pip_is_given_lower_bounds_only(line):
    assert [s.operator for s in Requirement(line).specifier] == [">="]


def test_no_file_names_a_package_index():
    # Whoever sits behind a mirror has configured pip; a host written here would
    # go around that, and a wheel index for one CUDA version would go stale.
    host = re.compile(
        r"(pypi|pythonhosted|download\.pytorch|anaconda|npmjs)\.(org|com)"
        r"|--(extra-)?index-url"
    )
    skipped = re.compile(r"\.(?!ci|github)|__pycache__")
    named = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if not skipped.match(f)]
        if Path(folder) in (ROOT / "data", ROOT / "build") or "pyvenv.cfg" in files:
            folders.clear()  # downloads; the built book; an environment
            continue
        for path in (Path(folder) / f for f in files if f != Path(__file__).name):
            if host.search(path.read_text("utf-8", errors="ignore")):
                named.append(path.relative_to(ROOT))
    assert not named


@needs_make
def test_make_alone_explains_every_target():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)[1].split()
    explained = re.findall(r"^  make ([a-z-]+) +\S", run_make().stdout, re.MULTILINE)
    assert explained == targets


@pytest.fixture
def fake_python(tmp_path) -> Path:
    """An interpreter that does nothing but write down what it is asked."""
    path = tmp_path / "fake python"
    path.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >>"{tmp_path}/log"\n'
        'case "$*" in\n'
        '*"-m venv"*) for folder; do :; done; mkdir -p "$folder/bin"\n'
        '  cp "$0" "$folder/bin/python";;\n'
        f'*"pip install"*) [ ! -e "{tmp_path}/offline" ];;\n'
        "*install_pydensecrf*) exit 1;;\n"
        "esac\n"
    )
    path.chmod(0o755)
    return path


@needs_make
def test_make_installs_once(tmp_path, fake_python):
    log, offline = tmp_path / "log", tmp_path / "offline"
    command = ["set-up", f"VENV={tmp_path}/an env", f"PYTHON={fake_python}"]
    offline.touch()
    assert run_make(*command).returncode != 0, "an install that failed was not reported"
    offline.unlink()
    assert run_make(*command).returncode == 0
    installs = log.read_text().count("pip install")
    asked = log.read_text()
    again = run_make(*command)
    assert installs == 2, "a failed install must not count as done"
    assert asked.count("install_pydensecrf") == 1, "it is tried once, and may fail"
    assert (again.returncode, again.stdout) == (0, "")
    assert log.read_text() == asked, "the second set-up still started Python"


@needs_make
def test_make_says_so_when_python_is_too_old(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    result = run_make("set-up", f"VENV={tmp_path}/env", f"PYTHON={old}")
    assert result.returncode != 0
    assert "needs Python 3.10 or later" in result.stderr
    assert not (tmp_path / "env").exists()


def on_terminal(command, answers, **options):
    """Run a command on a terminal of its own; type each answer after its question."""
    own, theirs = os.openpty()
    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=take(theirs),
        **options,
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while block := os.read(own, 1 << 16):
            shown += block
            if answers and shown.endswith(answers[0][0]):
                os.write(own, answers.pop(0)[1])
    os.close(own)
    return process.wait(timeout=60), shown.decode()


def take(terminal):
    """Make a terminal that of a process, so that Ctrl-C reaches all its children."""

    def prepare():
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    return prepare


@needs_make
@pytest.mark.parametrize("status", [0, 130])
def test_ctrl_c_in_the_lab_is_no_failure(tmp_path, fake_python, status):
    environment = f"VENV={tmp_path}/env"
    assert run_make("set-up", environment, f"PYTHON={fake_python}").returncode == 0
    asks = f"trap 'exit {status}' INT\nprintf 'it runs: '\nread answer\n"
    (tmp_path / "env" / "bin" / "python").write_text(f"#!/bin/sh\n{asks}")
    outcome, shown = on_terminal(
        ["make", "--no-print-directory", "lab", environment],
        [(b"it runs: ", b"\x03")],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if "MAKE" not in k and k != "VENV"},
    )
    assert (outcome, "***" in shown) == (0, False), shown


@needs_make
def test_a_lab_that_fails_is_a_failure(tmp_path, fake_python):
    environment = f"VENV={tmp_path}/env"
    assert run_make("set-up", environment, f"PYTHON={fake_python}").returncode == 0
    (tmp_path / "env" / "bin" / "python").write_text("#!/bin/sh\nexit 3\n")
    assert run_make("lab", environment).returncode != 0
