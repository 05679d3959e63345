import errno
import os

import numpy as np
import pytest
from PIL import Image

from course_utils.datasets import read_photograph, scale_photograph


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "CMYK"])
def test_every_kind_of_image_is_read_as_rgb(tmp_path, mode):
    suffix = "tif" if mode == "CMYK" else "png"
    path = tmp_path / f"a.{suffix}"
    Image.new("RGB", (30, 20), "red").convert(mode).save(path)
    image = read_photograph(path)
    assert (image.shape, image.dtype) == ((20, 30, 3), np.uint8)


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_named(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.png can't be read as an image"):
        read_photograph(tmp_path / "a.png")


def test_an_absurdly_large_image_is_not_decoded(tmp_path):
    Image.new("1", (8001, 8000)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="8001×8000 pixels"):
        read_photograph(tmp_path / "a.png")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.EMFILE])
def test_a_file_that_can_not_be_read_is_not_called_broken(
    tmp_path, monkeypatch, number
):
    def fail(path):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Image, "open", fail)
    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        read_photograph(tmp_path / "a.jpg")
    assert "can't be read as an image" not in str(caught.value)


def test_scaling_averages_what_it_shrinks_and_keeps_the_shape():
    image = np.zeros((4, 8, 3), dtype=np.uint8)
    image[:, 4:] = 200
    scaled = scale_photograph(image, 2)
    assert scaled.shape == (1, 2, 3)
    # The triangle over 4 pixels to either side of 2, cut off at 0, weighs the pixels 0
    # to 5 with 5, 7, 7, 5, 3 and 1 of 28; the last two are bright
    np.testing.assert_array_equal(scaled[0, :, 0], [round(200 * 4 / 28), 171])
    assert scale_photograph(image, 16).shape == (8, 16, 3)
    assert scale_photograph(image[:1], 4).shape == (1, 4, 3)
