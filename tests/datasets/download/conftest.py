import hashlib

import pytest
from tiny_voc import FOLDER, SPLITS, Plans, TinyVOC, as_tar, make_pair, serve, shares_of

from course_utils.datasets.download import archives, inspect_folder, mirrors
from course_utils.datasets.download.archives import Archive
from course_utils.datasets.download.pairs import Pair

IMPATIENT = {"_CONNECT": 2, "_STALL": 0.25, "_PAUSE": 0.01, "_TRIES": 3}
IMPATIENT |= {"_PROGRESS": 4096}


@pytest.fixture(scope="session")
def tiny():
    files, pairs = {}, []
    for split, names in SPLITS.items():
        for name in names:
            image, target = make_pair(int(name[1]))
            files[f"JPEGImages/{name}.jpg"] = image
            files[f"SegmentationClass/{name}.png"] = target
            pairs.append(Pair(name, split, (40, 48), shares_of(target)))
    members = [(f"{FOLDER}/Annotations/{k}.xml", b"<a/>" * 500) for k in range(5)]
    for folder in ("JPEGImages", "SegmentationClass"):
        members += [(f"{FOLDER}/{n}", d) for n, d in files.items() if folder in n]
        members.append((f"{FOLDER}/{folder}/unwanted.jpg", b"x" * 5000))
    members.append((f"{FOLDER}/SegmentationObject/p1.png", b"y" * 9000))
    return TinyVOC(files, pairs, members, as_tar(members))


@pytest.fixture
def server():
    with serve() as server:
        yield server


@pytest.fixture
def plans(tiny):
    return Plans(tiny.tar)


@pytest.fixture
def archive_at(tiny):
    def make(*urls, name="tiny.tar", body=None, **known):
        body = tiny.tar if body is None else body
        md5 = hashlib.md5(body).hexdigest()
        known = {"size": len(body), "md5": md5, **known}
        return Archive(name, "http://page.example", urls, **known)

    return make


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Wait for a server no longer than a test may take."""
    for name, value in IMPATIENT.items():
        monkeypatch.setattr(mirrors, name, value)


@pytest.fixture
def want(monkeypatch):
    """Choose the pairs of VOC that the command wants."""

    def want(pairs):
        module = "course_utils.datasets.download.pairs"
        monkeypatch.setattr(f"{module}._voc_pairs", lambda folder, all_pairs: pairs)

    return want


@pytest.fixture
def root(tmp_path):
    return tmp_path / "voc"


@pytest.fixture
def download(tiny, want, root, monkeypatch, run_command):
    """Run the command on an archive; return its status and all that it printed."""
    want(tiny.pairs)

    def run(archive, *arguments, to=root):
        monkeypatch.setattr(archives, "VOC_ARCHIVE", archive)
        return run_command("download", "voc", "--root", to, *arguments)

    return run


@pytest.fixture
def get(download, require_complete):
    """Run the command, require a complete data set; return what was printed."""

    def run(archive, *arguments):
        status, printed = download(archive, *arguments)
        assert status == 0, printed
        require_complete()
        return printed

    return run


@pytest.fixture
def require_complete(tiny, root):
    """Require a data set that is whole, right, and alone."""

    def require(root=root):
        for name, data in tiny.files.items():
            assert (root / name).read_bytes() == data
        lists = {p.stem: p.read_text().split() for p in root.glob("ImageSets/*/*.txt")}
        assert lists == {**SPLITS, "trainval": SPLITS["train"] + SPLITS["val"]}
        assert inspect_folder(root) == (6, [], [])
        assert len([p for p in root.rglob("*") if p.is_file()]) == 12 + 3 + 1
        assert not root.with_name(f".{root.name}.partial").exists()

    return require


@pytest.fixture
def require_nothing_wrong(tiny, root):
    """Require that there is no data set, and that what was kept of it is right."""

    def require(root=root):
        assert not root.exists()
        kept = root.with_name(f".{root.name}.partial")
        names = {path.name for path in kept.rglob("*") if path.is_file()}
        assert names in (set(), {"archive.part", "made_by_course_utils.txt"})
        if names:
            part = (kept / "archive.part").read_bytes()
            assert part and tiny.tar.startswith(part)

    return require
