import os

import numpy as np
import pytest
from PIL import Image

from course_utils.files import write_colors, write_label_map, write_whole
from course_utils.labels import VOC, colormap, label_map_to_rgb


def test_the_indexed_file_holds_indices_and_the_colored_one_colors(tmp_path):
    label_map = np.arange(21, dtype=np.uint8).reshape(3, 7)
    write_label_map(tmp_path / "a.png", label_map, colormap(VOC))
    write_colors(tmp_path / "b.png", label_map, colormap(VOC))
    with (
        Image.open(tmp_path / "a.png") as indexed,
        Image.open(tmp_path / "b.png") as colored,
    ):
        assert (indexed.mode, colored.mode) == ("P", "RGB")
        np.testing.assert_array_equal(np.asarray(indexed), label_map)
        colors = label_map_to_rgb(label_map, VOC)
        np.testing.assert_array_equal(np.asarray(colored), colors)
        np.testing.assert_array_equal(np.asarray(indexed.convert("RGB")), colors)


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
