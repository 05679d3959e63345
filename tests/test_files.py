import errno
import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils import files
from course_utils.files import (
    is_read_error,
    keep_result,
    plan_outputs,
    replace_known,
    write_indices_and_colors,
    write_label_map,
    write_new,
    write_whole,
)
from course_utils.labels import VOC, colormap, label_map_to_rgb

LABEL_MAP = np.arange(21, dtype=np.uint8).reshape(3, 7)


def test_indices_and_colors_show_one_label_map(tmp_path):
    paths = tmp_path / "a.png", tmp_path / "b.png"
    write_indices_and_colors(*paths, LABEL_MAP, colormap(VOC))
    with Image.open(paths[0]) as indexed, Image.open(paths[1]) as colored:
        assert (indexed.mode, colored.mode) == ("P", "RGB")
        np.testing.assert_array_equal(np.asarray(indexed), LABEL_MAP)
        colors = label_map_to_rgb(LABEL_MAP, VOC)
        np.testing.assert_array_equal(np.asarray(colored), colors)
        np.testing.assert_array_equal(np.asarray(indexed.convert("RGB")), colors)
    write_label_map(tmp_path / "c.png", LABEL_MAP, colormap(VOC))
    assert (tmp_path / "c.png").read_bytes() == paths[0].read_bytes()


@pytest.mark.parametrize("taken", ["a.png", "b.png"])
def test_neither_replaces_a_file(tmp_path, taken):
    (tmp_path / taken).write_text("mine")
    paths = tmp_path / "a.png", tmp_path / "b.png"
    with pytest.raises(FileExistsError, match=f"{taken} must not be there yet"):
        write_indices_and_colors(*paths, LABEL_MAP, colormap(VOC))
    assert (tmp_path / taken).read_text() == "mine"
    assert not list(tmp_path.glob("*.tmp"))


def test_a_file_appears_once_it_is_complete(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with write_whole(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert [file.name for file in path.parent.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_after_an_error_the_older_file_is_there(tmp_path, error):
    (tmp_path / "a.txt").write_bytes(b"older")
    with pytest.raises(error), write_whole(tmp_path / "a.txt") as file:
        file.write(b"half")
        raise error
    assert (tmp_path / "a.txt").read_bytes() == b"older"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_new_file_is_on_the_disk_before_it_replaces_the_older(
    tmp_path, monkeypatch
):
    path, synced = tmp_path / "a.txt", []
    path.write_bytes(b"older")

    def fsync(_):
        (unfinished,) = tmp_path.glob("*.tmp")
        synced.append((path.read_bytes(), unfinished.read_bytes()))

    monkeypatch.setattr(os, "fsync", fsync)
    with write_whole(path) as file:
        file.write(b"new")
    assert synced == [(b"older", b"new")]
    assert path.read_bytes() == b"new"


def test_a_name_as_long_as_names_can_be_is_written(tmp_path):
    path = tmp_path / f"{'a' * 251}.txt"
    with write_whole(path) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"


def test_a_link_is_followed_and_stays_one(tmp_path):
    (tmp_path / "big").mkdir()
    path, target = tmp_path / "a.pt", tmp_path / "big" / "b.pt"
    target.write_bytes(b"older")
    path.symlink_to(target)
    with write_whole(path) as file:
        file.write(b"new")
    assert path.is_symlink() and target.read_bytes() == b"new"


@pytest.mark.parametrize("has_links", [True, False])
@pytest.mark.parametrize("kind", ["file", "folder", "dangling link", "late file"])
def test_a_new_file_takes_the_place_of_nothing(tmp_path, monkeypatch, has_links, kind):
    if not has_links:
        monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "a.txt"
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "b.txt")
    elif kind == "file":
        path.write_text("mine")
    with pytest.raises(FileExistsError, match=r"a\.txt must"), write_new(path) as file:
        file.write(b"new")
        if kind == "late file":
            path.write_text("mine")
    assert "file" not in kind or path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_new_file_is_written_where_nothing_is(tmp_path, monkeypatch, has_links):
    if not has_links:
        monkeypatch.setattr(os, "link", no_links)
    with write_new(tmp_path / "new" / "a.txt") as file:
        file.write(b"whole")
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"whole"
    assert len(list((tmp_path / "new").iterdir())) == 1


def no_links(*paths):
    raise PermissionError(errno.EPERM, "Operation not permitted")


def test_a_known_file_is_replaced_and_a_changed_one_is_not(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"read")
    assert replace_known(path, b"read", b"new")
    assert path.read_bytes() == b"new"
    assert not replace_known(path, b"read", b"newer")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_saved_at_the_last_moment_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"read")
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"saved"))
    assert not replace_known(path, b"read", b"new")
    assert path.read_bytes() == b"saved"


def test_a_result_that_can_not_be_written_is_kept_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(files.tempfile, "tempdir", str(tmp_path))
    path = tmp_path / "a.txt" / "result.pt"
    (tmp_path / "a.txt").write_text("mine")
    with pytest.raises(OSError, match="the result is in") as caught:
        keep_result(path, lambda place: place.write_text("hours of work"))
    place = Path(str(caught.value).partition("the result is in ")[2].split(": ")[0])
    assert place.name == "result.pt" and place.read_text() == "hours of work"


def test_a_result_is_written_where_it_should_be(tmp_path):
    keep_result(tmp_path / "a.txt", lambda place: place.write_text("work"))
    assert [path.read_text() for path in tmp_path.iterdir()] == ["work"]


@pytest.mark.parametrize(
    ("error", "is_of_reading"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), True),
        (OSError(errno.EIO, "Input/output error"), True),
        (OSError(errno.EMFILE, "Too many open files"), True),
        (MemoryError(), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), True),
        (OSError("image file is truncated"), False),
        (OSError(errno.EINVAL, "Invalid argument"), False),  # a seek in a broken zip
        (ValueError("no such key"), False),
    ],
)
def test_reading_fails_for_reasons_that_say_nothing_of_the_content(
    error, is_of_reading
):
    assert is_read_error(error) == is_of_reading


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.png", "a.png"),
        ("IMG.png", "img.png"),
        ("straße.png", "STRASSE.png"),
        (unicodedata.normalize("NFC", "é.png"), unicodedata.normalize("NFD", "é.png")),
        ("a.png", "new/../a.png"),
        ("a.png", "link/a.png"),
    ],
)
def test_two_outputs_must_not_be_one_file_on_any_system(tmp_path, first, second):
    (tmp_path / "new").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="every file must have a name of its own"):
        plan_outputs([tmp_path / first, tmp_path / second])


@pytest.mark.parametrize("name", ["read.pt", "READ.pt", "link.pt"])
def test_an_output_is_never_what_is_read(tmp_path, name):
    (tmp_path / "read.pt").write_text("mine")
    (tmp_path / "link.pt").symlink_to(tmp_path / "read.pt")
    path = tmp_path / name
    with pytest.raises(ValueError, match=r"must not be written, since .*read\.pt is"):
        plan_outputs([path], replaced=[path], sources=[tmp_path / "read.pt"])


def test_what_is_there_is_refused_unless_it_may_be_replaced(tmp_path):
    old, link, new = (tmp_path / name for name in ("a.txt", "b.txt", "c.txt"))
    old.write_text("mine")
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError, match=r"a\.txt must not be there yet, and is;"):
        plan_outputs([new, old])
    with pytest.raises(FileExistsError, match=r"a\.txt .* \(and 1 more\)"):
        plan_outputs([old, link])
    plan_outputs([new, old], replaced=[old])
    assert sorted(tmp_path.iterdir()) == [old, link]


@pytest.mark.parametrize("kind", ["folder", "device", "dangling link"])
def test_what_is_no_file_is_never_replaced(tmp_path, kind):
    path = Path(os.devnull) if kind == "device" else tmp_path / "a.pt"
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError, match="must not be there yet"):
        plan_outputs([path], replaced=[path])


def test_a_folder_that_can_not_be_written_to_is_found_before_the_work(tmp_path):
    (tmp_path / "a.txt").write_text("mine")
    folder = tmp_path / "a.txt" / "new"
    with pytest.raises(NotADirectoryError, match="must be a folder that can be writt"):
        plan_outputs([folder / "b.pt"])


def test_a_name_that_is_too_long_is_found_before_the_work(tmp_path):
    with pytest.raises(OSError, match="name too long"):
        plan_outputs([tmp_path / f"{'a' * 300}.pt"])


def test_a_plan_makes_no_folder(tmp_path):
    plan_outputs([tmp_path / "new" / "a.txt", tmp_path / "new" / "b.txt"])
    assert not list(tmp_path.iterdir())
