import importlib.metadata
import os
import subprocess
import sys

import pytest
import torch

from course_utils import TAG
from course_utils.environment import colab


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """Nothing is installed for real, and no Drive is there."""
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.delenv("COURSE_CHECKPOINTS", raising=False)
    monkeypatch.setattr(colab, "_DRIVE", tmp_path / "drive" / "MyDrive")
    monkeypatch.setattr(colab, "required_packages", list)


@pytest.fixture
def pip(monkeypatch):
    """Pretend that some packages are missing, until pip is asked for them."""
    missing, asked = set(), []

    def version(name):
        if name in missing:
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    def run(command, **options):
        asked.append(command)
        missing.difference_update(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(subprocess, "run", run)
    return missing, asked


def test_it_says_in_one_line_what_was_done_and_what_no_gpu_means(capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    colab.set_up(colab.COURSE_ROOT)
    assert capsys.readouterr().out == (
        f"course {TAG} is in {colab.COURSE_ROOT.name}; installed: nothing was "
        "missing; checkpoints: on this machine "
        "(mount Drive before this cell to keep them)\n"
    )
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    colab.set_up(colab.COURSE_ROOT)
    assert "no GPU in this session" in capsys.readouterr().out


def test_commands_of_the_notebook_find_the_course():
    for _ in range(2):  # safe to run twice
        colab.set_up(colab.COURSE_ROOT)
    assert os.environ["PYTHONPATH"] == f"{colab.COURSE_ROOT}{os.pathsep}elsewhere"


def test_another_edition_in_this_session_is_noticed(capsys, tmp_path):
    colab.set_up(tmp_path)
    printed = capsys.readouterr().out
    assert "another edition of the course" in printed
    assert "Restart session" in printed


def test_what_is_missing_comes_without_what_it_would_bring_along(pip, monkeypatch):
    missing, asked = pip
    missing |= {"accelerate", "huggingface_hub", "torch"}
    needs = {"accelerate": ["numpy>=1.17", "torch>=2", "huggingface_hub>=0.21"]}
    needs["accelerate"] += ['pytest>7; extra == "dev"']
    monkeypatch.setattr(importlib.metadata, "requires", needs.get)
    wanted = ["accelerate", "huggingface_hub"]
    assert colab._install_missing(["accelerate", "tqdm"]) == wanted
    pip_install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    assert asked == [[*pip_install, name] for name in wanted]


COLABS_OWN = ["torch", "torchvision", "numpy", "jupyterlab"]


@pytest.mark.parametrize("missing", [[], COLABS_OWN])
def test_what_is_there_and_colabs_own_are_left_alone(pip, missing):
    pip[0].update(missing)
    assert colab._install_missing(["accelerate", "tqdm", *COLABS_OWN]) == []
    assert pip[1] == []


def test_an_install_that_fails_says_what_pip_said(pip, monkeypatch):
    pip[0].add("accelerate")
    failed = subprocess.CompletedProcess([], 1, "", "no network\n")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: failed)
    with pytest.raises(RuntimeError, match=r"can't install \['accelerate'\]: no net"):
        colab._install_missing(["accelerate"])


def test_the_names_are_those_of_the_project(monkeypatch):
    monkeypatch.undo()
    names = colab.required_packages()
    assert {"numpy", "accelerate", "requests", "ipywidgets", "jupyterlab"} <= set(names)
    assert names["torch"] == "2.6"


def test_checkpoints_go_to_a_mounted_drive_unless_a_folder_was_chosen(monkeypatch):
    colab._DRIVE.mkdir(parents=True)
    folder = str(colab._DRIVE / "segmentation-course" / "checkpoints")
    assert colab._keep_checkpoints(colab._DRIVE) == folder
    assert os.environ["COURSE_CHECKPOINTS"] == folder
    assert colab._keep_checkpoints(colab._DRIVE) == folder
    monkeypatch.setenv("COURSE_CHECKPOINTS", "mine")
    assert colab._keep_checkpoints(colab._DRIVE) == "mine"


def test_only_python_is_needed_to_begin():
    script = (
        "import sys; sys.modules.update(dict.fromkeys(['torch', 'numpy', 'PIL']))\n"
        "import course_utils.environment.colab"
    )
    environment = {**os.environ, "PYTHONPATH": str(colab.COURSE_ROOT)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
