import errno

import pytest
import torch

from course_utils.labels import CAMVID, VOC
from course_utils.training.progress import History
from course_utils.training.saved_model import ModelSpec, load_model, save_model

SPEC = ModelSpec("fcn8s", "camvid", 2, True, 64, "camvid")


@pytest.fixture
def saved(tmp_path):
    torch.manual_seed(0)
    model = SPEC.make()
    save_model(tmp_path / "a.pt", model, SPEC, History(train_loss=[1.5]))
    return tmp_path / "a.pt", model


def test_a_loaded_model_says_what_the_saved_one_said(saved):
    path, model = saved
    loaded, spec = load_model(path)
    assert spec == SPEC
    assert not loaded.training
    images = torch.randn(1, 3, 40, 50)
    with torch.no_grad():
        torch.testing.assert_close(loaded(images), model.eval()(images))


def test_the_spec_knows_the_classes():
    assert SPEC.label_set is CAMVID
    assert ModelSpec("fcn8s", "voc", 2, True, 64, "scenes").label_set is VOC


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"none\.pt must be a file that the com"
    ):
        load_model(tmp_path / "none.pt")


@pytest.mark.parametrize("content", [b"", b"hello", None])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "a.pt"
    if content is None:
        torch.save({"model": {}}, path)  # of a notebook's training
    else:
        path.write_bytes(content)
    with pytest.raises(ValueError, match="says nothing of its model"):
        load_model(path)


@pytest.mark.parametrize("changed", [{"name": "unknown"}, {"classes": "ade20k"}])
def test_a_model_of_another_edition_is_refused(tmp_path, changed):
    values = {**vars(SPEC), **changed}
    torch.save({"model": {}, "spec": values}, tmp_path / "a.pt")
    with pytest.raises(ValueError, match="must hold a model of this edition"):
        load_model(tmp_path / "a.pt")


def test_a_damaged_file_is_refused(saved):
    path, _ = saved
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="can't be read"):
        load_model(path)


def test_a_model_that_could_not_be_loaded_is_not_saved(tmp_path):
    path, model = tmp_path / "a.pt", SPEC.make()
    with torch.no_grad():
        next(model.parameters())[0] = float("nan")
    others = [
        (model, SPEC, "must hold finite weights"),
        (SPEC.make(), ModelSpec("unet", "camvid", 2, True, 64, "x"), "must hold a "),
        (
            SPEC.make(),
            ModelSpec("fcn8s", "ade20k", 2, True, 64, "x"),
            "of this edition",
        ),
        (SPEC.make(), ModelSpec("nothing", "voc", 2, True, 64, "x"), "of this edition"),
    ]
    for net, spec, match in others:
        with pytest.raises(ValueError, match=match):
            save_model(path, net, spec, History())
    assert not path.exists()


def test_a_file_that_can_not_be_read_is_not_called_broken(saved, monkeypatch):
    def fail(*args, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("zipfile.ZipFile", fail)
    with pytest.raises(PermissionError):
        load_model(saved[0])
