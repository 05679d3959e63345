import subprocess
import sys

import pytest

from course_utils.crf import library
from course_utils.environment import install_pydensecrf as install


@pytest.fixture
def pip(monkeypatch):
    """Pip that installs nothing, writes down what it was asked, and can fail."""

    class Pip:
        status, output = 0, ""

        def run(self, command, env, **options):
            self.commands.append(command)
            self.environments.append(env)
            return subprocess.CompletedProcess(command, self.status, "", self.output)

    fake = Pip()
    fake.commands, fake.environments = [], []
    monkeypatch.setattr(install.subprocess, "run", fake.run)
    monkeypatch.setattr(library, "is_installed", lambda: False)
    return fake


def test_a_new_cython_comes_first_and_is_what_the_library_is_built_with(pip, capsys):
    assert install.install()
    needs, build = pip.commands
    assert needs[:4] == (sys.executable, "-m", "pip", "install")
    assert "Cython>=3.0.12" in needs
    assert build[-2:] == ("--no-build-isolation", "pydensecrf2==1.1")
    assert all(env["CYTHON_FORCE_REGEN"] == "1" for env in pip.environments)
    assert capsys.readouterr().out.endswith("pydensecrf: installed\n")


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("x\nerror: command 'g++' failed: No such file", "no C++ compiler"),
        ("error: [Errno 2] No such file: '/usr/bin/c++'", "no C++ compiler"),
        ("x\nERROR: Could not find a version\ny", "(ERROR: Could not find a v"),
        ("", "pip says nothing"),
    ],
    ids=["no compiler", "nor this one", "offline", "silent"],
)
def test_a_failure_is_one_line_and_no_exception(output, words, pip, capsys):
    pip.status, pip.output = 1, output
    assert not install.install()
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("pydensecrf: not installed (")
    assert words in last
    assert last.endswith("); the course uses its own CRF")
    assert len(pip.commands) == 1  # the second step needs the first


def test_what_is_there_is_not_built_again(pip, monkeypatch, capsys):
    monkeypatch.setattr(library, "is_installed", lambda: True)
    assert install.install()
    assert pip.commands == []
    assert capsys.readouterr().out == "pydensecrf: already installed\n"
