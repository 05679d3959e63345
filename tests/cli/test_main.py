import re
import subprocess
import sys

import pytest

from course_utils import experiments, models
from course_utils.cli import parser, reproduce
from course_utils.experiments import reproduction
from course_utils.settings import COURSE_ROOT

COMMANDS = ["doctor", "download", "train", "evaluate", "predict", "benchmark"]
COMMANDS += ["reproduce", "release", "record", "stamp"]

REPRODUCE = ["reproduce", "fc_densenet56", "--checkpoint", "a.pt"]


def test_without_a_command_all_are_listed(run_command):
    status, printed = run_command()
    assert status == 2 and "required: command" in printed
    status, printed = run_command("--help")
    assert status == 0
    assert all(f"    {command}" in printed for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(run_command, command):
    status, printed = run_command(command, "--help")
    assert status == 0
    assert f"example:\n  python -m course_utils {command}" in printed


def test_help_and_wrong_arguments_are_answered_without_torch():
    calls = [["--help"], [], ["nothing"], ["train", "resnet"], ["evaluate"]]
    calls += [[command, "--help"] for command in COMMANDS]
    calls += [[command, "--no-such-option"] for command in COMMANDS]
    script = (
        "import sys\n"
        "from course_utils.cli.main import main\n"
        f"for arguments in {calls}:\n"
        "    try:\n"
        "        main(arguments)\n"
        "    except SystemExit as stopped:\n"
        "        assert stopped.code == 2 * ('--help' not in arguments)\n"
        "    else:\n"
        "        raise AssertionError(arguments)\n"
        "heavy = {'torch', 'torchvision', 'numpy', 'scipy', 'matplotlib', 'nbformat'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=COURSE_ROOT, capture_output=True, text=True)
    assert run.stdout.endswith("loaded: []\n"), run.stderr


def test_names_written_out_for_the_parsers_are_those_of_the_course():
    assert parser.MODEL_NAMES == models.MODEL_NAMES
    assert tuple(reproduction.STAGES) == reproduce.STAGES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["record", "99_nothing"], "99_nothing.ipynb must be a notebook"),
        (
            ["record", "00_start_here", "--seeds", "one"],
            "--seeds: must be a whole number, got 'one'",
        ),
        (["record", "00_start_here", "--jobs", "0"], "--jobs: must be at least 1"),
        (["benchmark", "--seeds", "-1"], "--seeds: must be at least 0, got -1"),
        (["evaluate", "a.pt", "--batch-size", "0"], "must be at least 1, got 0"),
        ([*REPRODUCE, "--minutes", "nan"], "--minutes: must be finite, got nan"),
        ([*REPRODUCE, "--minutes", "-1"], "--minutes: must be at least 0, got -1"),
        ([*REPRODUCE, "--minutes", "1", "--crop", "0"], "--crop: must be at least 1"),
        ([*REPRODUCE, "--minutes", "1", "--lr", "0"], "--lr: must be above 0, got 0"),
        (["train", "resnet"], r"invalid choice: 'resnet' .*fcn8s"),
        (["download", "imagenet"], "invalid choice: 'imagenet'"),
    ],
)
def test_a_wrong_argument_ends_with_a_message(run_command, arguments, message):
    status, printed = run_command(*arguments)
    assert status == 2
    assert re.search(message, printed)


def test_the_seeds_given_are_the_seeds_recorded(monkeypatch, run_command):
    asked = []

    def record(notebook, seeds, *, jobs):
        asked.append((notebook.name, seeds, jobs))
        return ["figures.json"]

    monkeypatch.setattr(experiments, "record", record)
    status, printed = run_command("record", "00_start_here", "--seeds", "3", "4")
    assert (status, printed) == (0, "written figures.json\n")
    assert asked == [("00_start_here.ipynb", [3, 4], 1)]
