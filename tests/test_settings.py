import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from course_utils import settings
from course_utils.settings import (
    COURSE_ROOT,
    RUN_LEVELS,
    data_choice,
    data_folder,
    results_folder,
    run_level,
    variables,
    weights_choice,
)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in variables():
        monkeypatch.delenv(name)
    return monkeypatch


def test_settings_need_the_standard_library_alone():
    script = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import course_utils.settings\n"
        "tops = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(tops - sys.stdlib_module_names)"
    )
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=COURSE_ROOT, capture_output=True, text=True)
    assert run.stdout == "{'course_utils'}\n"


@pytest.mark.parametrize(("has_gpu", "name"), [(True, "full"), (False, "laptop")])
def test_by_default_the_machine_decides(environment, has_gpu, name):
    environment.setattr(torch.cuda, "is_available", lambda: has_gpu)
    assert run_level().name == name


def test_the_environment_chooses_the_level_and_the_seed(environment):
    environment.setenv("COURSE_RUN", "ci")
    environment.setenv("COURSE_SEED", "3")
    assert (run_level().name, run_level().seed) == ("ci", 3)
    assert run_level("full").name == "full"  # an argument goes first
    environment.delenv("COURSE_SEED")
    assert run_level() == RUN_LEVELS["ci"]  # choosing a seed has changed no other run


def test_empty_variables_count_as_unset(environment):
    environment.setattr(torch.cuda, "is_available", lambda: False)
    for name in ("COURSE_RUN", "COURSE_SEED", "COURSE_CHECKPOINTS"):
        environment.setenv(name, "")
    level = run_level()
    assert (level.name, level.seed) == ("laptop", 0)
    assert level.checkpoint("x").parent == COURSE_ROOT / "checkpoints"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("RUN", "fast", r"ci, laptop, full, got 'fast'; set COURSE_"),
        ("SEED", "-1", "COURSE_SEED must be .* got '-1'"),
        ("SEED", "1.5", "COURSE_SEED must be .* got '1.5'"),
        ("SEED", "one", "COURSE_SEED must be .* got 'one'"),
    ],
)
def test_an_unknown_level_and_a_seed_that_is_no_number_are_refused(
    environment, name, value, message
):
    environment.setenv("COURSE_RUN", "ci")
    environment.setenv(f"COURSE_{name}", value)
    with pytest.raises(ValueError, match=message):
        run_level()


@pytest.mark.parametrize("level", RUN_LEVELS.values(), ids=RUN_LEVELS)
def test_images_of_every_level_are_whole_cells_of_stride_32(level):
    assert level.image_size % 32 == 0
    assert level.num_train >= level.batch_size


def test_checkpoints_have_names_of_their_own_in_a_folder_of_choice(
    environment, tmp_path
):
    assert run_level("ci").checkpoint("fcn8s") is None
    environment.setenv("COURSE_SEED", "2")
    path = run_level("laptop").checkpoint("fcn8s")
    assert path == COURSE_ROOT / "checkpoints" / "fcn8s_laptop_seed2.pt"
    environment.setenv("COURSE_CHECKPOINTS", str(tmp_path))
    assert run_level("full").checkpoint("x") == tmp_path / "x_full_seed2.pt"
    environment.setenv("COURSE_CHECKPOINTS", "~/kept")
    assert run_level("full").checkpoint("x").parent == Path.home() / "kept"


def test_results_have_a_folder_only_where_one_is_chosen(environment, tmp_path):
    assert results_folder() is None
    environment.setenv("COURSE_RESULTS", str(tmp_path))
    assert results_folder() == tmp_path


def test_a_folder_is_found_from_the_working_directory_first(environment, tmp_path):
    environment.chdir(tmp_path)
    assert data_folder("course_utils") == COURSE_ROOT / "course_utils"
    (tmp_path / "course_utils").mkdir()
    assert data_folder("course_utils").resolve() == tmp_path / "course_utils"
    assert data_folder(str(tmp_path)) == tmp_path


def test_photographs_are_taken_once_they_are_on_disk(environment, tmp_path):
    environment.setattr(settings, "COURSE_ROOT", tmp_path)
    assert data_choice() == data_choice("camvid") == "scenes"
    (tmp_path / "data" / "voc").mkdir(parents=True)
    assert data_choice() == data_choice("camvid") == "voc"
    (tmp_path / "data" / "camvid").mkdir()
    assert (data_choice(), data_choice("camvid")) == ("voc", "camvid")
    environment.setenv("COURSE_DATA", "scenes")
    assert data_choice("camvid") == "scenes"


def test_weights_may_be_a_word_or_a_file(environment, tmp_path):
    for choice in ("", "none", "imagenet"):
        environment.setenv("COURSE_WEIGHTS", choice)
        assert weights_choice() == choice
    environment.chdir(tmp_path)
    (tmp_path / "vgg.pt").touch()
    environment.setenv("COURSE_WEIGHTS", "vgg.pt")
    assert Path(weights_choice()).samefile(tmp_path / "vgg.pt")
    environment.setenv("COURSE_WEIGHTS", "gone.pt")
    with pytest.raises(FileNotFoundError, match=r"existing file, got 'gone\.pt'"):
        weights_choice()


READ = re.compile(
    r"""(environ\.get\(|environ\[|getenv\()["']COURSE_(?!\w+["']\] = )"""
    r"""|["']COURSE_\w+["'] in os\.environ"""
)


@pytest.mark.parametrize(
    ("source", "is_read"),
    [
        ("os.environ.get('COURSE_X', '')", True),
        ("os.environ['COURSE_X']", True),
        ("os.getenv('COURSE_X')", True),
        ("'COURSE_X' in os.environ", True),
        ("os.environ['COURSE_X'] = 'new'", False),
        ("os.environ.get('HOME')", False),
    ],
)
def test_every_way_of_reading_a_variable_is_seen(source, is_read):
    assert bool(READ.search(source)) == is_read


def test_the_courses_variables_are_read_in_settings_alone():
    package = COURSE_ROOT / "course_utils"
    found = [p for p in package.rglob("*.py") if READ.search(p.read_text("utf-8"))]
    assert found == []
