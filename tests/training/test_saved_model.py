import errno
from dataclasses import asdict, replace

import pytest
import torch

from course_utils.labels import CAMVID, make_label_set
from course_utils.training.progress import History
from course_utils.training.saved_model import ModelSpec, load_model, save_model

SPEC = ModelSpec("fcn8s", CAMVID, 2, True, 64, "camvid")


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


@pytest.mark.parametrize("number", [1, 3, 255])
def test_a_file_holds_the_classes_of_its_model(tmp_path, number):
    names = ["leaf", "부리", "tv/monitor", *map(str, range(252))][:number]
    spec = ModelSpec("fcn32s", make_label_set("mine", names), 1, True, 64, "mine")
    save_model(tmp_path / "a.pt", spec.make(), spec, History())
    model, loaded = load_model(tmp_path / "a.pt")
    assert loaded == spec
    assert model(torch.zeros(1, 3, 32, 32)).shape[1] == number


def test_an_older_file_names_its_classes_only(saved):
    path, model = saved
    values = {k: v for k, v in vars(SPEC).items() if k != "label_set"}
    torch.save(
        {"model": model.state_dict(), "spec": {**values, "classes": "camvid"}}, path
    )
    assert load_model(path)[1] == SPEC


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


def test_a_model_of_another_edition_is_refused(tmp_path):
    spec = {**asdict(SPEC), "name": "unknown"}
    torch.save({"model": {}, "spec": spec}, tmp_path / "a.pt")
    with pytest.raises(ValueError, match="must hold a model of this edition"):
        load_model(tmp_path / "a.pt")


@pytest.mark.parametrize(
    "changed",
    [
        {"label_set": None, "classes": "ade20k"},
        {"label_set": {"name": "mine", "names": ["a"]}},
        {"label_set": {**asdict(CAMVID), "names": ["a", "a"]}},
        {"label_set": 3},
    ],
)
def test_classes_that_can_not_be_read_are_refused(tmp_path, changed):
    torch.save({"model": {}, "spec": {**asdict(SPEC), **changed}}, tmp_path / "a.pt")
    with pytest.raises(ValueError, match="says nothing of its model"):
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
        (SPEC.make(), replace(SPEC, name="unet"), "must hold a UNet of this size"),
        (SPEC.make(), replace(SPEC, name="nothing"), "must hold a model of this ed"),
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
