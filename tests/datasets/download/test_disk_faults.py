"""A disk that is full, read-only or in use: advice, no wrong file, nothing lost."""

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from course_utils.datasets.download import fetch, inspect_folder


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
    monkeypatch.setattr("course_utils.datasets.download.fetch._require_space", print)
    status, printed = download(root, good)
    assert status == 2
    assert "the disk is full" in printed and "--root" in printed
    require_nothing_wrong(root)
    subprocess.run(["mount", "-o", "remount,size=1m", tmpfs], check=True)
    assert download(root, good)[0] == 0
    require_complete(root)


@pytest.mark.parametrize("number", range(1, 19))  # 12 files, 3 lists, 3 of our own
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


@pytest.mark.parametrize("lacking", [1, 71_680])
def test_too_little_space_is_said_before_anything_is_asked(
    lacking, good, download, server, require_nothing_wrong, tmp_path, monkeypatch
):
    needed = 71_680 + 12 * 60_000  # the archive, and the files that are taken from it
    usage = shutil.disk_usage(tmp_path)._replace(free=needed - lacking)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    status, printed = download(tmp_path / "voc", good)
    assert status == 2
    assert "must have 1 MB free" in printed
    assert server.log == []
    require_nothing_wrong(tmp_path / "voc")


def test_no_space_is_required_for_an_archive_that_is_there(
    good, download, tiny, require_complete, tmp_path, monkeypatch
):
    (tmp_path / "a.tar").write_bytes(tiny.tar)
    usage = shutil.disk_usage(tmp_path)._replace(free=12 * 60_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert download(tmp_path / "voc", good, "--from", tmp_path / "a.tar")[0] == 0
    require_complete(tmp_path / "voc")


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
    state = inspect_folder(root)
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


@pytest.fixture
def unfinished(server, plans, archive_at, kit, download, tmp_path):
    """Interrupt a download; return the folder that it leaves."""
    archive = archive_at(server.url("dead", plans.cut(9000), kit.answers(404)))
    assert download(tmp_path / "voc", archive)[0] == 2
    server.log.clear()
    return tmp_path / ".voc.partial"


def test_rubbish_in_the_work_folder_does_no_harm(
    unfinished, good, download, require_complete, tmp_path
):
    left_by_a_crash = unfinished / "prepared.abc" / "voc" / "JPEGImages"
    left_by_a_crash.mkdir(parents=True)
    (left_by_a_crash / "p1.jpg").write_bytes(b"broken")
    (left_by_a_crash / "other.jpg").write_bytes(b"of another kind")
    assert download(tmp_path / "voc", good)[0] == 0
    require_complete(tmp_path / "voc")


@pytest.mark.parametrize("size", [40_960, 71_680, 90_000])
def test_a_part_of_another_archive_is_not_believed(
    size, unfinished, good, download, server, require_complete, tmp_path
):
    (unfinished / "archive.part").write_bytes(b"z" * size)
    assert download(tmp_path / "voc", good)[0] == 0
    assert server.log[-1] == ("/a", 0)
    require_complete(tmp_path / "voc")


def test_a_file_of_the_user_in_the_work_folder_stays(
    unfinished, good, download, tmp_path
):
    (unfinished / "thesis.txt").write_text("mine")
    assert download(tmp_path / "voc", good)[0] == 0
    assert (unfinished / "thesis.txt").read_text() == "mine"
    assert not (unfinished / "archive.part").exists()


def contents(folder):
    return {p: p.is_file() and p.read_bytes() for p in folder.rglob("*")}


FOREIGN = {
    "full": lambda f: (f / "thesis.txt").write_text("mine"),
    "like an old download": lambda f: (
        (f / "JPEGImages").mkdir(),
        (f / "JPEGImages" / "p1.jpg").write_bytes(b"mine"),
        (f / "archive.part").write_bytes(b"mine"),
        (f / "prepared.abc").mkdir(),
    ),
    "empty": lambda f: None,
    "renamed": lambda f: (f / "made_by_course_utils.txt").write_text(".x.partial\n"),
    "a link inside": lambda f: (
        (f / "made_by_course_utils.txt").write_text(".voc.partial\n"),
        (f / "archive.part").symlink_to(f.parent / "thesis.txt"),
    ),
}


@pytest.mark.parametrize("from_disk", [False, True])
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_folder_that_is_not_ours_is_left_alone(
    kind, linked, from_disk, good, download, server, tiny, tmp_path
):
    folder = tmp_path / (".voc.partial" if not linked else "elsewhere")
    folder.mkdir()
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "a.tar").write_bytes(tiny.tar)
    FOREIGN[kind](folder)
    if linked:
        (tmp_path / ".voc.partial").symlink_to(folder)
    before = contents(tmp_path)
    arguments = ["--from", tmp_path / "a.tar"] if from_disk else []
    status, printed = download(tmp_path / "voc", good, *arguments)
    assert (status, server.log) == (2, [])
    assert "must be a folder that this command made" in printed
    (tmp_path / ".voc.lock").unlink(missing_ok=True)
    assert contents(tmp_path) == before


def test_a_link_to_our_own_work_folder_is_left_alone(
    unfinished, good, download, server, tmp_path
):
    unfinished.rename(tmp_path / "elsewhere")
    unfinished.symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path / "elsewhere")
    assert download(tmp_path / "voc", good)[0] == 2
    assert contents(tmp_path / "elsewhere") == before
    assert server.log == []


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_with_the_name_of_the_lock_is_left_alone(
    linked, good, download, server, tmp_path
):
    thesis = tmp_path / ("thesis.txt" if linked else ".voc.lock")
    thesis.write_text("mine")
    if linked:
        (tmp_path / ".voc.lock").symlink_to(thesis)
    status, printed = download(tmp_path / "voc", good)
    assert (status, server.log) == (2, [])
    assert "rename it" in printed
    assert thesis.read_text() == "mine"


def test_a_link_in_the_folder_of_the_data_set_is_not_followed(
    good, download, tiny, tmp_path
):
    root, elsewhere = tmp_path / "voc", tmp_path / "elsewhere"
    assert download(root, good)[0] == 0
    (root / "JPEGImages").rename(elsewhere)
    (root / "JPEGImages").symlink_to(elsewhere)
    (elsewhere / "p1.jpg").write_bytes(b"")
    status, printed = download(root, good)
    assert status == 2
    assert "no link" in printed
    assert (elsewhere / "p1.jpg").read_bytes() == b""


def test_a_link_as_the_folder_of_the_data_set_is_the_users_choice(
    good, download, require_complete, tmp_path
):
    (tmp_path / "large disk").mkdir()
    (tmp_path / "voc").symlink_to(tmp_path / "large disk" / "photographs")
    assert download(tmp_path / "voc", good)[0] == 0
    assert (tmp_path / "voc").is_symlink()
    require_complete(tmp_path / "large disk" / "photographs")


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
    assert inspect_folder(root).num_pairs == 3
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
        if path.suffix in (".jpg", ".png") and target.parent.parent == root:
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
