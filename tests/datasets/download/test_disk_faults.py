"""A disk that is full, read-only or in use: advice, no wrong file, nothing lost."""

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from course_utils.datasets.download import fetch, staging
from course_utils.datasets.download import manifest as record


@pytest.fixture
def good(server, plans, archive_at):
    return archive_at(server.url("a", plans.whole))


@pytest.fixture
def tmpfs(tmp_path):
    """Mount a file system of 40 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_ends_in_advice(
    tmpfs, good, download, require_nothing_wrong, require_complete, monkeypatch
):
    root = tmpfs / "voc"
    monkeypatch.setattr("course_utils.datasets.download.folder._require_space", print)
    status, printed = download(root, good)
    assert status == 2
    assert "the disk is full" in printed and "--root" in printed
    require_nothing_wrong(root)
    subprocess.run(["mount", "-o", "remount,size=1m", tmpfs], check=True)
    assert download(root, good)[0] == 0
    require_complete(root)


@pytest.mark.parametrize("number", range(1, 13))
def test_no_space_at_any_file_leaves_nothing_wrong(
    number,
    good,
    download,
    require_nothing_wrong,
    require_complete,
    tmp_path,
    monkeypatch,
):
    write, calls = Path.write_bytes, []

    def fail_once(path, data):
        calls.append(path)
        if len(calls) == number:
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fail_once)
    status, printed = download(tmp_path / "voc", good)
    assert status == 2
    assert "the disk is full" in printed
    require_nothing_wrong(tmp_path / "voc")
    assert download(tmp_path / "voc", good)[0] == 0
    require_complete(tmp_path / "voc")


def test_too_little_space_is_said_before_anything_is_asked(
    good, download, server, tmp_path, monkeypatch
):
    usage = shutil.disk_usage(tmp_path)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    status, printed = download(tmp_path / "voc", good)
    assert status == 2
    assert "must have 1 MB free" in printed
    assert server.log == []


@pytest.fixture
def read_only():
    """Make a folder that this process may not write to, even if it is root's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "locked"
        folder.mkdir(mode=0o555)
        Path(name).chmod(0o755)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        yield folder
        os.seteuid(user)
        folder.chmod(0o755)


def test_a_read_only_folder_ends_in_advice(read_only, good, download, server):
    status, printed = download(read_only / "voc", good)
    assert status == 2
    assert "can't be used (Permission denied)" in printed and "--root" in printed
    assert server.log == []


def test_a_file_where_the_folder_should_be_stays(good, download, server, tmp_path):
    (tmp_path / "voc").write_text("mine")
    status, printed = download(tmp_path / "voc", good)
    assert status == 2
    assert "must not exist, or be empty, and holds something else" in printed
    assert (tmp_path / "voc").read_text() == "mine"
    assert server.log == []


def test_a_folder_of_something_else_stays(good, download, tmp_path):
    (tmp_path / "voc").mkdir()
    (tmp_path / "voc" / "thesis.txt").write_text("mine")
    status, printed = download(tmp_path / "voc", good)
    assert status == 2
    assert "rename it, or choose another --root" in printed
    assert [p.name for p in (tmp_path / "voc").iterdir()] == ["thesis.txt"]


def test_a_data_set_of_somebody_else_is_found_and_stays(
    good, download, server, tmp_path
):
    lists = tmp_path / "voc" / "ImageSets" / "Segmentation"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("mine")
    status, printed = download(tmp_path / "voc", good)
    assert (status, server.log) == (0, [])
    assert "which this command did not make; it is left as it is" in printed


def test_an_empty_folder_is_filled(good, download, require_complete, tmp_path):
    (tmp_path / "voc").mkdir()
    assert download(tmp_path / "voc", good)[0] == 0
    require_complete(tmp_path / "voc")


def test_a_second_call_returns_at_once(good, download, server, tmp_path):
    assert download(tmp_path / "voc", good)[0] == 0
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "voc").rglob("*")}
    server.log.clear()
    status, printed = download(tmp_path / "voc", good)
    assert (status, server.log) == (0, [])
    assert "all 6 pairs are in" in printed
    assert before == {p: p.stat().st_mtime_ns for p in (tmp_path / "voc").rglob("*")}


LOST = ["JPEGImages/p2.jpg", "SegmentationClass/p6.png"]
LOST += ["ImageSets/Segmentation/val.txt", "download.json"]


@pytest.mark.parametrize("name", LOST)
def test_a_file_that_was_lost_comes_back(
    name, good, download, require_complete, tmp_path
):
    root = tmp_path / "voc"
    assert download(root, good)[0] == 0
    if name == "download.json":  # then it is somebody's data set
        (root / name).unlink()
        assert "it is left as it is" in download(root, good)[1]
        return
    (root / name).unlink()
    assert download(root, good)[0] == 0
    require_complete(root)


def test_a_file_that_was_changed_is_seen_and_comes_back(
    good, download, require_complete, tmp_path
):
    root = tmp_path / "voc"
    assert download(root, good)[0] == 0
    (root / "JPEGImages" / "p1.jpg").write_bytes(b"")
    (root / "JPEGImages" / "p2.jpg").unlink()
    state = record.inspect_folder(root)
    assert state.damaged == ["JPEGImages/p1.jpg"]
    assert state.missing == ["JPEGImages/p2.jpg"]
    assert download(root, good)[0] == 0
    require_complete(root)


def test_a_fault_while_mending_leaves_what_was_right(
    server, plans, archive_at, kit, download, require_complete, tiny, tmp_path
):
    root = tmp_path / "voc"
    assert download(root, archive_at(server.url("a", plans.whole)))[0] == 0
    (root / "JPEGImages" / "p2.jpg").unlink()
    status, _ = download(root, archive_at(server.url("b", kit.answers(404))))
    assert status == 2
    for name, data in tiny.files.items():
        assert name == "JPEGImages/p2.jpg" or (root / name).read_bytes() == data
    assert download(root, archive_at(server.url("a", plans.whole)))[0] == 0
    require_complete(root)


def test_rubbish_in_the_staging_folder_does_no_harm(
    good, download, require_complete, tiny, tmp_path
):
    partial = tmp_path / ".voc.partial"
    (partial / "JPEGImages").mkdir(parents=True)
    (partial / "JPEGImages" / "p1.jpg").write_bytes(b"broken")
    (partial / "JPEGImages" / "p2.jpg").write_bytes(tiny.files["JPEGImages/p2.jpg"])
    (partial / "JPEGImages" / ".p3.jpg.1.tmp").write_bytes(b"half")
    (partial / "JPEGImages" / "other.jpg").write_bytes(b"of another kind")
    (partial / "progress.json").write_text('{"job": 3, "position": "x"')
    assert download(tmp_path / "voc", good)[0] == 0
    require_complete(tmp_path / "voc")


def test_a_position_of_another_job_is_not_believed(
    good, download, server, require_complete, tmp_path
):
    partial = tmp_path / ".voc.partial"
    partial.mkdir()
    note = '{"job": "other.tar", "position": 40960, "files": []}'
    (partial / staging._NOTE).write_text(note)
    assert download(tmp_path / "voc", good)[0] == 0
    assert server.log == [("/a", 0)]
    require_complete(tmp_path / "voc")


@pytest.fixture
def half(tiny, monkeypatch):
    """Let the command want half of the pairs only."""

    def want():
        pairs = [pair for pair in tiny.pairs if pair.name in ("p1", "p3", "p5")]
        monkeypatch.setattr(fetch, "voc_pairs", lambda folder, all_pairs: pairs)

    return want


def test_more_pairs_are_added_to_those_there_are(
    half, good, tiny, download, require_complete, tmp_path, monkeypatch
):
    root = tmp_path / "voc"
    half()
    assert download(root, good)[0] == 0
    assert record.inspect_folder(root).num_pairs == 3
    monkeypatch.setattr(fetch, "voc_pairs", lambda folder, all_pairs: tiny.pairs)
    status, printed = download(root, good)
    assert status == 0
    assert "6 pairs (4 train, 2 val)" in printed
    require_complete(root)
    half()
    assert "all 3 pairs are in" in download(root, good)[1]
    require_complete(root)


@pytest.mark.parametrize("number", [1, 4, 6, 8])
def test_a_crash_while_files_are_moved_loses_none(
    number, half, good, tiny, server, download, require_complete, tmp_path, monkeypatch
):
    root = tmp_path / "voc"
    half()
    assert download(root, good)[0] == 0
    monkeypatch.setattr(fetch, "voc_pairs", lambda folder, all_pairs: tiny.pairs)
    replace, moved = Path.replace, []

    def crash(path, target):
        if path.parent.parent.name == ".voc.partial" and target.parent.parent == root:
            moved.append(path)
            if len(moved) == number:
                raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        status, _ = download(root, good)
    assert status == (130 if number <= 6 else 0)  # six files are moved
    server.log.clear()
    assert download(root, good)[0] == 0
    assert server.log == []
    require_complete(root)
