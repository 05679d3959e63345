import dataclasses

import numpy as np
import pytest
import torch
from PIL import Image
from scene_folder import write_voc_folder

from course_utils import settings
from course_utils.datasets.course import course_data
from course_utils.datasets.scenes.dataset import SceneDataset
from course_utils.labels import CAMVID, VOC
from course_utils.settings import RUN_LEVELS

MEAN_COLOR = [124, 116, 104]  # ImageNet's mean, in bytes
RUN = dataclasses.replace(RUN_LEVELS["ci"], num_train=3, num_val=2)


def make_pair(size, index):
    """A gray photograph whose right half is the class, the left one background."""
    height, width = size
    target = np.zeros(size, dtype=np.uint8)
    target[:, width // 2 :] = index
    image = np.full((height, width, 3), 50 + 10 * index, dtype=np.uint8)
    return Image.fromarray(image), Image.fromarray(target)


ONE_PAIR = {"train": [(64, 64)], "val": [(64, 64)]}


def write_folder(root, splits=ONE_PAIR):
    """Write a folder in VOC layout: of every split, the sizes of its pairs."""
    pairs = {
        split: {f"{split}{k}": make_pair(size, k + 1) for k, size in enumerate(sizes)}
        for split, sizes in splits.items()
    }
    return write_voc_folder(root, pairs, suffix=".png")


@pytest.fixture(autouse=True)
def course(monkeypatch, tmp_path):
    """A course without data, in which nothing is chosen."""
    monkeypatch.setattr(settings, "COURSE_ROOT", tmp_path)
    monkeypatch.delenv("COURSE_DATA", raising=False)
    return tmp_path


@pytest.fixture
def folder(course, monkeypatch):
    """Two landscapes and a portrait for training, two landscapes for validation."""
    splits = {
        "train": [(75, 100), (150, 200), (100, 75)],
        "val": [(40, 100), (45, 100)],
    }
    monkeypatch.setenv("COURSE_DATA", str(course / "photos"))
    return write_folder(course / "photos", splits)


def test_photographs_are_scaled_to_the_longer_side_and_padded_with_void(folder):
    images, targets = course_data(RUN).train.tensors
    assert (images.dtype, targets.dtype) == (torch.uint8, torch.uint8)
    # Of 75×100: 48×64 into the corner of 64×64, with class 1 in the right half
    assert images.shape == (3, 3, 64, 64)
    assert (images[0, :, :48] == 60).all()
    assert (targets[0, :48, :32] == 0).all()
    assert (targets[0, :48, 32:] == 1).all()
    # The portrait: 64×48
    assert (images[2, :, :, :48] == 80).all()
    assert (targets[2, :, :24] == 0).all()
    assert (targets[2, :, 24:48] == 3).all()
    mean_color = torch.tensor(MEAN_COLOR, dtype=torch.uint8)
    for image, outside in ((0, np.s_[48:, :]), (2, np.s_[:, 48:])):
        assert (targets[image][outside] == 255).all()
        padding = images[image].permute(1, 2, 0)[outside]
        torch.testing.assert_close(padding, mean_color.expand_as(padding))


def test_the_sizes_are_those_of_the_photographs_without_padding(folder):
    # Longer side 64: 75×100 and 150×200 become 48×64, 40×100 26×64 (25.6 rounded),
    # 45×100 29×64 (28.8 rounded)
    data = course_data(RUN)
    assert data.train_sizes.tolist() == [[48, 64], [48, 64], [64, 48]]
    assert data.val_sizes.tolist() == [[26, 64], [29, 64]]


def test_class_indices_survive_the_resize(course, monkeypatch):
    rng = np.random.default_rng(0)
    root = write_folder(course / "noise", {"train": [(90, 70)], "val": [(70, 90)]})
    for name in ("train0", "val0"):
        path = root / "SegmentationClass" / f"{name}.png"
        size = Image.open(path).size[::-1]
        values = rng.choice(np.array([2, 7, 20, 255], dtype=np.uint8), size=size)
        Image.fromarray(values).save(path)
    monkeypatch.setenv("COURSE_DATA", str(root))
    data = course_data(RUN)
    for _, targets in (data.train.tensors, data.val.tensors):
        assert targets.unique().tolist() == [2, 7, 20, 255]


@pytest.mark.parametrize("side", [64, 96])
def test_training_and_validation_have_the_size_of_the_run(folder, side):
    # The landscapes of validation alone would need less height
    data = course_data(dataclasses.replace(RUN, image_size=side))
    assert data.train[0][0].shape == data.val[0][0].shape == (3, side, side)
    assert data.val[0][1].shape == (side, side)


def test_landscapes_alone_need_no_square(course, monkeypatch):
    root = write_folder(course / "wide", {"train": [(50, 200)], "val": [(60, 200)]})
    monkeypatch.setenv("COURSE_DATA", str(root))
    # 64 wide, 16 or 19 high, filled up to whole cells of 32
    assert course_data(RUN).train[0][0].shape == (3, 32, 64)


def test_no_more_pairs_than_the_run_wants_and_always_the_same(folder):
    run = dataclasses.replace(RUN, num_train=2, num_val=1)
    data, again = course_data(run), course_data(run)
    assert (len(data.train), len(data.val)) == (2, 1)
    for pairs in zip(data.train.tensors, again.train.tensors, strict=True):
        torch.testing.assert_close(*pairs)


def test_many_pairs_are_read_in_order(course, monkeypatch):
    pairs = {f"{k:03d}": make_pair((8, 8), k % 20) for k in range(120)}
    val = {"val": make_pair((8, 8), 1)}
    root = course / "many"
    write_voc_folder(root, {"train": pairs, "val": val}, suffix=".png")
    monkeypatch.setenv("COURSE_DATA", str(root))
    torch.manual_seed(0)
    state = torch.random.get_rng_state()
    run = dataclasses.replace(RUN, num_train=120, num_val=9)
    images, targets = course_data(run).train.tensors
    assert targets[:, 0, -1].tolist() == [k % 20 for k in range(120)]
    assert images[:, 0, 0, 0].tolist() == [50 + 10 * (k % 20) for k in range(120)]
    torch.testing.assert_close(torch.random.get_rng_state(), state)


@pytest.mark.parametrize(
    ("choice", "folder", "label_set"),
    [
        ("voc", "data/voc", VOC),
        ("camvid", "data/camvid", CAMVID),
        ("photos", "home/photos", VOC),  # counted from the working directory
        ("camvid-small", "home/camvid-small", CAMVID),
        ("../My CamVid", "My CamVid", CAMVID),
    ],
)
def test_a_choice_is_a_folder_and_its_classes_and_the_printed_line_names_it(
    course, monkeypatch, capsys, choice, folder, label_set
):
    (course / "home").mkdir()
    monkeypatch.chdir(course / "home")
    write_folder(course / folder)
    monkeypatch.setenv("COURSE_DATA", choice)
    data = course_data(RUN)
    assert (data.name, data.label_set) == (label_set.name, label_set)
    assert capsys.readouterr().out.startswith(
        f"data: {label_set.name}, 1 train and 1 val pairs of 64 × 64 pixels, "
        f"{label_set.num_classes} classes\n"
    )


def test_a_notebook_may_prefer_camvid_where_nothing_is_chosen(
    course, monkeypatch, capsys
):
    for name in ("voc", "camvid"):
        write_folder(course / "data" / name)
    assert course_data(RUN, prefer="camvid").label_set == CAMVID
    assert "11 classes (on disk, and fits best here; COURSE" in capsys.readouterr().out
    assert course_data(RUN).label_set == VOC
    assert "COURSE_DATA" not in capsys.readouterr().out
    monkeypatch.setenv("COURSE_DATA", "voc")
    assert course_data(RUN, prefer="camvid").label_set == VOC
    monkeypatch.setenv("COURSE_DATA", "scenes")
    assert course_data(RUN, prefer="camvid").name == "scenes"
    assert "fits best" not in capsys.readouterr().out


def test_what_is_preferred_and_not_there_is_replaced(course):
    assert course_data(RUN, prefer="camvid").name == "scenes"
    write_folder(course / "data" / "voc")
    assert course_data(RUN, prefer="camvid").name == "voc"


@pytest.mark.parametrize("choice", [None, "", "scenes"])
def test_without_photographs_scenes_are_drawn(monkeypatch, capsys, choice):
    if choice is not None:
        monkeypatch.setenv("COURSE_DATA", choice)
    data = course_data(RUN)
    printed = capsys.readouterr().out
    assert printed.startswith("data: scenes, 3 train and 2 val pairs of 64 × 64 pixels")
    assert ("course_utils download voc" in printed) == (choice != "scenes")
    image, target = SceneDataset("train", 3, size=64)[1]
    torch.testing.assert_close(
        data.train[1][0].permute(1, 2, 0), torch.from_numpy(np.array(image))
    )
    torch.testing.assert_close(data.train[1][1], torch.from_numpy(np.array(target)))
    assert not data.val[0][0].equal(data.train[0][0])
    assert data.train_sizes.tolist() == [[64, 64]] * 3
    assert data.val_sizes.tolist() == [[64, 64]] * 2


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("voc", "data/voc must exist.* -m course_utils download voc, or unset"),
        ("camvid", "data/camvid must exist.* course_utils download camvid, or unset"),
        ("ade20k", "must exist, .* set COURSE_DATA to voc, scenes, camvid or an"),
        ("in another layout", r"train\.txt must list the names"),
    ],
)
def test_missing_data_say_how_to_get_them(course, monkeypatch, name, match):
    (course / "in another layout").mkdir()
    monkeypatch.chdir(course)
    monkeypatch.setenv("COURSE_DATA", name)
    with pytest.raises(FileNotFoundError, match=match):
        course_data(RUN)


@pytest.fixture
def leaves(course, monkeypatch):
    """A folder with three classes of its own, of which one does not occur in val."""
    pairs = {f"p{k}": make_pair((64, 64), 1 + k % 2) for k in range(4)}
    val = {"q": make_pair((64, 64), 1)}
    root = write_voc_folder(
        course / "leaves", {"train": pairs, "val": val}, suffix=".png"
    )
    (root / "classes.txt").write_text("floor\nleaf\nfruit\n")
    monkeypatch.setenv("COURSE_DATA", str(root))
    return root


def test_a_folder_may_have_classes_of_its_own(leaves, capsys):
    data = course_data(dataclasses.replace(RUN, num_train=4))
    assert (data.name, data.label_set.names) == ("leaves", ("floor", "leaf", "fruit"))
    assert data.train.tensors[1].unique().tolist() == [0, 1, 2]
    assert data.names == ("p0", "p1", "p2", "p3", "q")
    assert capsys.readouterr().out.splitlines() == [
        "data: leaves, 4 train and 1 val pairs of 64 × 64 pixels, 3 classes",
        "  classes, from classes.txt: floor, leaf, fruit",
        "  train: floor 50.0 %, leaf 25.0 %, fruit 25.0 %; void 0 %",
        "  val: floor 50.0 %, leaf 50.0 %; void 0 %; no fruit",
        "  warning: 1 of 1 val images are in train too, under another name; the scores "
        "on them",
        "    mean nothing",
    ]


def test_padding_is_no_part_of_the_shares(leaves, capsys):
    image, target = make_pair((32, 64), 1)
    image.save(leaves / "JPEGImages" / "q.png")
    target.save(leaves / "SegmentationClass" / "q.png")
    course_data(RUN)
    assert "val: floor 50.0 %, leaf 50.0 %; void 0 %" in capsys.readouterr().out


def test_a_folder_without_classes_is_said_to_be_taken_for_voc(folder, capsys):
    course_data(RUN)
    assert "names no classes, so they are taken for voc's" in capsys.readouterr().out


def test_lists_that_overlap_are_refused(leaves):
    (leaves / "ImageSets" / "Segmentation" / "val.txt").write_text("q\np3.png\np0")
    with pytest.raises(ValueError, match=r"but 2 are in both \(p0, p3\); delete"):
        course_data(RUN)


def test_an_own_split_is_said(leaves, capsys):
    for path in (leaves / "ImageSets" / "Segmentation").iterdir():
        path.unlink()
    data = course_data(dataclasses.replace(RUN, num_train=9))
    assert (len(data.train), len(data.val)) == (4, 1)
    assert "one pair in five" in capsys.readouterr().out


def test_values_between_those_of_the_classes_are_warned_of(leaves, capsys):
    for path in (leaves / "SegmentationClass").iterdir():
        values = np.array(Image.open(path)) * 2
        small = Image.fromarray(values.clip(0, 2)).resize((16, 16))
        small.resize((64, 64), Image.Resampling.BILINEAR).save(path)
    course_data(RUN)
    printed = capsys.readouterr().out
    assert "warning: from class to class, the targets mostly pass through" in printed


@pytest.mark.parametrize("values", [(0, 255), (1, 1), (255, 255)])
def test_masks_that_show_one_class_are_refused(leaves, values):
    for path in (leaves / "SegmentationClass").iterdir():
        target = np.full((64, 64), values[0], dtype=np.uint8)
        target[:30] = values[1]
        Image.fromarray(target).save(path)
    with pytest.raises(ValueError, match="255 is an object and not void"):
        course_data(RUN)
    (leaves / "classes.txt").write_text("0 floor\n255 leaf\n1 fruit")
    if values == (0, 255):
        assert course_data(RUN).train.tensors[1].unique().tolist() == [0, 1]


def test_a_file_is_no_folder(course, monkeypatch):
    (course / "export.zip").write_bytes(b"PK")
    monkeypatch.setenv("COURSE_DATA", str(course / "export.zip"))
    with pytest.raises(ValueError, match="must be a folder, but is a file; unpack it"):
        course_data(RUN)


def test_the_settings_tell_other_lists_and_classes(leaves):
    settings_of = course_data(RUN).settings
    assert course_data(RUN).settings == settings_of
    (leaves / "classes.txt").write_text("floor\nleaf\nberry\n")
    other = course_data(RUN).settings
    changed = {name for name in other if other[name] != settings_of[name]}
    assert changed == {"label set"}
    assert course_data(dataclasses.replace(RUN, num_train=2)).settings != other
