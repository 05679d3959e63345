import errno
import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from course_utils import TAG, settings
from course_utils.cli import main as cli
from course_utils.datasets.download.manifest import MANIFEST, describe
from course_utils.environment import course_files as course
from course_utils.environment import doctor, examine, machine, packages, report
from course_utils.environment.findings import NOTE, OK, TO_DO, Finding
from course_utils.models import vgg16
from course_utils.training.checkpoints import save_checkpoint


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course's folder with nothing in it, for the examinations of files."""
    for folder in ("data", "notebooks/exercises", "course_utils"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "course_utils" / "__init__.py").touch()
    for module in (course, settings):
        monkeypatch.setattr(module, "COURSE_ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("COURSE_"):
            monkeypatch.delenv(name)
    return tmp_path


def only_finding(examine_something, state):
    """Require that an examination finds one thing, of a state; return it."""
    (finding,) = examine_something()
    assert finding.state == state
    return finding


def test_a_report_has_a_line_for_each_finding_and_the_advice_below():
    findings = [Finding("disk", OK, "78 GB free")]
    findings.append(Finding("GPU", TO_DO, "full", "close something"))
    assert report(findings).splitlines() == [
        f"course doctor, edition {TAG}",
        "ok     disk         78 GB free",
        "to do  GPU          full",
        "                    -> close something",
        "1 to do",
    ]
    assert report(findings[:1]).endswith("\nready")


def test_long_lines_are_broken_to_be_pasted():
    lines = report([Finding("packages", OK, "torch 2.14.1, " * 30)]).splitlines()
    assert max(map(len, lines)) <= 88
    assert all(line.startswith(" " * 20) for line in lines[2:-1])


def test_this_machine_can_be_examined():
    findings = examine()
    topics = {finding.topic for finding in findings}
    assert {"Python", "packages", "GPU", "disk", "edition", "data/voc"} <= topics
    assert not any("can't be checked" in finding.text for finding in findings)


def test_no_path_of_an_account_is_in_the_report(root, monkeypatch):
    monkeypatch.setenv("COURSE_CHECKPOINTS", str(Path.home() / "kept"))
    assert course._short(Path.home() / "kept" / "a.pt") == "~/kept/a.pt"
    assert course._short(root / "data" / "voc") == "data/voc"


def test_an_examination_that_fails_becomes_a_finding(monkeypatch):
    def fail():
        raise ImportError("no module")
        yield

    monkeypatch.setattr(doctor, "_EXAMINATIONS", {"disk": fail})
    finding = only_finding(examine, TO_DO)
    assert finding.topic == "disk"
    assert "can't be checked (ImportError: no module)" in finding.text


def test_a_report_is_made_where_nothing_is_installed():
    blocked = ["torch", "torchvision", "numpy", "PIL", "requests", "nbformat"]
    script = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked}))\n"
        "sys.argv = ['course_utils', 'download', 'voc']\n"
        "from course_utils.cli.main import main; sys.exit(main())"
    )
    environment = {**os.environ, "PYTHONPATH": str(course.COURSE_ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 2
    assert "torch can't be imported" in run.stdout
    assert "a package can't be imported" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("version", "state"),
    [((3, 9), TO_DO), ((3, 10), OK), ((3, 13), OK), ((3, 14), NOTE)],
)
def test_python_must_be_neither_too_old_nor_untested(monkeypatch, version, state):
    monkeypatch.setattr(packages.sys, "version_info", version)
    only_finding(packages.examine_python, state)


def test_a_version_is_compared_by_its_numbers():
    assert packages.numbers("2.11.0+cu130") == (2, 11, 0)
    assert packages.numbers("2.9") < packages.numbers("2.10.0rc1")


def give_versions(monkeypatch, **versions):
    real = metadata.version

    def version(name):
        if (given := versions.get(name, real)) is None:
            raise metadata.PackageNotFoundError(name)
        return real(name) if given is real else given

    monkeypatch.setattr(metadata, "version", version)


def test_a_missing_and_an_old_package_are_named_with_their_command(monkeypatch):
    give_versions(monkeypatch, tqdm=None, pillow="9.4.0")
    findings = list(packages.examine_packages())
    assert [(f.state, f.text) for f in findings] == [
        (TO_DO, "pillow 9.4.0 is older than 10.1"),
        (TO_DO, "tqdm is not installed"),
    ]
    assert 'install --upgrade "tqdm>=4.66"' in findings[1].advice


def test_on_colab_its_own_packages_are_not_complained_of(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", object())
    give_versions(monkeypatch, jupyterlab=None, ipywidgets="7.7.1")
    findings = list(packages.examine_packages())
    assert [f.state for f in findings] == [NOTE, OK]


def test_a_torchvision_that_does_not_fit_torch_is_found(monkeypatch):
    real = importlib.import_module

    def broken(name):
        if name == "torchvision":
            raise RuntimeError("operator torchvision::nms does not exist")
        return real(name)

    monkeypatch.setattr(importlib, "import_module", broken)
    finding = only_finding(packages.examine_torch, TO_DO)
    assert "nms does not exist" in finding.text
    assert "together" in finding.advice


def test_pydensecrf_is_optional_and_its_command_is_given(monkeypatch):
    for name in ("pydensecrf", "pydensecrf.densecrf"):
        monkeypatch.setitem(sys.modules, name, None)
    finding = only_finding(packages.examine_pydensecrf, NOTE)
    assert "python -m course_utils.environment.install_pydensecrf" in finding.advice


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


def test_without_a_gpu_the_level_is_named(no_gpu, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "level laptop" in only_finding(machine.examine_gpu, NOTE).text
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert "T4 GPU" in only_finding(machine.examine_gpu, NOTE).advice


def test_a_gpu_that_torch_cannot_use_is_something_to_do(no_gpu, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/nvidia-smi")
    assert "driver" in only_finding(machine.examine_gpu, TO_DO).advice


@pytest.fixture
def gpu(monkeypatch):
    """Pretend that there is a T4."""
    fork_rng = torch.random.fork_rng
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (14 << 30, 15 << 30))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Tesla T4")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda: 7 << 30)
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda: None)
    monkeypatch.setattr(torch.random, "fork_rng", lambda devices: fork_rng(devices=[]))


@pytest.mark.parametrize(
    ("fits", "state", "text"),
    [
        (True, OK, "Tesla T4, 14 of 15 GiB free; it trains FCN-8s in batches of 8, in"),
        (False, TO_DO, "too little to train FCN-8s in batches of 8"),
    ],
)
def test_the_gpu_is_tried_with_a_batch(gpu, monkeypatch, fits, state, text):
    def take_two_steps(device):
        torch.rand(2)
        if not fits:
            raise torch.OutOfMemoryError

    monkeypatch.setenv("COURSE_RUN", "ci")
    monkeypatch.setattr(machine, "_take_two_steps", take_two_steps)
    torch.manual_seed(3)
    wanted = torch.rand(2)
    torch.manual_seed(3)
    assert text in only_finding(machine.examine_gpu, state).text
    torch.testing.assert_close(torch.rand(2), wanted)  # the state is as it was


def test_the_steps_that_try_the_gpu_run_on_the_cpu_too(monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "ci")
    machine._take_two_steps("cpu")


@pytest.mark.parametrize(("free", "state"), [(4 * 10**9, TO_DO), (6 * 10**9, OK)])
def test_little_space_is_something_to_do(monkeypatch, free, state):
    usage = shutil.disk_usage(".")._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    only_finding(machine.examine_disk, state)


def write_notebook(path, tag):
    source = ["import sys\n", f'    tag = "{tag}"\n']
    cell = {"id": "colab-setup", "cell_type": "code", "source": source}
    path.write_text(json.dumps({"cells": [cell]}))


def test_notebooks_of_another_edition_are_found(root):
    write_notebook(root / "notebooks" / "01_fcn.ipynb", TAG)
    write_notebook(root / "notebooks" / "exercises" / "01_fcn.ipynb", "v0.0.1")
    (root / "notebooks" / "02_broken.ipynb").write_text("{")
    text = only_finding(course.examine_edition, TO_DO).text
    assert f"exercises/01_fcn.ipynb is of edition v0.0.1, the package of {TAG}" in text


def test_the_notebooks_of_this_course_are_of_its_edition():
    only_finding(course.examine_edition, OK)


def test_a_package_from_another_copy_of_the_course_is_found(root, monkeypatch):
    other = root / "other"
    (other / "course_utils").mkdir(parents=True)
    (other / "course_utils" / "__init__.py").touch()
    (other / "notebooks").mkdir()
    monkeypatch.chdir(other / "notebooks")
    finding = only_finding(course.examine_edition, TO_DO)
    assert finding.advice == "in other: python -m pip install -e ."


def test_missing_photographs_are_no_fault(root):
    findings = list(course.examine_data())
    assert [f.state for f in findings] == [NOTE, NOTE]
    assert "course_utils download camvid" in findings[1].advice


def test_downloaded_photographs_are_compared(root):
    folder = root / "data" / "voc"
    (folder / "SegmentationClass").mkdir(parents=True)
    files = {"SegmentationClass/a.png": b"target", "x.jpg": b"image"}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    stored = {name: describe(data) for name, data in files.items()}
    manifest = {"data": "voc", "files": stored}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert next(course.examine_data()) == Finding(
        "data/voc", OK, "1 pairs; checksums of all files are right"
    )
    (folder / "x.jpg").write_bytes(b"imagE")
    (folder / "SegmentationClass" / "a.png").unlink()
    finding = next(course.examine_data())
    assert finding.state == TO_DO
    assert finding.text == "1 files missing, 1 damaged"
    assert finding.advice == "repair it: python -m course_utils download voc"


def test_an_unfinished_download_and_an_own_folder_are_noted(root):
    (root / "data" / ".voc.partial").mkdir()
    (root / "data" / "camvid").mkdir()
    voc, camvid = course.examine_data()
    assert "unfinished" in voc.text
    assert "not checked" in camvid.text


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("COURSE_DATA", "nowhere", "COURSE_DATA must be scenes, .* got 'nowhere'"),
        ("COURSE_WEIGHTS", "gone.pt", "COURSE_WEIGHTS must be none, .*got 'gone.pt'"),
        ("COURSE_RUN", "huge", "the run level must be one of"),
        ("COURSE_SEED", "x", "COURSE_SEED must be a whole number"),
    ],
)
def test_a_variable_that_names_nothing_is_found(
    root, monkeypatch, name, value, message
):
    monkeypatch.setenv(name, value)
    assert re.search(message, only_finding(course.examine_choices, TO_DO).text)


def test_every_variable_that_names_nothing_is_found(root, monkeypatch):
    for name in ("DATA", "WEIGHTS", "RUN"):
        monkeypatch.setenv(f"COURSE_{name}", "nowhere")
    assert [f.state for f in course.examine_choices()] == [TO_DO] * 3


def test_variables_that_are_set_are_listed(root, monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "ci")
    monkeypatch.setenv("COURSE_DATA", "scenes")
    text = only_finding(course.examine_choices, OK).text
    assert text == "run level ci; variables set: COURSE_DATA, COURSE_RUN"


def test_cached_weights_are_compared_with_the_name_of_their_file(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    only_finding(course.examine_weights, NOTE)
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "vgg16-397923af.pth").write_bytes(b"half of it")
    assert "delete" in only_finding(course.examine_weights, TO_DO).advice
    name = "vgg16-" + hashlib.sha256(b"half of it").hexdigest()[:8] + ".pth"
    (tmp_path / "checkpoints" / name).write_bytes(b"half of it")
    monkeypatch.setattr(vgg16, "IMAGENET", SimpleNamespace(url=f"http://page/{name}"))
    only_finding(course.examine_weights, OK)


def test_saved_trainings_are_read(root):
    folder = root / "checkpoints"
    save_checkpoint(folder / "good.pt", torch.nn.Linear(200, 200))
    assert "1 saved trainings" in only_finding(course.examine_checkpoints, OK).text
    data = bytearray((folder / "good.pt").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "bad.pt").write_bytes(data)
    (folder / "short.pt").write_bytes(data[:1000])
    (folder / "new.pt.77.tmp").touch()
    findings = list(course.examine_checkpoints())
    damaged = [f.text for f in findings if f.state == TO_DO]
    assert damaged == ["bad.pt is damaged", "short.pt is damaged"]
    assert "1 unfinished files in checkpoints" in findings[2].text


def test_a_training_that_can_not_be_read_is_not_to_be_deleted(root, monkeypatch):
    path = root / "checkpoints" / "good.pt"
    save_checkpoint(path, torch.nn.Linear(2, 2))

    def fail(*args):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("zipfile.ZipFile", fail)
    finding = only_finding(course.examine_checkpoints, TO_DO)
    assert "can't be read" in finding.text and "delete" not in finding.advice


def test_the_status_is_1_if_something_is_to_do(monkeypatch, capsys):
    findings = [Finding("disk", OK, "much")]
    monkeypatch.setattr("course_utils.environment.examine", lambda: findings)
    assert cli.main(["doctor"]) == 0
    findings.append(Finding("GPU", TO_DO, "broken", "mend it"))
    assert cli.main(["doctor"]) == 1
    assert "-> mend it" in capsys.readouterr().out
