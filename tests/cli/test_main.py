import subprocess
import sys

import pytest

from course_utils import experiments, models
from course_utils.cli import main as cli
from course_utils.cli import parser, reproduce
from course_utils.experiments import reproduction
from course_utils.settings import COURSE_ROOT

COMMANDS = [
    "doctor",
    "download",
    "train",
    "evaluate",
    "predict",
    "benchmark",
    "reproduce",
]
COMMANDS += ["release", "record", "stamp"]


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


def test_recording_an_unknown_notebook_ends_with_a_message_and_status_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["record", "99_nothing"])
    assert stopped.value.code == 2
    message = capsys.readouterr().err
    assert "99_nothing.ipynb must be a notebook" in message
    assert "Traceback" not in message


def test_the_seeds_given_are_the_seeds_recorded(monkeypatch, capsys):
    asked = []

    def record(notebook, seeds, *, jobs):
        asked.append((notebook.name, seeds, jobs))
        return ["figures.json"]

    monkeypatch.setattr(experiments, "record", record)
    assert cli.main(["record", "00_start_here", "--seeds", "3", "4"]) == 0
    assert asked == [("00_start_here.ipynb", [3, 4], 1)]
    assert capsys.readouterr().out == "written figures.json\n"


def test_a_seed_that_is_no_number_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["record", "00_start_here", "--seeds", "one"])
    assert stopped.value.code == 2
    assert "invalid int value: 'one'" in capsys.readouterr().err
