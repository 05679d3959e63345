import os

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from course_utils.cli.predict import describe_label_map
from course_utils.datasets.photographs import read_photograph
from course_utils.files import write_colors, write_label_map, write_whole
from course_utils.labels import VOC, colormap, label_map_to_rgb
from course_utils.training.evaluation import predict_probs


class Brightness(nn.Module):
    """Two classes: dark and bright; remembers the sizes it was given."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.sizes = []

    def forward(self, x):
        self.sizes.append(tuple(x.shape[-2:]))
        bright = x.mean(dim=1, keepdim=True) * self.weight
        return torch.cat([-bright, bright], dim=1)


def half_bright(height, width):
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, width // 2 :] = 255
    return image


@pytest.mark.parametrize(
    ("size", "scaled"),
    [
        ((60, 80), (48, 64)),
        ((80, 60), (64, 48)),
        ((300, 400), (48, 64)),
        ((20, 400), (32, 64)),  # 3 rows, padded to what a model takes
        ((1, 1), (64, 64)),
    ],
)
def test_a_picture_of_any_size_is_scaled_and_comes_back(size, scaled):
    model = Brightness()
    probs = predict_probs(model, half_bright(*size), image_size=64)
    assert model.sizes == [scaled]
    assert probs.shape == (2, *size)
    assert probs.dtype == torch.float32
    torch.testing.assert_close(probs.sum(dim=0), torch.ones(size))


def test_the_prediction_lies_on_the_picture():
    probs = predict_probs(Brightness(), half_bright(96, 128), image_size=64)
    prediction = probs.argmax(dim=0)
    assert (prediction[:, :62] == 0).all() and (prediction[:, 66:] == 1).all()


def test_a_photograph_taken_on_its_side_is_turned(tmp_path):
    picture = Image.fromarray(half_bright(20, 30))
    exif = picture.getexif()
    exif[0x0112] = 6  # turn by 90 degrees
    picture.save(tmp_path / "a.jpg", exif=exif)
    assert read_photograph(tmp_path / "a.jpg").shape == (30, 20, 3)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "CMYK"])
def test_every_kind_of_picture_is_read_as_rgb(tmp_path, mode):
    suffix = "tif" if mode == "CMYK" else "png"
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(half_bright(20, 30)).convert(mode).save(path)
    image = read_photograph(path)
    assert (image.shape, image.dtype) == ((20, 30, 3), np.uint8)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_named(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.png can't be read as a picture"):
        read_photograph(tmp_path / "a.png")


def test_a_picture_cut_short_is_named(tmp_path):
    noise = np.random.default_rng(0).integers(256, size=(40, 40, 3))
    Image.fromarray(noise.astype(np.uint8)).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match="can't be read as a picture"):
        read_photograph(tmp_path / "a.png")


def test_an_absurdly_large_picture_is_not_decoded(tmp_path):
    Image.new("1", (8001, 8000)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="8001×8000 pixels"):
        read_photograph(tmp_path / "a.png")


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


def test_classes_are_named_the_largest_first():
    label_map = np.array([[8, 8, 8, 0]])
    assert describe_label_map(label_map, VOC) == "cat 75 %, background 25 %"


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
