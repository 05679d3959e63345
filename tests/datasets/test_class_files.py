import json

import pytest

from course_utils.datasets.class_files import (
    UNKNOWN,
    FolderClasses,
    class_file,
    data_name,
    read_classes,
)
from course_utils.labels import CAMVID, VOC, LabelSet

RED, GREEN, BLUE = (200, 0, 0), (0, 200, 0), (0, 0, 200)


@pytest.fixture
def read(tmp_path):
    """Write a file with classes and read it."""
    root = tmp_path / "leaves"
    root.mkdir()

    def read(text, name="classes.txt"):
        (root / name).write_text(text, encoding="utf-8")
        return read_classes(root)

    return read


def meanings(classes):
    """What the values of pixels mean, unknown ones left out."""
    pairs = enumerate(classes.meanings.tolist())
    return {value: meaning for value, meaning in pairs if meaning != UNKNOWN}


@pytest.mark.parametrize(
    "text",
    [
        "floor\ndining table\nleaf\n",
        "floor\r\n\r\n  dining table \r\nleaf",
        "# my classes\nfloor\ndining table\nleaf",
        "0 floor\n1 dining table\n2 leaf",
        "0: floor\n1: dining table\n2: leaf",
        "0,floor\n1,dining table\n2,leaf",
        "2 leaf\n0 floor\n1 dining table",
        "index,name\n0,floor\n1,dining table\n2,leaf",
        "'floor'\n\"dining table\"\n'leaf'",
    ],
)
def test_names_come_in_the_order_of_the_file_and_values_with_them(read, text):
    classes = read(text)
    values = {"floor": 0, "dining table": 1, "leaf": 2}
    by_name = {name: k for k, name in enumerate(classes.label_set.names)}
    assert by_name.keys() == values.keys()
    expected = {values[name]: k for name, k in by_name.items()}
    assert meanings(classes) == {**expected, 255: 255}
    assert classes.colors == {}  # none is declared, so none is known
    assert classes.source == "classes.txt"


@pytest.mark.parametrize(
    "text",
    [
        "floor 200 0 0\nleaf 0 200 0",
        "floor,200,0,0\nleaf,0,200,0",
        "floor;200;0;0\nleaf;0;200;0",
        "floor: (200, 0, 0)\nleaf: (0, 200, 0)",
        "floor #c80000\nleaf\t#00C800",
        "0 floor 200 0 0\n1 leaf 0 200 0",
        "name,r,g,b\nfloor,200,0,0\nleaf,0,200,0",
    ],
)
def test_a_color_may_stand_behind_each_name(read, text):
    classes = read(text)
    assert classes.label_set.names == ("floor", "leaf")
    assert classes.label_set.colors == (RED, GREEN)
    assert classes.colors == {RED: 0, GREEN: 1}  # and none for void
    assert meanings(classes) == {0: 0, 1: 1, 255: 255}


def test_numbers_in_names_stay_there(read):
    assert read("class 1\nclass 2").label_set.names == ("class 1", "class 2")
    assert read("1 wheel\ntwo wheels").label_set.names == ("1 wheel", "two wheels")


def test_any_value_may_stand_for_a_class_also_that_of_void(read):
    classes = read("0 background\n127 stem\n255 leaf")
    assert meanings(classes) == {0: 0, 127: 1, 255: 2}
    assert not classes.are_indices
    assert read("0 background\n1 stem").are_indices


@pytest.mark.parametrize("void", ["void", "Ignore", "unlabelled", "__ignore__"])
def test_void_is_declared_by_its_name(read, void):
    # As SegNet's authors number CamVid, and as data with void at 0 do
    assert meanings(read(f"sky\nroad\n{void}")) == {0: 0, 1: 1, 2: 255, 255: 255}
    assert meanings(read(f"0 {void}\n1 sky\n2 road")) == {0: 255, 1: 0, 2: 1, 255: 255}


def test_the_color_of_void_is_read_too(read):
    classes = read("sky 200 0 0\nroad 0 200 0\nvoid 0 0 200")
    assert classes.colors == {RED: 0, GREEN: 1, BLUE: 255}
    assert classes.label_set.void_color == BLUE


def test_void_gets_a_color_that_no_class_has(read):
    # Cream is void's color in VOC
    classes = read("wall 224 224 192\nleaf 0 200 0")
    assert classes.label_set.void_color not in classes.label_set.colors


def test_cvat_writes_colors_and_no_order(read):
    text = "# label:color_rgb:parts:actions\nleaf:200,0,0::\nbackground:0,0,0::\n"
    classes = read(text + "stem:0,200,0:tip,foot:\n", "labelmap.txt")
    assert classes.label_set.names == ("background", "leaf", "stem")
    assert classes.colors == {(0, 0, 0): 0, RED: 1, GREEN: 2}
    # A mask of one channel holds the line: leaf is the first
    assert meanings(classes) == {0: 1, 1: 0, 2: 2, 255: 255}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("class_names.txt", "_background_\nleaf\nstem"),
        ("labels.txt", "__ignore__\n_background_\nleaf\nstem"),
    ],
)
def test_labelme_writes_names_and_takes_the_palette_of_voc(read, name, text):
    classes = read(text, name)
    assert classes.label_set.names == ("background", "leaf", "stem")
    assert meanings(classes) == {0: 0, 1: 1, 2: 2, 255: 255}
    assert classes.colors == {(0, 0, 0): 0, (128, 0, 0): 1, (0, 128, 0): 2}


def test_the_file_that_the_user_wrote_counts_before_that_of_a_tool(read, tmp_path):
    read("leaf:1,2,3::\n", "labelmap.txt")
    assert read("floor\nleaf").source == "classes.txt"
    assert class_file(tmp_path / "leaves").name == "classes.txt"
    assert class_file(tmp_path / "nowhere") is None


@pytest.mark.parametrize("label_set", [VOC, CAMVID])
def test_the_classes_of_the_course_are_recognized_by_their_names(read, label_set):
    names = [name.title().replace(" ", "") for name in label_set.names]
    assert read("\n".join([*names, "void"])).label_set == label_set


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must name a class per line"),
        ("# nothing\n", "must name a class per line"),
        ("leaf\nleaf", "a name of its own, got 'leaf' twice"),
        ("a 1 2 3\nb 1 2 3", r"a color of its own, got \(1, 2, 3\) twice"),
        ("a 1 2 3\nb", "a color to every class or to none, got none for 'b'"),
        ("a 1 2 300\nb 1 2 3", r"from 0 to 255, got \(1, 2, 300\)"),
        ("0 a\n0 b", "a value of its own"),
        ("0 a\n256 b", "from 0 to 255, got 256"),
        ("a 1 2 3\nvoid 1 2 3", r"void a color of its own, got \(1, 2, 3\) for 'a'"),
        ("\n".join(map(str, range(257))), "from 0 to 255, got 256"),
        ("\n".join(f"c{k}" for k in range(256)), "1 to 255 classes, got 256"),
        ("void", "1 to 255 classes, got 0"),
    ],
)
def test_what_can_not_be_meant_is_refused(read, text, message):
    with pytest.raises(ValueError, match=rf"classes\.txt .*{message}"):
        read(text)


@pytest.mark.parametrize("way", ["color", "index"])
def test_the_file_may_say_how_palettes_are_read_and_nothing_else(read, way):
    classes = read(f"# read by {way}\n")
    assert (classes.read_by, classes.label_set) == (way, VOC)
    classes = read(f"floor 1 2 3\nleaf 3 4 5\nRead by {way}")
    assert (classes.read_by, classes.label_set.num_classes) == (way, 2)


def test_without_a_file_a_download_says_what_it_is_and_then_the_name(tmp_path):
    root = tmp_path / "My CamVid"
    root.mkdir()
    assert read_classes(root).label_set == CAMVID
    assert read_classes(tmp_path).label_set == VOC
    for content, label_set in (('{"data": "voc"}', VOC), ("{}", CAMVID), ("x", CAMVID)):
        (root / "download.json").write_text(content)
        assert read_classes(root).label_set == label_set


def test_a_label_set_is_read_by_its_indices_and_colors():
    mine = LabelSet("mine", ("floor", "leaf"), (RED, GREEN), BLUE)
    classes = FolderClasses.of(mine)
    assert meanings(classes) == {0: 0, 1: 1, 255: 255}
    assert classes.colors == {RED: 0, GREEN: 1, BLUE: 255}


@pytest.mark.parametrize(
    ("choice", "name"),
    [
        ("scenes", "scenes"),
        ("voc", "voc"),
        ("camvid", "camvid"),
        ("/somewhere/CamVid_small", "camvid"),
        ("~/photos", "voc"),
        ("camvid/photos", "voc"),
    ],
)
def test_without_classes_of_its_own_a_folder_is_called_by_those_it_is_taken_for(
    choice, name
):
    assert data_name(choice) == name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("leaves", "leaves"),
        ("My Leaves (2)", "my_leaves_2"),
        ("잎", "잎"),
        ("…", "folder"),
        ("x" * 99, "x" * 40),
        ("voc", "my_voc"),
        ("CamVid", "my_camvid"),
        ("scenes", "my_scenes"),
    ],
)
def test_a_folder_with_classes_of_its_own_has_a_name_that_files_can_have(
    tmp_path, folder, name
):
    root = tmp_path / folder
    root.mkdir()
    (root / "classes.txt").write_text("floor\nleaf")
    assert data_name(str(root)) == name


def test_a_folder_named_as_what_it_holds_keeps_its_name(tmp_path):
    root = tmp_path / "camvid"
    root.mkdir()
    (root / "classes.txt").write_text("\n".join(CAMVID.names))
    (root / "download.json").write_text(json.dumps({"data": "voc"}))
    assert data_name(str(root)) == "camvid"
