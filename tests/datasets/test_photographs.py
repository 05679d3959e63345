import errno
import os

import numpy as np
import pytest
from PIL import Image, ImageOps

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


def test_a_file_that_can_not_be_read_is_not_called_broken(tmp_path, monkeypatch):
    (tmp_path / "a.png").touch()

    def fail(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Image, "open", fail)
    with pytest.raises(PermissionError):
        read_photograph(tmp_path / "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(ValueError, match="can't be read as an image"):
        read_photograph(tmp_path / "a.png")


def test_several_images_in_a_file_are_refused(tmp_path):
    page = Image.new("RGB", (3, 2))
    page.save(tmp_path / "a.tif", save_all=True, append_images=[page, page])
    with pytest.raises(ValueError, match="it holds 3 images, not one"):
        read_photograph(tmp_path / "a.tif")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_as_pillow_turns_it(tmp_path, orientation):
    values = np.random.default_rng(0).integers(256, size=(4, 6, 3)).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a.png"
    Image.fromarray(values).save(path, exif=exif)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(read_photograph(path), expected)


def test_an_unknown_orientation_turns_nothing(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 99
    Image.new("RGB", (6, 4)).save(tmp_path / "a.png", exif=exif)
    assert read_photograph(tmp_path / "a.png").shape == (4, 6, 3)


def save(path, levels):
    Image.fromarray(levels).save(path)
    return path


def test_gray_levels_of_16_bits_are_scaled(tmp_path):
    levels = np.array([[0, 257, 32768, 65535]])
    # 257 is 1 in 8 bits: 65535 = 255 · 257
    for dtype in (np.uint16, np.int32):
        path = save(tmp_path / "a.tif", levels.astype(dtype))
        assert read_photograph(path)[..., 0].tolist() == [[0, 1, 128, 255]]


def test_floating_point_gray_levels_from_0_to_1_are_scaled(tmp_path):
    path = save(tmp_path / "a.tif", np.array([[0.0, 0.5, 1.0]], dtype=np.float32))
    assert read_photograph(path)[..., 2].tolist() == [[0, 128, 255]]


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        (np.full((2, 2), 4095, dtype=np.uint16), "16-bit .*beyond 4095, got 4095 to"),
        (np.full((2, 2), 70_000, dtype=np.int32), "16-bit .*got 70000 to 70000"),
        (np.full((2, 2), -1, dtype=np.int32), "16-bit .*got -1"),
        (np.full((2, 2), 255.0, dtype=np.float32), "from 0 to 1, got 255 to 255"),
        (np.full((2, 2), np.nan, dtype=np.float32), "from 0 to 1, got nan"),
    ],
)
def test_levels_of_an_unknown_range_are_refused(tmp_path, levels, message):
    path = save(tmp_path / "a.tif", levels)
    with pytest.raises(ValueError, match=rf"a\.tif must hold .*{message}.*to 8 bits"):
        read_photograph(path)


def test_what_is_transparent_becomes_white(tmp_path):
    image = Image.new("RGBA", (2, 1), (9, 9, 9, 0))
    image.putpixel((1, 0), (9, 9, 9, 255))
    image.save(tmp_path / "a.png")
    assert read_photograph(tmp_path / "a.png").tolist() == [[[255] * 3, [9] * 3]]
