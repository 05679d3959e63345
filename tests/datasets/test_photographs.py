import numpy as np
import pytest
from PIL import Image

from course_utils.datasets import read_photograph


def half_bright(height, width):
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, width // 2 :] = 255
    return image


def test_a_photograph_taken_on_its_side_is_turned(tmp_path):
    picture = Image.fromarray(half_bright(20, 30))
    exif = picture.getexif()
    exif[0x0112] = 6  # turn by 90 degrees
    picture.save(tmp_path / "a.jpg", exif=exif)
    assert read_photograph(tmp_path / "a.jpg").shape == (30, 20, 3)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "CMYK"])
def test_every_kind_of_image_is_read_as_rgb(tmp_path, mode):
    suffix = "tif" if mode == "CMYK" else "png"
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(half_bright(20, 30)).convert(mode).save(path)
    image = read_photograph(path)
    assert (image.shape, image.dtype) == ((20, 30, 3), np.uint8)


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_named(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.png can't be read as an image"):
        read_photograph(tmp_path / "a.png")


def test_an_image_cut_short_is_named(tmp_path):
    noise = np.random.default_rng(0).integers(256, size=(40, 40, 3))
    Image.fromarray(noise.astype(np.uint8)).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match="can't be read as an image"):
        read_photograph(tmp_path / "a.png")


def test_an_absurdly_large_image_is_not_decoded(tmp_path):
    Image.new("1", (8001, 8000)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="8001×8000 pixels"):
        read_photograph(tmp_path / "a.png")


def test_a_file_that_is_not_there_is_not_called_broken(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"a\.png"):
        read_photograph(tmp_path / "a.png")
