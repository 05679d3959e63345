"""Targets as people export them: read as class indices, or refused with a reason."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from course_utils.datasets.class_files import FolderClasses, read_classes
from course_utils.datasets.targets import read_target
from course_utils.labels import CAMVID, VOC, colormap, label_map_to_rgb

# Background, cat and person in VOC; void
LABELS = np.repeat(np.array([[0, 8, 15, 255]], dtype=np.uint8), 4, axis=0)
SMALL = np.repeat(np.array([[0, 1, 2, 1]], dtype=np.uint8), 4, axis=0)
MINE = "floor\nleaf\nfruit\n"
COLORS = np.array([(10, 10, 10), (0, 200, 0), (200, 0, 10)], dtype=np.uint8)
MINE_IN_COLOR = "floor 10 10 10\nleaf 0 200 0\nfruit 200 0 10\n"


@pytest.fixture
def read(tmp_path):
    """Save an image and read it as a target; with classes.txt, if it has a text."""

    def read(image, text=None, label_set=VOC, suffix=".png"):
        path = tmp_path / f"a{suffix}"
        image.save(path)
        if text is None:
            return np.asarray(read_target(path, FolderClasses.of(label_set)))
        (tmp_path / "classes.txt").write_text(text)
        return np.asarray(read_target(path, read_classes(tmp_path)))

    return read


def with_palette(values, colors):
    image = Image.fromarray(np.asarray(values, dtype=np.uint8))
    image.putpalette(np.asarray(colors, dtype=np.uint8).tobytes())
    return image


def same(found, expected):
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, expected)


def test_values_are_read_from_gray_and_palette_images(read):
    same(read(Image.fromarray(LABELS)), LABELS)
    same(read(with_palette(LABELS, colormap(VOC))), LABELS)
    same(read(Image.fromarray(LABELS), suffix=".tif"), LABELS)
    same(read(Image.fromarray(LABELS), suffix=".bmp"), LABELS)


@pytest.mark.parametrize("dtype", [np.uint16, np.int32])
def test_more_bits_than_needed_do_no_harm(read, dtype):
    same(read(Image.fromarray(LABELS.astype(dtype)), suffix=".tif"), LABELS)


def test_an_image_of_one_bit_has_the_classes_0_and_1(read):
    same(read(Image.fromarray(SMALL > 0), MINE), SMALL > 0)


@pytest.mark.parametrize("bits", [2, 4])
def test_gray_levels_of_few_bits_are_not_stretched(tmp_path, bits):
    """Pillow reads 0, 1, 2 of two bits as 0, 85, 170, and 3 as 255, which is void."""
    packed = []
    for row in SMALL:
        number = 0
        for value in row:
            number = number << bits | int(value)
        packed.append(b"\0" + number.to_bytes(len(row) * bits // 8, "big"))
    header = struct.pack(">IIBBBBB", 4, 4, bits, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(packed)))]
    data = b"\x89PNG\r\n\x1a\n"
    for kind, content in [*chunks, (b"IEND", b"")]:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        data += struct.pack(">I", len(content)) + kind + content + checksum
    (tmp_path / "a.png").write_bytes(data)
    same(np.asarray(read_target(tmp_path / "a.png", FolderClasses.of(VOC))), SMALL)


def test_declared_values_become_class_indices(read):
    text = "0 background\n127 stem\n254 leaf\n255 void"
    values = np.array([[0, 127, 254, 255]], dtype=np.uint8)
    same(read(Image.fromarray(values), text), [[0, 1, 2, 255]])
    same(read(Image.fromarray(values[:, [0, 3]]), "0 floor\n255 leaf"), [[0, 1]])
    same(read(Image.fromarray(SMALL), "floor\nleaf\nvoid"), [[0, 1, 255, 1]] * 4)


def test_void_of_camvid_is_declared_in_its_file(read):
    values = Image.fromarray(np.array([[0, 10, 11]], dtype=np.uint8))
    same(read(values, "\n".join([*CAMVID.names, "void"])), [[0, 10, 255]])
    with pytest.raises(ValueError, match=r"0 to 10 or 255 for void, got 11;"):
        read(values, label_set=CAMVID)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_exact_colors_become_class_indices(read, mode):
    same(read(Image.fromarray(label_map_to_rgb(LABELS)).convert(mode)), LABELS)
    same(read(Image.fromarray(COLORS[SMALL]).convert(mode), MINE_IN_COLOR), SMALL)


@pytest.mark.parametrize("mode", ["RGB", "LA", "RGBA"])
def test_gray_levels_in_a_file_for_colors_are_values(read, mode):
    same(read(Image.fromarray(SMALL).convert(mode), MINE), SMALL)


def test_a_color_of_no_class_is_refused_with_its_share(read):
    rgb = COLORS[SMALL]
    rgb[0, 0] = 9, 200, 0
    # 1 of 16 pixels
    message = r"1 others in 6\.2 % .*\(9, 200, 0\).*classes\.txt.*without smoothing"
    with pytest.raises(ValueError, match=message):
        read(Image.fromarray(rgb), MINE_IN_COLOR)


def test_colors_that_nobody_declared_are_asked_for(read):
    with pytest.raises(ValueError, match=r"mode RGB.*color of each class behind its"):
        read(Image.fromarray(COLORS[SMALL]), MINE)


def test_transparent_pixels_are_refused(read):
    image = Image.fromarray(COLORS[SMALL]).convert("RGBA")
    image.putpixel((0, 0), (10, 10, 10, 0))
    with pytest.raises(ValueError, match="must not be transparent"):
        read(image, MINE_IN_COLOR)


@pytest.mark.parametrize("mode", ["CMYK", "F"])
def test_other_modes_are_refused(read, mode):
    with pytest.raises(ValueError, match=rf"8-bit palette or gray .*mode {mode}"):
        read(Image.new(mode, (4, 4)), suffix=".tif")


@pytest.mark.parametrize(
    ("values", "text", "message"),
    [
        ([[21, 22]], None, r"0 to 20 or 255 for void, got 21, 22; .*voc is in use"),
        ([[3]], MINE, r"got 3; .*background, value 0, missing"),
        ([[0, 1]], "0 floor\n255 leaf", r"classes\.txt declares \(0, 255\), got 1;"),
        ([range(30, 50)], None, r"got 30, 31, 32, 33, 34, 35, 36, 37, …;"),
    ],
)
def test_values_of_no_class_are_refused(read, values, text, message):
    with pytest.raises(ValueError, match=rf"a\.png must hold .*{message}"):
        read(Image.fromarray(np.array(values, dtype=np.uint8)), text)


def test_values_of_16_bits_are_refused(read):
    with pytest.raises(ValueError, match=r"got 257, 514; export it with 8 bits"):
        read(Image.fromarray(SMALL.astype(np.uint16) * 257), MINE)


def quantized(labels):
    """Save in colors, open in an editor, save as an indexed image again."""
    return Image.fromarray(label_map_to_rgb(labels)).quantize()


def test_a_reordered_palette_is_named_with_both_ways_to_read_it(read):
    image = quantized(LABELS)
    assert not np.array_equal(np.asarray(image), LABELS)
    message = r"4 of its 4 indices have another.*cat.*# read by color.*# read by index"
    with pytest.raises(ValueError, match=message):
        read(image)
    same(read(image, "# read by color"), LABELS)
    same(read(image, "# read by index"), np.asarray(image))


def test_two_exchanged_colors_are_found_among_others(read):
    colors = colormap(VOC)
    colors[[8, 15]] = colors[[15, 8]]
    with pytest.raises(ValueError, match=r"8 \(cat\) has the color of person"):
        read(with_palette(LABELS, colors))


def test_a_palette_of_other_colors_says_nothing(read):
    rng = np.random.default_rng(0)
    colors = rng.integers(1, 256, size=(256, 3)) | 1  # VOC's are even
    same(read(with_palette(LABELS, colors)), LABELS)
    levels = np.repeat(np.arange(256)[:, None], 3, axis=1)
    # Black is void's color in CamVid, and here the gray level of sky
    sky = np.zeros((2, 2), dtype=np.uint8)
    same(read(with_palette(sky, levels), label_set=CAMVID), sky)
    # Names alone declare no colors
    same(read(with_palette(SMALL, colormap(VOC)[::-1]), MINE), SMALL)


def test_a_palette_is_compared_with_declared_colors(read):
    same(read(with_palette(SMALL, COLORS), MINE_IN_COLOR), SMALL)
    with pytest.raises(ValueError, match="another class's color"):
        read(with_palette(SMALL, COLORS[::-1]), MINE_IN_COLOR)


def test_a_target_with_an_orientation_of_its_own_is_turned(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned by 90 degrees clockwise
    image = Image.fromarray(LABELS[:2])
    image.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "a.png", exif=exif)
    found = np.asarray(read_target(tmp_path / "a.png", FolderClasses.of(VOC)))
    same(found, LABELS[:2])


def test_a_jpeg_under_another_name_is_refused(tmp_path):
    Image.fromarray(SMALL).save(tmp_path / "a.png", "JPEG")
    with pytest.raises(ValueError, match=r"a\.png .*is a JPEG under another name"):
        read_target(tmp_path / "a.png", FolderClasses.of(VOC))
