"""Ctrl-C and pipes that end early, in processes of their own."""

import signal
import subprocess
import sys

import pytest

from course_utils.cli import main as cli
from course_utils.cli.parser import add_command
from course_utils.settings import COURSE_ROOT

pytestmark = pytest.mark.usefixtures("environment")

INTERRUPTED_IMPORT = """
import os, runpy, signal, sys
sys.modules.pop("argparse", None)
class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, CtrlC())
sys.argv = ["course_utils", {command!r}, "fcn8s", *{more!r}]
runpy.run_module("course_utils", run_name="__main__", alter_sys=True)
"""


def start(*arguments, **options):
    command = [sys.executable, *arguments]
    options = {"stderr": subprocess.PIPE, "text": True, **options}
    return subprocess.Popen(command, cwd=COURSE_ROOT, **options)


@pytest.mark.parametrize(
    "name",
    [
        "course_utils.cli.terminal",
        "argparse",
        "course_utils.cli.train",
        "torch",
        "course_utils.experiments.protocol",
    ],
)
def test_ctrl_c_while_a_command_starts_ends_in_one_line(name, tmp_path):
    values = {"name": name, "command": "train", "more": ["--to", str(tmp_path / "a")]}
    process = start("-c", INTERRUPTED_IMPORT.format(**values), stdout=subprocess.PIPE)
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert (printed, errors.split()) == ("", ["stopped"])
    assert not list(tmp_path.iterdir())


def test_ctrl_c_during_a_training_ends_in_one_line(tmp_path):
    command = ["train", "fcn8s", "--to", str(tmp_path / "a.pt"), "--base-channels", "1"]
    command += ["--batch-size", "4", "--steps", "100000"]
    process = start("-m", "course_utils", *command, stdout=subprocess.PIPE)
    for line in process.stdout:
        if line.startswith("weights: "):
            break
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors.strip().splitlines()[-1].startswith("stopped")
    assert "Traceback" not in errors
    assert not (tmp_path / "a.pt").exists()


def test_a_reader_that_has_gone_ends_no_training(tmp_path):
    path = tmp_path / "a.pt"
    command = ["train", "fcn8s", "--to", str(path), "--steps", "1"]
    command += ["--base-channels", "1", "--batch-size", "4"]
    process = start("-m", "course_utils", *command, stdout=subprocess.PIPE, bufsize=0)
    assert process.stdout.readline().startswith("data: ")
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=120)) == ("", 0)
    assert path.is_file()


@pytest.mark.parametrize("arguments", [["--help"], ["doctor"]])
def test_a_reader_of_one_line_is_left_quietly(arguments):
    process = start("-m", "course_utils", *arguments, stdout=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=120) in (0, 1)  # doctor may have found something to do


def run(monkeypatch, capsys, error, *, resumes=False):
    """Run a command that fails; return its status and what it said."""

    def fail(args):
        """Fail."""
        raise error

    class Command:
        @staticmethod
        def add_to(commands):
            add_command(commands, "fail", fail, example="", resumes=resumes)

    monkeypatch.setattr(cli, "_COMMANDS", [Command])
    with pytest.raises(SystemExit) as stopped:
        cli.main(["fail"])
    return stopped.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MemoryError(), "there is too little memory for this"),
        (ArithmeticError("not finite"), "not finite"),
        (PermissionError(13, "Permission denied", "a.pt"), "a.pt can't be used (Permi"),
        (ValueError("bad \x1b[2J name\nand a second line"), r"bad \x1b[2J name"),
    ],
)
def test_what_goes_wrong_is_said_without_a_traceback(
    monkeypatch, capsys, error, message
):
    status, printed = run(monkeypatch, capsys, error)
    assert status == 2
    assert printed.startswith(f"course_utils: {message}")


def test_only_a_command_that_goes_on_is_offered_again(monkeypatch, capsys):
    assert run(monkeypatch, capsys, KeyboardInterrupt()) == (130, "\nstopped\n")
    status, printed = run(monkeypatch, capsys, KeyboardInterrupt(), resumes=True)
    assert (status, "run the same command again" in printed) == (130, True)
