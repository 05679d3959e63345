import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from scene_folder import write_voc_folder

from course_utils.datasets.folder import SegmentationFolder
from course_utils.labels import CAMVID, VOC, colormap

SIZE = 6, 8  # rows, columns


def picture(seed):
    values = np.random.default_rng(seed).integers(256, size=(*SIZE, 3))
    return Image.fromarray(values.astype(np.uint8))


def palette_map(values):
    label_map = Image.fromarray(np.asarray(values, dtype=np.uint8))
    label_map.putpalette(colormap(VOC).tobytes())
    return label_map


@pytest.fixture
def root(tmp_path):
    """Write pairs a, b, c; the first row of their targets counts from 0, 1, 2."""
    values = np.zeros(SIZE, dtype=np.uint8)
    values[0] = range(8)
    values[1] = 255
    pairs = {
        name: (picture(seed), palette_map(values + (values < 255) * seed))
        for seed, name in enumerate("abc")
    }
    names = {"train": "ab", "val": "c", "trainval": "abc"}
    return write_voc_folder(
        tmp_path, {split: {n: pairs[n] for n in names[split]} for split in names}
    )


def test_a_download_that_lost_a_file_is_mended_by_the_command(root):
    (root / "download.json").write_text("{}")
    (root / "JPEGImages" / "a.jpg").unlink()
    advice = f"repair it with: python -m course_utils download voc --root {root}"
    with pytest.raises(FileNotFoundError, match=advice):
        SegmentationFolder(root, "train")


@pytest.mark.parametrize("in_memory", [False, True])
def test_an_item_is_a_photograph_and_its_class_indices(root, in_memory):
    image, target = SegmentationFolder(root, "train", in_memory=in_memory)[1]
    assert image.mode == "RGB"
    assert image.size == target.size == (8, 6)
    expected = np.asarray(Image.open(root / "JPEGImages" / "b.jpg"))
    np.testing.assert_array_equal(np.asarray(image), expected)
    np.testing.assert_array_equal(np.asarray(target)[0], range(1, 9))
    np.testing.assert_array_equal(np.asarray(target)[1], 255)


def test_the_splits_hold_what_their_lists_name(root):
    names = {s: SegmentationFolder(root, s).names for s in ("train", "val", "trainval")}
    assert names == {"train": ["a", "b"], "val": ["c"], "trainval": ["a", "b", "c"]}
    data = SegmentationFolder(str(root), "trainval")
    assert len(data) == len(list(data)) == 3


def test_blank_lines_and_windows_line_ends_in_a_list_are_skipped(root):
    listing = root / "ImageSets" / "Segmentation" / "train.txt"
    listing.write_bytes(b"a \r\n\r\nb\r\n")
    assert SegmentationFolder(root, "train").names == ["a", "b"]


def test_the_transform_gets_both_and_its_result_is_the_item(root):
    def transform(image, target):
        return image.size, np.asarray(target)[0, 3], "more"

    data = SegmentationFolder(root, "train", transform=transform)
    assert data[0] == ((8, 6), 3, "more")


def test_gray_label_maps_are_read_like_palette_ones(root):
    path = root / "SegmentationClass" / "a.png"
    Image.fromarray(np.full(SIZE, 20, dtype=np.uint8)).save(path)
    assert np.asarray(SegmentationFolder(root, "train")[0][1]).max() == 20


def test_photographs_may_be_png_or_gray(root):
    (root / "JPEGImages" / "a.jpg").unlink()
    picture(5).convert("L").save(root / "JPEGImages" / "a.PNG")
    image, _ = SegmentationFolder(root, "train")[0]
    assert image.mode == "RGB"
    expected = np.asarray(picture(5).convert("L").convert("RGB"))
    np.testing.assert_array_equal(np.asarray(image), expected)


def test_of_two_photographs_with_one_name_the_jpeg_counts(root):
    picture(5).save(root / "JPEGImages" / "a.png")
    image, _ = SegmentationFolder(root, "train")[0]
    expected = np.asarray(Image.open(root / "JPEGImages" / "a.jpg"))
    np.testing.assert_array_equal(np.asarray(image), expected)


def test_in_memory_reads_each_file_once_and_gives_copies(root):
    data = SegmentationFolder(root, "train", in_memory=True)
    for path in root.rglob("*.*g"):
        path.unlink()
    for kept in data[0]:
        kept.paste(0, (0, 0, 8, 6))
    image, target = data[0]
    assert np.asarray(image).max() > 0
    assert np.asarray(target).max() == 255


def test_a_photograph_taken_on_its_side_is_turned(root):
    turned = picture(5).transpose(Image.Transpose.ROTATE_90)
    exif = turned.getexif()
    exif[0x0112] = 6  # to be shown turned by 90 degrees clockwise
    turned.save(root / "JPEGImages" / "a.jpg", exif=exif, quality=95)
    image, target = SegmentationFolder(root, "train")[0]
    assert image.size == target.size == (8, 6)


def test_a_loader_takes_it(root):
    def transform(image, target):
        return torch.tensor(np.asarray(image)), torch.tensor(np.asarray(target))

    data = SegmentationFolder(root, "trainval", transform=transform)
    images, targets = next(iter(torch.utils.data.DataLoader(data, batch_size=3)))
    assert images.shape == (3, 6, 8, 3)
    assert targets[:, 0, 0].tolist() == [0, 1, 2]


def test_an_unknown_split_is_named(root):
    with pytest.raises(ValueError, match=r"'trainval', 'test'\), got 'valid'"):
        SegmentationFolder(root, "valid")


def test_a_missing_folder_says_how_to_get_the_data(tmp_path):
    message = r"nowhere must be a folder .*copy the data set there.*COURSE_DATA"
    with pytest.raises(FileNotFoundError, match=message):
        SegmentationFolder(tmp_path / "nowhere", "train")


def test_a_missing_or_empty_list_is_named(root):
    listing = root / "ImageSets" / "Segmentation" / "val.txt"
    listing.write_text("\n")
    with pytest.raises(ValueError, match=r"val\.txt must list .* empty"):
        SegmentationFolder(root, "val")
    listing.unlink()
    message = r"val\.txt must list .* missing; move some of the names of train\.txt"
    with pytest.raises(FileNotFoundError, match=message):
        SegmentationFolder(root, "val")


def test_missing_files_are_reported_at_once_and_the_first_three_named(root):
    for name in ("JPEGImages/a.jpg", "SegmentationClass/a.png", "JPEGImages/c.jpg"):
        (root / name).unlink()
    names = r"JPEGImages/a\.jpg, JPEGImages/c\.jpg, SegmentationClass/a\.png"
    message = rf"must hold every file .* 3 of 6 are missing \({names}\); copy"
    with pytest.raises(FileNotFoundError, match=message):
        SegmentationFolder(root, "trainval")
    shutil.rmtree(root / "JPEGImages")
    message = r"4 of 6 .*\(JPEGImages/a\.jpg, .*b\.jpg, .*c\.jpg, …\)"
    with pytest.raises(FileNotFoundError, match=message):
        SegmentationFolder(root, "trainval")


@pytest.mark.parametrize("in_memory", [False, True])
def test_a_truncated_photograph_is_named(root, in_memory):
    path = root / "JPEGImages" / "a.jpg"
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(ValueError, match=r"a\.jpg .*truncated.*delete it, then copy"):
        SegmentationFolder(root, "train", in_memory=in_memory)[0]


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_broken_label_map_is_named(root, kept):
    path = root / "SegmentationClass" / "a.png"
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(ValueError, match=r"a\.png can't be read as an image"):
        SegmentationFolder(root, "train")[0]


def test_a_broken_png_is_named_also_where_pil_calls_it_a_syntax_error(
    root, monkeypatch
):
    def load(path):
        raise SyntaxError("broken PNG file")

    data = SegmentationFolder(root, "train")
    monkeypatch.setattr(Image, "open", load)
    with pytest.raises(ValueError, match=r"can't be read as an image.*broken PNG"):
        data[0]


def test_a_file_that_vanished_is_not_called_broken(root):
    data = SegmentationFolder(root, "train")
    (root / "JPEGImages" / "a.jpg").unlink()
    with pytest.raises(FileNotFoundError, match=r"a\.jpg"):
        data[0]


@pytest.mark.parametrize(
    ("label_map", "message"),
    [
        (palette_map(np.zeros((8, 6))), r"6x8 \(height x width\), got 8x6"),
        (palette_map([[20, 21, 22, 255] * 2] * 6), "0 to 20 or 255 .*got 21, 22; "),
        *((Image.new(m, (8, 6)), f"8-bit palette .*mode {m};") for m in ("CMYK", "F")),
    ],
    ids=["size", "values", "CMYK", "F"],
)
def test_what_is_no_map_of_these_class_indices_is_refused(root, label_map, message):
    path = root / "SegmentationClass" / "a.png"
    path.unlink()
    path = path if label_map.mode in "PL" else path.with_suffix(".tif")
    label_map.save(path)
    with pytest.raises(ValueError, match=rf"{path.name} must .*{message}"):
        SegmentationFolder(root, "train")[0]


def test_the_label_set_decides_which_values_are_allowed(root):
    palette_map(np.full(SIZE, 11)).save(root / "SegmentationClass" / "a.png")
    SegmentationFolder(root, "train", label_set=VOC)[0]
    with pytest.raises(ValueError, match=r"0 to 10 .*got 11; .*camvid is in use"):
        SegmentationFolder(root, "train", label_set=CAMVID)[0]


def test_a_folder_that_names_its_classes_is_read_with_them(root):
    (root / "classes.txt").write_text("\n".join(f"class {k}" for k in range(11)))
    data = SegmentationFolder(root, "train")
    assert data.label_set.num_classes == 11
    np.testing.assert_array_equal(np.asarray(data[1][1])[0], range(1, 9))
    assert SegmentationFolder(root, "train", label_set=VOC).label_set is VOC


def test_masks_of_the_older_labelme_lie_in_a_folder_of_their_own(root):
    (root / "SegmentationClass").rename(root / "SegmentationClassPNG")
    (root / "SegmentationClass").mkdir()
    (root / "SegmentationClass" / "a.npy").touch()
    assert np.asarray(SegmentationFolder(root, "train")[1][1])[0, 0] == 1


def test_without_lists_all_pairs_are_split_and_lonely_photographs_left_out(root):
    shutil.rmtree(root / "ImageSets")
    picture(5).save(root / "JPEGImages" / "lonely.jpg")
    splits = [SegmentationFolder(root, split) for split in ("train", "val")]
    assert sorted(name for data in splits for name in data.names) == ["a", "b", "c"]
    assert len(splits[1]) == 1
    assert splits[0].num_without_target == 1


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (lambda root: shutil.rmtree(root / "JPEGImages"), "Save images is on"),
        (lambda root: as_jpeg(root / "SegmentationClass"), "export the masks as PNG"),
        (
            lambda root: rename(root / "SegmentationClass", "{}_mask"),
            "a.png and not a_m",
        ),
        (lambda root: (root / "JPEGImages" / "a.jpg").unlink(), "copy them there"),
    ],
)
def test_the_advice_on_missing_files_fits_the_cause(root, change, advice):
    change(root)
    with pytest.raises(FileNotFoundError, match=rf"are missing .*{advice}"):
        SegmentationFolder(root, "train")


def rename(folder, form):
    for path in folder.iterdir():
        path.rename(path.with_stem(form.format(path.stem)))


def test_a_target_may_have_the_suffix_of_its_photograph_too(root):
    shutil.rmtree(root / "ImageSets")
    rename(root / "SegmentationClass", "{}.jpg")
    splits = [SegmentationFolder(root, split) for split in ("train", "val")]
    assert sorted(name for data in splits for name in data.names) == ["a", "b", "c"]


def as_jpeg(folder):
    for path in folder.iterdir():
        path.rename(path.with_suffix(".jpg"))


@pytest.mark.parametrize(
    ("file", "advice"),
    [
        ("export/JPEGImages/a.jpg", "set COURSE_DATA to the folder inside, .*export"),
        ("export.zip", "unpack the archive"),
        ("annotations.xml", "in CVAT, export in the format Segmentation mask 1.1"),
        ("a.json", "labelme2voc.py"),
        ("annotations/instances_default.json", "instead of COCO's JSON"),
        ("a.txt", "docs/your_own_data.md"),
    ],
)
def test_other_exports_are_recognized(tmp_path, file, advice):
    (tmp_path / file).parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / file).touch()
    message = rf"train\.txt must list .*as are JPEGImages .*{advice}"
    with pytest.raises(FileNotFoundError, match=message):
        SegmentationFolder(tmp_path, "train")


def test_only_a_download_is_repaired_by_the_command(root):
    path = root / "JPEGImages" / "a.jpg"
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="delete it, then copy or export it again"):
        SegmentationFolder(root, "train")[0]
    (root / "download.json").write_text('{"data": "camvid"}')
    with pytest.raises(ValueError, match=r"delete it, then repair it .*download cam"):
        SegmentationFolder(root, "train", label_set=VOC)[0]
