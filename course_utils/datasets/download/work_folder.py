"""The folder beside a data set in which it is prepared, and the lock of both.

The folder holds a marker with its own name. A folder without this marker, or with a
link in it, is somebody else's: nothing is written to it, and nothing removed from it.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def work_folder(root: Path) -> Iterator[tuple[Path, Path]]:
    """Open ``.NAME.partial``; remove it in the end, unless an archive is begun there.

    Yields:
        The file for an archive's bytes, which an earlier call may have begun, and a new
        folder for the data set, which is removed if it is still there in the end.
    """
    folder = root.with_name(f".{root.name}.partial")
    marker, text = folder / "made_by_course_utils.txt", f"{folder.name}\n".encode()
    if not folder.is_symlink() and not folder.exists():
        folder.mkdir()
    elif (
        folder.is_symlink()
        or not marker.is_file()
        or marker.read_bytes() != text
        or any(path.is_symlink() for path in folder.iterdir())
    ):
        raise FileExistsError(
            f"{folder} must be a folder that this command made, without links, and is "
            "not; rename it, or choose another --root"
        )
    part, prepared = folder / "archive.part", folder / "prepared"
    try:
        if not marker.exists():
            marker.write_bytes(text)
        if prepared.exists():  # left by a crash
            shutil.rmtree(prepared)
        prepared.mkdir()
        part.touch()
        yield part, prepared
    finally:
        shutil.rmtree(prepared, ignore_errors=True)
        if part.exists() and part.stat().st_size == 0:
            part.unlink()
        if list(folder.iterdir()) in ([], [marker]):
            marker.unlink(missing_ok=True)
            folder.rmdir()


@contextmanager
def only_one_at_a_time(root: Path) -> Iterator[None]:
    """Let one process at a time write a data set."""
    path = root.with_name(f".{root.name}.lock")
    if path.is_symlink() or (path.exists() and path.stat().st_size):
        raise FileExistsError(
            f"{path} must be the empty file that this command locks, and is something "
            "else; rename it, or choose another --root"
        )
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(f"another download to {root} is running: waiting for it")
        lock.acquire()
    except NotImplementedError:  # a network drive without locks
        pass
    try:
        yield
    finally:
        lock.release()
