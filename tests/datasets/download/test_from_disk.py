"""What --from takes, and what it refuses."""

import gzip
import io
import json
import re
import tarfile
import zipfile

import pytest
from PIL import Image
from tiny_voc import FOLDER, as_tar, encoded, make_pair

from course_utils.datasets.class_files import data_name
from course_utils.datasets.download.archives import ArchiveError, _end_of, read_files
from course_utils.datasets.folder import SegmentationFolder
from course_utils.labels import VOC


def write_folder(root, members):
    for name, data in members:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def as_zip(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def as_file(path, data):
    path.write_bytes(data)
    return path


SOURCES = {
    "the archive": lambda t, p: as_file(p / "any name.tar", t.tar),
    "the archive, gzip": lambda t, p: as_file(p / "a.tar.gz", gzip.compress(t.tar)),
    "the VOCdevkit folder": lambda t, p: write_folder(p, t.members) / "VOCdevkit",
    "the VOC2012 folder": lambda t, p: write_folder(p, t.members) / "VOCdevkit/VOC2012",
    "a zip of the folder": lambda t, p: as_file(p / "v.zip", as_zip(t.members)),
    "a zip of the archive": lambda t, p: as_file(
        p / "v.zip", as_zip([("x/tiny.tgz", gzip.compress(t.tar))])
    ),
}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_gives_the_same(kind, tiny, archive_at, get, source, root):
    get(archive_at(), "--from", SOURCES[kind](tiny, source))
    md5 = json.loads((root / "download.json").read_text())["archive_md5"]
    assert md5 == ("compared" if kind == "the archive" else "not compared")


def replaced(tiny, name, data):
    return [(n, data if n.endswith(name) else d) for n, d in tiny.members]


def lacking(tiny, name):
    return [(n, d) for n, d in tiny.members if not n.endswith(name)]


def recoded(tiny, change):
    """Change the target of p2."""
    with Image.open(io.BytesIO(tiny.files["SegmentationClass/p2.png"])) as target:
        return replaced(tiny, "Class/p2.png", encoded(change(target), "PNG"))


def with_value(picture, value):
    picture.putpixel((0, 0), value)
    return picture


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def locked(data):
    """Set the flag of encryption on every member of a zip."""
    data = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(mark), bytes(data)):
            data[match.start() + offset] |= 1
    return bytes(data)


DAMAGED = {  # bytes of a file, and what is said
    "an empty file": (lambda t: b"", "no archive"),
    "a text": (lambda t: b"hello " * 999, "no archive"),
    "a photograph": (lambda t: t.files["JPEGImages/p1.jpg"], "no archive"),
    "half an archive": (lambda t: t.tar[: len(t.tar) // 2], "no archive, or damaged"),
    "an archive cut between two files": (
        lambda t: as_tar(t.members[:9])[:-10_240],
        "it (lacks|is no archive)",
    ),
    "a gzip cut short": (lambda t: gzip.compress(t.tar)[:-9], "damaged"),
    "a gzip with a wrong checksum": (
        lambda t: gzip.compress(t.tar)[:-8] + b"12345678",
        "damaged",
    ),
    "half a gzip": (lambda t: gzip.compress(t.tar)[:9000], "damaged"),
    "a zip cut short": (lambda t: as_zip(t.members)[:-30], "no archive"),
    "a wrong byte in a zip": (lambda t: flipped(as_zip(t.members), 20_000), "damaged"),
    "a locked zip": (lambda t: locked(as_zip(t.members)), "password required"),
    "the official archive, a byte wrong": (
        lambda t: flipped(t.tar, 600),
        "its MD5 checksum is",
    ),
}
WRONG = {  # members of an archive, and what is said
    "a photograph is missing": (
        lambda t: lacking(t, "JPEGImages/p2.jpg"),
        "it lacks 1 of 12 files, JPEGImages/p2.jpg among them",
    ),
    "a broken photograph": (
        lambda t: replaced(t, "p2.jpg", b"\xff\xd8\xff"),
        "JPEGImages/p2.jpg can't be opened",
    ),
    "half a photograph": (
        lambda t: replaced(t, "p2.jpg", t.files["JPEGImages/p2.jpg"][:2000]),
        "JPEGImages/p2.jpg can't be opened",
    ),
    "a smaller photograph": (
        lambda t: replaced(t, "p2.jpg", make_pair(2, 20, 24)[0]),
        "JPEGImages/p2.jpg has 20×24 pixels, not 40×48",
    ),
    "a target of another size": (
        lambda t: replaced(t, "Class/p2.png", make_pair(2, 41, 48)[1]),
        "SegmentationClass/p2.png has 41×48 pixels",
    ),
    "a target in colors": (
        lambda t: recoded(t, lambda i: i.convert("RGB")),
        "SegmentationClass/p2.png is no map of class indices",
    ),
    "a value that is no class": (
        lambda t: recoded(t, lambda i: with_value(i, 21)),
        "SegmentationClass/p2.png holds values that are no class",
    ),
    "the target of another photograph": (
        lambda t: replaced(t, "Class/p2.png", t.files["SegmentationClass/p3.png"]),
        "SegmentationClass/p2.png is another target: bicycle differs",
    ),
}


@pytest.fixture
def require_advice(tiny, archive_at, download, get, root, tmp_path):
    """Require that a source is refused, and that a right one is taken afterwards."""

    def require(source, message, archive):
        status, printed = download(archive, "--from", source)
        assert status == 2
        assert re.search(message, printed), printed
        assert not root.exists()
        get(archive_at(), "--from", as_file(tmp_path / "good.tar", tiny.tar))

    return require


@pytest.mark.parametrize("fault", DAMAGED)
def test_a_damaged_archive_ends_in_advice(
    fault, tiny, archive_at, require_advice, source
):
    make, message = DAMAGED[fault]
    archive = archive_at() if "official" in fault else archive_at(size=1)
    require_advice(as_file(source / "a", make(tiny)), message, archive)


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_ends_in_advice(fault, tiny, archive_at, require_advice, source):
    make, message = WRONG[fault]
    file = as_file(source / "a.zip", as_zip(make(tiny)))
    require_advice(file, message, archive_at(size=1))


@pytest.mark.parametrize(
    ("name", "message"), [(".", "it lacks 12 of 12 files"), ("nothing", "No such file")]
)
def test_an_empty_or_missing_folder_ends_in_advice(
    name, message, archive_at, require_advice, source
):
    require_advice(source / name, message, archive_at(size=1))


EVIL = ["/etc/passwd", "../up.jpg", "a/../../up.jpg", "C:\\x.jpg", "\\\\host\\x.jpg"]
EVIL += ["..\\up.jpg", "/VOCdevkit/VOC2012/JPEGImages/p1.jpg", "a\0b"]
NO_FILES = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
NO_FILES += [tarfile.FIFOTYPE, tarfile.DIRTYPE]


@pytest.mark.parametrize("name", EVIL)
def test_a_name_that_leads_out_of_the_archive_is_refused(
    name, tiny, archive_at, download, root, tmp_path
):
    with pytest.raises(ArchiveError, match="would be written elsewhere"):
        _end_of(name)
    if "\0" in name:
        return  # no archive can hold it
    evil = [(name, tiny.files["JPEGImages/p1.jpg"]), *tiny.members]
    for source in (
        as_file(tmp_path / "a.tar", as_tar(evil)),
        as_file(tmp_path / "a.zip", as_zip(evil)),
    ):
        status, printed = download(archive_at(size=1), "--from", source)
        assert status == 2
        assert "a file that would be written elsewhere" in printed
    assert not root.exists()
    assert not list(tmp_path.rglob("up.jpg")) + list(tmp_path.parent.glob("up.jpg"))


@pytest.mark.parametrize("kind", NO_FILES)
def test_links_and_devices_are_never_read(kind, tiny, archive_at, download, tmp_path):
    info = tarfile.TarInfo(f"{FOLDER}/JPEGImages/p1.jpg")
    info.type, info.linkname = kind, "/etc/passwd"
    members = [info, *lacking(tiny, "JPEGImages/p1.jpg")]
    source = as_file(tmp_path / "a.tar", as_tar(members))
    status, printed = download(archive_at(size=1), "--from", source)
    assert status == 2
    assert "it lacks 1 of 12 files, JPEGImages/p1.jpg among them" in printed


def test_a_link_in_a_zip_is_never_read(tiny, tmp_path):
    info = zipfile.ZipInfo(f"{FOLDER}/JPEGImages/p1.jpg")
    info.external_attr = 0o120777 << 16
    members = [(info, b"/etc/passwd"), ("a/b.txt", b"b")]
    source = as_file(tmp_path / "a.zip", as_zip(members))
    names = {"JPEGImages/p1.jpg": "p1.jpg", "a/b.txt": "b.txt"}
    assert list(read_files(source, names)) == [("b.txt", b"b")]


def test_a_giant_member_is_not_read(tmp_path):
    info = tarfile.TarInfo("JPEGImages/p1.jpg")
    info.size = 1 << 40  # promised, not there
    source = as_file(tmp_path / "a.tar", info.tobuf() + bytes(20_000))
    with pytest.raises(ArchiveError, match="damaged"):
        list(read_files(source, {"JPEGImages/p1.jpg": "p1.jpg"}))


def test_an_image_that_comes_twice_counts_once(tiny, archive_at, get, tmp_path):
    twice = [*tiny.members, *replaced(tiny, "p1.jpg", b"another one")]
    source = as_file(tmp_path / "a.tar", as_tar(twice))
    get(archive_at(size=1), "--from", source)


def test_voc_is_voc_whatever_its_folder_is_called(tiny, archive_at, download, tmp_path):
    source = as_file(tmp_path / "a.tar", tiny.tar)
    place = tmp_path / "my camvid"
    assert download(archive_at(), "--from", source, to=place)[0] == 0
    assert data_name(str(place)) == "voc"
    assert SegmentationFolder(place, "train").label_set == VOC
