"""The command predict, on a net of one channel."""

import errno
import os
import shutil

import numpy as np
import pytest
import torch
from PIL import Image

import course_utils.files
from course_utils import crf, datasets
from course_utils.cli import predict as predict_module
from course_utils.datasets import photographs
from course_utils.labels import VOC, label_map_to_rgb

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def folder(tmp_path):
    """Write pictures of several sizes and kinds, and other things."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, size in (("a.jpg", (50, 70)), ("b.PNG", (33, 200)), ("c.webp", (9, 9))):
        values = rng.integers(256, size=(*size, 3)).astype(np.uint8)
        Image.fromarray(values).save(folder / name)
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def predict(run_command, trained, tmp_path):
    def run(*sources, to=tmp_path / "out"):
        return run_command("predict", trained, *sources, "--to", to)

    return run


def test_every_picture_of_a_folder_is_predicted_in_its_size(predict, folder, tmp_path):
    status, printed = predict(folder)
    assert status == 0
    assert "written 3 of 3" in printed
    sizes = {"a": (50, 70), "b": (33, 200), "c": (9, 9)}
    for name, size in sizes.items():
        indices = np.asarray(Image.open(tmp_path / "out" / f"{name}.png"))
        colors = np.asarray(Image.open(tmp_path / "out" / f"{name}_color.png"))
        assert indices.shape == size
        np.testing.assert_array_equal(colors, label_map_to_rgb(indices, VOC))
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_a_broken_picture_is_named_and_the_others_are_done(predict, folder):
    (folder / "broken.jpg").write_bytes(b"no picture")
    status, printed = predict(folder)
    assert status == 1
    assert "skipped: " in printed and "broken.jpg can't be read" in printed
    assert "written 3 of 4" in printed


def test_nothing_is_overwritten(predict, folder, tmp_path):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    status, printed = predict(folder, to=folder)
    assert status == 2
    assert "--to must be another folder" in printed
    assert before == {path: path.read_bytes() for path in folder.iterdir()}
    shutil.copy(folder / "a.jpg", folder / "a.jpeg")  # both would become a.png
    status, printed = predict(folder)
    assert status == 2
    assert "got a.png twice" in printed and "a.jpeg" in printed
    assert not (tmp_path / "out").exists()


def test_the_suffixes_are_those_of_photographs_that_are_read():
    assert predict_module._SUFFIXES == photographs.SUFFIXES


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def add(folder, *names, value=128):
    for name in names:
        Image.fromarray(np.full((9, 12, 3), value, np.uint8)).save(folder / name)


@pytest.mark.parametrize(
    ("names", "twice"),
    [
        (("sky.jpg", "sky_color.jpg"), "sky_color.png"),
        (("IMG.jpg", "img.png"), "img.png"),
        (("é.jpg", "e\u0301.png"), "e\u0301.png"),
    ],
)
def test_names_that_would_meet_are_refused_before_the_first(
    predict, folder, tmp_path, names, twice
):
    add(folder, *names)
    status, printed = predict(folder)
    assert status == 2
    assert all(name in printed for name in names)
    assert "must have a name of its own" in printed
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link", "link"])
@pytest.mark.parametrize("name", ["b.png", "c_color.png"])
def test_what_is_in_the_folder_already_stays(predict, folder, tmp_path, kind, name):
    out, mine = tmp_path / "out", tmp_path / "mine.png"
    out.mkdir()
    mine.write_text("mine")
    if kind == "file":
        (out / name).write_text("mine, too")
    elif kind == "folder":
        (out / name).mkdir()
    else:
        (out / name).symlink_to(mine if kind == "link" else tmp_path / "nowhere")
    before = contents(tmp_path)
    status, printed = predict(folder)
    assert status == 2
    assert f"{name} must not be there yet" in printed
    assert contents(tmp_path) == before
    assert [path.name for path in out.iterdir()] == [name]


def test_a_link_to_the_folder_of_the_pictures_is_seen_through(
    predict, folder, tmp_path
):
    (tmp_path / "link").symlink_to(folder)
    status, printed = predict(folder, to=tmp_path / "link")
    assert status == 2
    assert "--to must be another folder" in printed


def test_a_file_that_appears_in_the_meantime_is_not_overwritten(
    predict, folder, tmp_path, monkeypatch
):
    out = tmp_path / "out"

    def save_there(path):
        out.mkdir(exist_ok=True)
        (out / "b.png").write_text("mine")
        return real(path)

    real = datasets.read_photograph
    monkeypatch.setattr(datasets, "read_photograph", save_there)
    status, printed = predict(folder)
    assert status == 1
    assert "skipped: " in printed and "b.png must not be there yet" in printed
    assert "written 2 of 3" in printed
    assert (out / "b.png").read_text() == "mine"


def test_pictures_and_folders_are_predicted_together_and_each_once(
    predict, folder, tmp_path
):
    other = tmp_path / "other"
    other.mkdir()
    add(other, "d.jpg", "e.bin.png")
    status, printed = predict(folder, other / "d.jpg", folder / "a.jpg", other)
    assert status == 0
    assert "written 5 of 5" in printed
    assert len(list((tmp_path / "out").iterdir())) == 10


def test_what_is_not_read_is_counted_with_the_reason(predict, folder, tmp_path):
    for name in ("1.HEIC", "2.heic", "3.gif", "4.NEF"):
        (folder / name).write_bytes(b"something")
    (folder / "._a.jpg").write_bytes(b"what macOS notes of a.jpg")
    (folder / "g.jpg").mkdir()
    os.mkfifo(folder / "h.jpg")
    add(folder, f"{'n' * 247}.png")
    status, printed = predict(folder)
    assert status == 1
    assert "2 × HEIC, which can't be read here; export it as JPEG" in printed
    assert "1 × GIF, which may hold many pictures" in printed
    assert "1 × NEF, which is a camera's raw file" in printed
    assert "1 × an image whose name leaves no room for _color.png" in printed
    assert "written 3 of 8" in printed
    assert "._a" not in printed


def test_a_folder_of_other_kinds_alone_says_what_they_are(predict, tmp_path):
    (tmp_path / "phone").mkdir()
    (tmp_path / "phone" / "1.heic").write_bytes(b"something")
    status, printed = predict(tmp_path / "phone")
    assert status == 1
    assert "1 × HEIC" in printed and "written 0 of 1" in printed


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "a.jpg: it needs more memory than there is"),
        (RuntimeError("CUDA error\nmany lines"), "a.jpg: CUDA error\n"),
        (PermissionError(13, "Permission denied"), "a.jpg: [Errno 13] Permission"),
        (KeyError("x"), "a.jpg: 'x'"),
    ],
)
def test_whatever_goes_wrong_with_one_picture_does_not_end_the_folder(
    predict, folder, monkeypatch, error, reason
):
    def fail_at_the_first(path):
        if path.name == "a.jpg":
            raise error
        return real(path)

    real = datasets.read_photograph
    monkeypatch.setattr(datasets, "read_photograph", fail_at_the_first)
    status, printed = predict(folder)
    assert status == 1
    assert f"skipped: {folder}/{reason}" in printed
    assert "written 2 of 3" in printed


def test_a_full_disk_ends_it_and_is_named(predict, folder, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(course_utils.files, "write_indices_and_colors", full)
    status, printed = predict(folder)
    assert status == 2
    assert "(No space left on device); written 0 of 3" in printed


@pytest.mark.parametrize("options", [[], ["--crf"]])
def test_pictures_that_are_all_but_black_are_predicted(predict, folder, options):
    add(folder, "black.png", value=0)
    values = np.random.default_rng(0).integers(2, size=(20, 30, 3)).astype(np.uint8)
    Image.fromarray(values).save(folder / "night.png")
    status, printed = predict(folder / "black.png", folder / "night.png", *options)
    assert status == 0
    assert "written 2 of 2" in printed


def test_names_that_a_terminal_obeys_or_can_not_show_are_escaped(predict, folder):
    name = os.fsdecode(b"a\x1b[2J\nwritten 9 of 9 \xe9.jpg")
    add(folder, "plain.jpg")
    (folder / "plain.jpg").rename(folder / name)
    (folder / (name + ".png")).write_bytes(b"no picture")
    status, printed = predict(folder)
    assert status == 1
    assert r"a\x1b[2J\nwritten 9 of 9 \udce9.jpg: " in printed
    assert r"a\x1b[2J\nwritten 9 of 9 \udce9.jpg.png can't be read" in printed


def test_a_large_picture_is_refined_at_the_size_of_the_crf(
    predict, folder, tmp_path, monkeypatch
):
    shapes = []

    def note_shape(image, probs):
        shapes.append((image.shape, tuple(probs.shape)))
        return probs

    monkeypatch.setattr(crf, "dense_crf", note_shape)
    Image.fromarray(np.zeros((600, 1000, 3), np.uint8)).save(folder / "large.png")
    assert predict(folder / "large.png", "--crf")[0] == 0
    assert shapes == [((300, 500, 3), (21, 300, 500))]
    with Image.open(tmp_path / "out" / "large.png") as written:
        assert written.size == (1000, 600)


def test_a_folder_without_pictures_and_a_missing_one_are_named(predict, tmp_path):
    (tmp_path / "empty").mkdir()
    for name, message in (("empty", "must hold images"), ("gone", "got neither")):
        status, printed = predict(tmp_path / name)
        assert status == 2
        assert message in printed


def test_the_crf_refines_the_probabilities_on_the_picture(predict, folder, monkeypatch):
    def cat_below_background(image, probs):
        assert image.shape == (*probs.shape[1:], 3) and image.dtype == np.uint8
        torch.testing.assert_close(probs.sum(dim=0), torch.ones_like(probs[0]))
        refined = torch.zeros_like(probs)
        refined[0, :10], refined[8, 10:] = 1, 1  # of 50 rows
        return refined

    monkeypatch.setattr(crf, "dense_crf", cat_below_background)
    status, printed = predict(folder / "a.jpg", "--crf")
    assert status == 0
    assert "a.jpg: cat 80 %, background 20 %" in printed


def test_the_real_crf_keeps_the_size(predict, folder, tmp_path):
    assert predict(folder / "b.PNG", "--crf")[0] == 0
    assert Image.open(tmp_path / "out" / "b.png").size == (200, 33)
