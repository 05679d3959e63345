import numpy as np
import pytest

from course_utils.labels import (
    CAMVID,
    IGNORE_INDEX,
    VOC,
    LabelSet,
    colormap,
    label_map_to_rgb,
    make_label_set,
)


def test_voc_has_21_classes_and_camvid_11():
    assert (VOC.num_classes, CAMVID.num_classes) == (21, 11)
    assert VOC.names[0] == "background"
    assert len(set(VOC.names)) == len(VOC.colors) == 21
    assert len(set(CAMVID.names)) == len(CAMVID.colors) == 11


@pytest.mark.parametrize("label_set", [VOC, CAMVID])
def test_no_two_classes_share_a_color(label_set):
    assert len({*label_set.colors, label_set.void_color}) == label_set.num_classes + 1


# The colors that VOC's development kit prints
@pytest.mark.parametrize(
    ("name", "color"),
    [
        ("background", (0, 0, 0)),
        ("aeroplane", (128, 0, 0)),
        ("bicycle", (0, 128, 0)),
        ("boat", (0, 0, 128)),
        ("cat", (64, 0, 0)),
        ("person", (192, 128, 128)),
        ("tv monitor", (0, 64, 128)),
    ],
)
def test_voc_colors_are_those_of_its_palette(name, color):
    assert VOC.colors[VOC.names.index(name)] == color


def test_void_of_voc_is_cream():
    assert VOC.void_color == (224, 224, 192)


def test_the_colormap_marks_values_without_meaning():
    colors = colormap(CAMVID)
    assert colors.dtype == np.uint8
    assert colors.shape == (256, 3)
    np.testing.assert_array_equal(colors[3], (128, 64, 128))  # road
    np.testing.assert_array_equal(colors[IGNORE_INDEX], (0, 0, 0))
    assert (colors[11:255] == (255, 0, 255)).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_a_label_map_is_colored_pixel_by_pixel(dtype):
    rgb = label_map_to_rgb(np.array([[0, 1], [15, 255]], dtype=dtype))
    assert rgb.dtype == np.uint8
    expected = [[(0, 0, 0), (128, 0, 0)], [(192, 128, 128), (224, 224, 192)]]
    np.testing.assert_array_equal(rgb, expected)


def test_a_label_map_can_be_colored_as_camvid():
    rgb = label_map_to_rgb(np.array([[10]]), CAMVID)
    np.testing.assert_array_equal(rgb, [[(0, 128, 192)]])  # bicyclist


def test_logits_cannot_be_colored():
    with pytest.raises(TypeError, match=r"integer.*got float32.*take argmax"):
        label_map_to_rgb(np.zeros((2, 2), dtype=np.float32))


@pytest.mark.parametrize("value", [-1, 256])
def test_values_outside_a_byte_are_refused(value):
    with pytest.raises(ValueError, match=rf"from 0 to 255, got .*{value}.*not -1"):
        label_map_to_rgb(np.array([[0, value]]))


def test_an_empty_label_map_has_an_empty_picture():
    assert label_map_to_rgb(np.zeros((0, 4), dtype=np.uint8)).shape == (0, 4, 3)


def test_a_label_set_takes_its_colors_from_voc_where_none_are_given():
    mine = make_label_set("mine", ["floor", "leaf"])
    assert mine.colors == VOC.colors[:2]
    assert mine.void_color == VOC.void_color
    # Cream is a class's color here, so void takes another
    cream = make_label_set("mine", ["wall", "leaf"], [VOC.void_color, (0, 0, 0)])
    assert cream.void_color not in cream.colors
    largest = make_label_set("largest", [f"class {k}" for k in range(255)])
    assert len({*largest.colors, largest.void_color}) == 256
    assert (colormap(largest)[254] == largest.colors[254]).all()


@pytest.mark.parametrize(
    ("names", "colors", "void", "message"),
    [
        ((), (), (1, 1, 1), "1 to 255 classes, got 0"),
        (tuple(map(str, range(256))), ((0, 0, 0),), (1, 1, 1), "1 to 255 .*got 256"),
        (
            ("a", "a"),
            ((0, 0, 0), (1, 1, 1)),
            (2, 2, 2),
            "name of its own, got 'a' twice",
        ),
        (("a", "b"), ((0, 0, 0), (0, 0, 0)), (2, 2, 2), "color of its own"),
        (("a", " "), ((0, 0, 0), (1, 1, 1)), (2, 2, 2), "must not be empty"),
        (("a", "b"), ((0, 0, 0),), (2, 2, 2), "got 1 for 2 classes"),
        (("a",), ((0, 0, 256),), (2, 2, 2), r"from 0 to 255, got \(0, 0, 256\)"),
        (("a",), ((0, 0, 0),), (2, 2), r"three integers .*got \(2, 2\)"),
    ],
)
def test_names_and_colors_that_can_not_be_told_apart_are_refused(
    names, colors, void, message
):
    with pytest.raises(ValueError, match=message):
        LabelSet("mine", names, colors, void)
