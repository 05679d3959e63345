"""A disk that is full, read-only or in use: advice, no wrong file, nothing lost."""

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from tiny_voc import answers

from course_utils.datasets.download import inspect_folder

FULL = os.strerror(errno.ENOSPC)


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
    status, printed = download(good, to=root)
    assert status == 2
    assert FULL in printed and "--root" in printed
    require_nothing_wrong(root)
    subprocess.run(["mount", "-o", "remount,size=1m", tmpfs], check=True)
    assert download(good, to=root)[0] == 0
    require_complete(root)


@pytest.mark.parametrize("number", range(1, 18))  # 12 files, 3 lists, 2 of our own
def test_no_space_at_any_file_leaves_nothing_wrong(
    number, good, download, get, require_nothing_wrong, monkeypatch
):
    write, calls = Path.write_bytes, []

    def fail_once(path, data):
        calls.append(path)
        if len(calls) == number:
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, FULL, str(path))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fail_once)
    status, printed = download(good)
    assert status == 2
    assert FULL in printed
    require_nothing_wrong()
    get(good)


@pytest.mark.parametrize("lacking", [1, 71_680])
def test_an_archive_needs_space_for_itself_unless_it_is_there(
    lacking, good, get, require_untouched, tiny, tmp_path, monkeypatch
):
    needed = 71_680 + 12 * 60_000  # the archive, and the files that are taken from it
    usage = shutil.disk_usage(tmp_path)._replace(free=needed - lacking)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    require_untouched("must have 1 MB free")
    (tmp_path / "a.tar").write_bytes(tiny.tar)
    get(good, "--from", tmp_path / "a.tar")


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


def test_a_read_only_folder_ends_in_advice(good, download, server, read_only):
    status, printed = download(good, to=read_only / "voc")
    assert (status, server.log) == (2, [])
    assert "can't be used (Permission denied)" in printed and "--root" in printed


def contents(folder):
    return {p: p.is_file() and p.read_bytes() for p in folder.rglob("*")}


@pytest.fixture
def require_untouched(good, download, server, tmp_path):
    """Require that the command asks no server and changes no file, and says why."""

    def require(message, *arguments, status=2):
        before = contents(tmp_path)
        outcome, printed = download(good, *arguments)
        assert (outcome, server.log) == (status, [])
        assert message in printed
        lock = {tmp_path / ".voc.lock": b""}  # our own
        assert contents(tmp_path) in (before, before | lock)

    return require


@pytest.mark.parametrize("name", ["voc", "voc/thesis.txt"])
def test_something_else_in_the_place_of_the_data_set_stays(
    name, require_untouched, tmp_path
):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    require_untouched("must be missing or empty, but holds something else; rename")


def test_a_data_set_of_somebody_else_is_found_and_stays(require_untouched, root):
    (root / "ImageSets" / "Segmentation").mkdir(parents=True)
    (root / "ImageSets" / "Segmentation" / "train.txt").write_text("mine")
    require_untouched("which this command did not make; it is left as it", status=0)


def test_an_empty_folder_is_filled(good, get, root):
    root.mkdir()
    get(good)


def test_a_second_call_returns_at_once(good, get, server, root, require_untouched):
    get(good)
    before = {p: p.stat().st_mtime_ns for p in root.rglob("*")}
    server.log.clear()
    require_untouched("all 6 pairs are in", status=0)
    assert before == {p: p.stat().st_mtime_ns for p in root.rglob("*")}


LOST = ["JPEGImages/p2.jpg", "SegmentationClass/p6.png"]
LOST += ["ImageSets/Segmentation/val.txt"]


@pytest.mark.parametrize("name", LOST)
def test_a_file_that_was_lost_or_emptied_is_seen_and_comes_back(name, good, get, root):
    get(good)
    (root / name).unlink()
    assert inspect_folder(root).missing == [name]
    get(good)
    (root / name).write_bytes(b"")
    assert inspect_folder(root).damaged == [name]
    get(good)


def test_without_its_manifest_a_data_set_is_somebodys(good, get, download, root):
    get(good)
    (root / "download.json").unlink()
    assert "it is left as it is" in download(good)[1]


def test_a_fault_while_mending_leaves_what_was_right(
    server, archive_at, good, download, get, root
):
    get(good)
    (root / "JPEGImages" / "p2.jpg").unlink()
    (root / "JPEGImages" / "mine.jpg").write_bytes(b"mine")
    before = contents(root)
    assert download(archive_at(server.url("b", answers(404))))[0] == 2
    assert contents(root) == before
    assert download(good)[0] == 0
    assert (root / "JPEGImages" / "mine.jpg").read_bytes() == b"mine"
    (root / "JPEGImages" / "mine.jpg").unlink()
    get(good)


@pytest.fixture
def unfinished(server, plans, archive_at, download, tmp_path):
    """Interrupt a download; return the folder that it leaves."""
    archive = archive_at(server.url("dead", plans.cut(9000), answers(404)))
    assert download(archive)[0] == 2
    server.log.clear()
    return tmp_path / ".voc.partial"


def test_rubbish_in_the_work_folder_does_no_harm(unfinished, good, get):
    left_by_a_crash = unfinished / "prepared" / "JPEGImages"
    left_by_a_crash.mkdir(parents=True)
    (left_by_a_crash / "p1.jpg").write_bytes(b"broken")
    (left_by_a_crash / "other.jpg").write_bytes(b"of another kind")
    get(good)


@pytest.mark.parametrize("size", [40_960, 71_680, 90_000])
def test_a_part_of_another_archive_is_not_believed(size, unfinished, good, get, server):
    (unfinished / "archive.part").write_bytes(b"z" * size)
    get(good)
    assert server.log[-1] == ("/a", 0)


def test_a_file_of_the_user_in_the_work_folder_stays(unfinished, good, download):
    (unfinished / "thesis.txt").write_text("mine")
    assert download(good)[0] == 0
    assert (unfinished / "thesis.txt").read_text() == "mine"
    assert not (unfinished / "archive.part").exists()


FOREIGN = {
    "full": lambda f: (f / "thesis.txt").write_text("mine"),
    "like an old download": lambda f: (
        (f / "JPEGImages").mkdir(),
        (f / "JPEGImages" / "p1.jpg").write_bytes(b"mine"),
        (f / "archive.part").write_bytes(b"mine"),
        (f / "prepared").mkdir(),
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
    kind, linked, from_disk, require_untouched, tiny, tmp_path
):
    folder = tmp_path / (".voc.partial" if not linked else "elsewhere")
    folder.mkdir()
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "a.tar").write_bytes(tiny.tar)
    FOREIGN[kind](folder)
    if linked:
        (tmp_path / ".voc.partial").symlink_to(folder)
    arguments = ["--from", tmp_path / "a.tar"] if from_disk else []
    require_untouched("must be a folder that this command made", *arguments)


def test_a_link_to_our_own_work_folder_is_left_alone(
    unfinished, require_untouched, tmp_path
):
    unfinished.rename(tmp_path / "elsewhere")
    unfinished.symlink_to(tmp_path / "elsewhere")
    require_untouched("must be a folder that this command made")


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_with_the_name_of_the_lock_is_left_alone(
    linked, require_untouched, tmp_path
):
    thesis = tmp_path / ("thesis.txt" if linked else ".voc.lock")
    thesis.write_text("mine")
    if linked:
        (tmp_path / ".voc.lock").symlink_to(thesis)
    require_untouched("rename it")


def test_a_link_in_the_folder_of_the_data_set_is_not_followed(
    good, download, get, root, tmp_path
):
    elsewhere = tmp_path / "elsewhere"
    get(good)
    (root / "JPEGImages").rename(elsewhere)
    (root / "JPEGImages").symlink_to(elsewhere)
    (elsewhere / "p1.jpg").write_bytes(b"")
    before = contents(elsewhere)
    status, printed = download(good)
    assert status == 2
    assert "no link" in printed
    assert contents(elsewhere) == before


def test_a_link_as_the_folder_of_the_data_set_is_the_users_choice(
    good, download, require_complete, root, tmp_path
):
    (tmp_path / "large disk").mkdir()
    root.symlink_to(tmp_path / "large disk" / "photographs")
    assert download(good)[0] == 0
    assert root.is_symlink()
    require_complete(tmp_path / "large disk" / "photographs")


@pytest.fixture
def half(tiny):
    return [pair for pair in tiny.pairs if pair.name in ("p1", "p3", "p5")]


def test_all_pairs_take_the_place_of_a_subset(
    half, want, good, tiny, download, get, root
):
    want(half)
    assert download(good)[0] == 0
    assert inspect_folder(root).num_pairs == 3
    want(tiny.pairs)
    assert "6 pairs (4 train, 2 val)" in get(good)
    want(half)
    assert "all 3 pairs are in" in get(good)


@pytest.mark.parametrize("number", [1, 4, 12, 13])
def test_a_crash_while_files_are_moved_loses_none(
    number, half, want, good, tiny, server, download, get, root, monkeypatch
):
    want(half)
    assert download(good)[0] == 0
    want(tiny.pairs)
    replace, moved = Path.replace, []

    def crash(path, target):
        if path.suffix in (".jpg", ".png") and target.parent.parent == root:
            moved.append(path)
            if len(moved) == number:
                raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        assert download(good)[0] == (130 if number <= 12 else 0)
    server.log.clear()
    get(good)
    assert server.log == []
