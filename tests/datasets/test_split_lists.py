import os
import shutil
import unicodedata

import pytest

from course_utils.datasets.split_lists import SplitLists, find_files

NAMES = ["a", "b", "c d", "sub/e"]


@pytest.fixture
def write(tmp_path):
    """Write lists, by file name, and open them with the pairs of NAMES."""

    def write(folder="ImageSets/Segmentation", names=NAMES, **lists):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        for split, content in lists.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / folder / f"{split}.txt").write_bytes(data)
        return SplitLists(tmp_path, names, names)

    return write


@pytest.mark.parametrize(
    "text",
    [
        "a\nc d\nsub/e",
        "a.jpg\nc d.PNG\nsub/e.jpeg",
        '"a"\n"c d"\n"sub/e"',  # CVAT
        "JPEGImages/a.jpg\n./c d\nsub\\e.jpg",
        "A\nC D\nSub/E",
        "# names\na\nc d\ne",
        "a\r\n\r\n c d \r\nsub/e\r\n",
        "\ufeffa\nc d\nsub/e",
    ],
)
def test_names_are_found_however_they_are_written(write, text):
    assert write(train=text, val="b").names("train") == ["a", "c d", "sub/e"]


def test_an_image_and_its_target_in_a_line_are_one_name(write):
    text = "/JPEGImages/a.jpg /SegmentationClass/a.png\n/x/b.jpg\t/y/b.png"
    assert write(train=text, val="b").names("train") == ["a", "b"]


def test_names_written_in_two_characters_are_those_of_one(write):
    lists = write(names=["été"], train=unicodedata.normalize("NFD", "été"), val="")
    assert lists.names("train") == ["été"]


def test_what_is_not_there_comes_back_as_it_is_written(write):
    assert write(train="a\nq.jpg", val="b").names("train") == ["a", "q.jpg"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "one name per line, got an empty file"),
        ("# only this\n", "got an empty file"),
        ("a\nb\na", r"every name once, got 1 more often \(a\)"),
        ("a\na.jpg", r"every name once, got 1 more often \(a\)"),
        ("a  1\nb -1", "ImageSets/Main"),
        ("a 0\nb 1", "ImageSets/Main"),
        ("テスト".encode("cp932"), "UTF-8"),
    ],
)
def test_what_is_no_list_of_names_is_refused(write, text, message):
    with pytest.raises(ValueError, match=rf"train\.txt must .*{message}"):
        write(train=text, val="b").names("train")


@pytest.mark.parametrize(
    "lists",
    [
        {"train": "a", "val": "b"},
        {"Train": "a", "Validation": "b"},
        {"training": "a", "valid": "b"},
    ],
)
def test_a_split_has_several_names(write, lists):
    found = write(**lists)
    assert (found.names("train"), found.names("val")) == (["a"], ["b"])
    assert found.names("trainval") == ["a", "b"]
    assert not found.splits_itself


@pytest.mark.parametrize("folder", [".", "ImageSets"])
def test_lists_may_lie_higher_up(write, folder):
    assert write(folder, train="a", val="b", classes="x").names("val") == ["b"]


@pytest.mark.parametrize(("missing", "other"), [("train", "val"), ("val", "train")])
def test_one_list_of_two_is_not_split(write, missing, other):
    lists = write(**{other: "a\nb"})
    with pytest.raises(FileNotFoundError, match=rf"{missing}\.txt .*is missing"):
        lists.names(missing)
    assert f"{other}.txt into it" in lists.advice(missing)


def test_one_pair_in_five_validates_where_no_list_says_which(tmp_path):
    names = [f"p{k:02d}" for k in range(30)]
    lists = SplitLists(tmp_path, names, names)
    assert lists.splits_itself
    train, val = lists.names("train"), lists.names("val")
    assert (len(train), len(val)) == (24, 6)
    assert sorted(train + val) == lists.names("trainval") == names
    again = SplitLists(tmp_path, reversed(names), reversed(names))
    assert again.names("val") == val
    # With one more, at most one of them changes sides
    more = SplitLists(tmp_path, [*names, "q"], [*names, "q"])
    assert len(set(val) - set(more.names("val"))) <= 1


def test_the_one_list_of_cvat_is_split(write):
    lists = write(default="a\nb\nsub/e")
    assert sorted(lists.names("train") + lists.names("val")) == ["a", "b", "sub/e"]


def test_a_single_pair_can_not_be_split(tmp_path):
    with pytest.raises(ValueError, match="at least two pairs"):
        SplitLists(tmp_path, ["a"], ["a"]).names("val")


def test_no_pairs_at_all_are_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"val\.txt must list"):
        SplitLists(tmp_path, [], []).names("val")


def test_files_are_found_in_subfolders_and_hidden_ones_left_out(tmp_path):
    (tmp_path / "sub" / ".hidden").mkdir(parents=True)
    for name in (
        "a.jpg",
        "._a.jpg",
        "b.c.PNG",
        "b.txt",
        "sub/e.png",
        "sub/.hidden/f.png",
    ):
        (tmp_path / name).touch()
    (tmp_path / unicodedata.normalize("NFD", "é.jpg")).touch()
    (tmp_path / "a.png").touch()
    found = find_files(tmp_path, (".jpg", ".png"))
    names = {key: path.name for key, path in found.items()}
    assert names.pop("é")  # whatever the file system makes of it
    assert names == {"a": "a.jpg", "b.c": "b.c.PNG", "sub/e": "e.png"}
    assert find_files(tmp_path / "nowhere", (".jpg",)) == {}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no links here")
def test_a_link_in_a_circle_is_not_followed(tmp_path):
    (tmp_path / "a.jpg").touch()
    (tmp_path / "again").symlink_to(tmp_path)
    assert list(find_files(tmp_path, (".jpg",))) == ["a"]


def test_a_folder_that_can_not_be_read_is_not_empty(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError):
        find_files(tmp_path, (".jpg",))
    monkeypatch.undo()
    shutil.rmtree(tmp_path)
    assert find_files(tmp_path, (".jpg",)) == {}
