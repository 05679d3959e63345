"""The folder of a data set: whether it is complete, who writes it, and filling it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from course_utils.datasets.download.archives import Archive
from course_utils.datasets.download.manifest import (
    LISTS,
    Record,
    Stored,
    describe,
    has_files,
    read_record,
)
from course_utils.datasets.download.mirrors import Patience
from course_utils.datasets.download.pairs import DATA
from course_utils.datasets.download.sources import take_from_disk, take_from_mirrors
from course_utils.datasets.download.staging import Staging
from course_utils.datasets.download.trouble import DownloadError
from course_utils.datasets.download.wanted import Wanted


def is_there(wanted: Wanted, root: Path) -> bool:
    """Tell whether nothing is left to do, and say so."""
    record = read_record(root)
    lists = [f"{LISTS}/{split}.txt" for split in wanted.lists]
    if record is not None:
        complete = has_files(root, record, [*wanted.files, *lists])
        if complete:
            print(f"{wanted.name}: all {len(wanted.pairs)} pairs are in {root}")
        return complete
    if (root / LISTS / "train.txt").is_file():
        print(
            f"{wanted.name}: {root} holds a data set already, which this command did "
            "not make; it is left as it is (for a fresh one, choose another --root)"
        )
        return True
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise FileExistsError(
            f"{root} must not exist, or be empty, and holds something else; rename it, "
            "or choose another --root"
        )
    return False


@contextmanager
def only_one_at_a_time(root: Path) -> Iterator[None]:
    """Let one process at a time write a data set."""
    lock = FileLock(root.with_name(f".{root.name}.lock"))
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print(f"another download to {root} is running: waiting for it")
            lock.acquire()
    except NotImplementedError:  # a network drive without locks
        yield
        return
    try:
        yield
    finally:
        lock.release()


def fill(
    wanted: Wanted,
    root: Path,
    source: Path | None,
    archive: Archive,
    patience: Patience,
) -> None:
    """Get what is missing of a data set, and put it in its place."""
    record = read_record(root) or Record(wanted.name, "", "compared")
    kept = _intact_files(wanted, root, record)
    needed = [name for name in wanted.files if name not in kept]
    staging = Staging(root, wanted)
    staging.reopen(f"{archive.name} {describe(repr(needed).encode()).sha256}")
    missing = sum(name not in staging.files for name in needed)
    _require_space(root, missing * wanted.bytes_per_pair // 2)
    origin, compared = record.source or "an interrupted download", False
    if missing:
        try:
            if source is not None:
                origin, compared = take_from_disk(source, archive, staging, needed)
            else:
                origin, compared = take_from_mirrors(archive, staging, needed, patience)
        except BaseException:
            with suppress(OSError):  # the disk may be full
                staging.leave()
            raise
    record.source = origin
    if not (compared and record.archive_md5 == "compared"):
        record.archive_md5 = "not compared"
    record.files = {**kept, **staging.files, **_described_lists(wanted)}
    staging.place(record)
    _say_what_is_there(wanted, root, record)


def _intact_files(wanted: Wanted, root: Path, record: Record) -> dict[str, Stored]:
    """Find what is right in the folder, recorded or moved there just before a crash."""
    intact = {}
    for name in [*record.files, *(n for n in wanted.files if n not in record.files)]:
        if record.source and (root / name).is_file():
            data = (root / name).read_bytes()
            if wanted.is_right(name, data, record.files.get(name)):
                intact[name] = describe(data)
    return intact


def _described_lists(wanted: Wanted) -> dict[str, Stored]:
    texts = {s: "".join(f"{n}\n" for n in names) for s, names in wanted.lists.items()}
    return {f"{LISTS}/{s}.txt": describe(text.encode()) for s, text in texts.items()}


def _require_space(root: Path, needed: int) -> None:
    free = shutil.disk_usage(root.parent).free
    if free < needed:
        raise DownloadError(
            f"{root.parent} must have {needed / 1e6:.0f} MB free, and has "
            f"{free / 1e6:.0f} MB; free some space, or choose another --root"
        )


def _say_what_is_there(wanted: Wanted, root: Path, record: Record) -> None:
    lists = wanted.lists
    counts = ", ".join(f"{len(lists[s])} {s}" for s in lists if s != "trainval")
    compared = record.archive_md5 == "compared"
    checked = "every file was checked"
    checked += ", and the archive's checksum" if compared else ""
    print(f"{wanted.name}: {len(wanted.pairs)} pairs ({counts}) in {root}; {checked}")
    if root.parent != DATA:
        print(f"the notebooks use them with COURSE_DATA={root}")
