from pathlib import Path

import pytest
import torch

from course_utils.settings import COURSE_ROOT, RUN_LEVELS, find_path, run_level


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("COURSE_RUN", "COURSE_SEED", "COURSE_CHECKPOINTS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(("has_gpu", "name"), [(True, "full"), (False, "laptop")])
def test_by_default_the_machine_decides(environment, has_gpu, name):
    environment.setattr(torch.cuda, "is_available", lambda: has_gpu)
    assert run_level().name == name


def test_the_environment_chooses_the_level_and_the_seed(environment):
    environment.setenv("COURSE_RUN", "ci")
    environment.setenv("COURSE_SEED", "3")
    assert (run_level().name, run_level().seed) == ("ci", 3)


def test_an_argument_goes_before_the_environment(environment):
    environment.setenv("COURSE_RUN", "ci")
    assert run_level("full").name == "full"


def test_empty_variables_count_as_unset(environment):
    environment.setattr(torch.cuda, "is_available", lambda: False)
    for name in ("COURSE_RUN", "COURSE_SEED", "COURSE_CHECKPOINTS"):
        environment.setenv(name, "")
    level = run_level()
    assert (level.name, level.seed) == ("laptop", 0)
    assert level.checkpoint("x").parent == COURSE_ROOT / "checkpoints"


def test_choosing_a_seed_changes_no_other_run(environment):
    environment.setenv("COURSE_SEED", "9")
    run_level("laptop")
    environment.delenv("COURSE_SEED")
    assert run_level("laptop") == RUN_LEVELS["laptop"]


def test_an_unknown_level_is_refused(environment):
    environment.setenv("COURSE_RUN", "fast")
    with pytest.raises(ValueError, match=r"ci, laptop, full, got 'fast'; set COURSE_"):
        run_level()


@pytest.mark.parametrize("seed", ["-1", "1.5", "one"])
def test_a_seed_is_a_whole_number(environment, seed):
    environment.setenv("COURSE_SEED", seed)
    with pytest.raises(ValueError, match=f"COURSE_SEED must be .* got '{seed}'"):
        run_level("ci")


@pytest.mark.parametrize("level", RUN_LEVELS.values(), ids=RUN_LEVELS)
def test_images_of_every_level_are_whole_cells_of_stride_32(level):
    assert level.image_size % 32 == 0
    assert level.num_train >= level.batch_size


def test_ci_keeps_no_checkpoint():
    assert run_level("ci").checkpoint("fcn8s") is None


def test_checkpoints_of_levels_and_seeds_have_names_of_their_own(environment):
    environment.setenv("COURSE_SEED", "2")
    path = run_level("laptop").checkpoint("fcn8s")
    assert path == COURSE_ROOT / "checkpoints" / "fcn8s_laptop_seed2.pt"


def test_the_folder_of_checkpoints_can_be_chosen(environment, tmp_path):
    environment.setenv("COURSE_CHECKPOINTS", str(tmp_path))
    assert run_level("full").checkpoint("x") == tmp_path / "x_full_seed0.pt"
    environment.setenv("COURSE_CHECKPOINTS", "~/kept")
    assert run_level("full").checkpoint("x").parent == Path.home() / "kept"


def test_a_path_is_found_from_the_working_directory_first(environment, tmp_path):
    environment.chdir(tmp_path)
    assert find_path("course_utils") == COURSE_ROOT / "course_utils"
    (tmp_path / "course_utils").mkdir()
    assert find_path("course_utils").resolve() == tmp_path / "course_utils"
    assert find_path(str(tmp_path)) == tmp_path
