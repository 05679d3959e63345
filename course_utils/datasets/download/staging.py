"""The folder in which a data set grows, beside the one where it is looked for.

Whatever interrupts a download, this folder holds only whole and checked files, and a
note of how far the archive was read. It becomes the data set's folder in one step.
"""

import json
import shutil
import time
from pathlib import Path

from course_utils.datasets.download.manifest import (
    LISTS,
    Record,
    Stored,
    describe,
    write_file,
    write_record,
)
from course_utils.datasets.download.trouble import DamagedArchiveError
from course_utils.datasets.download.wanted import Wanted

_FOLDERS = ("JPEGImages", "SegmentationClass", LISTS)
_NOTE = "progress.json"


class Staging:
    """What has come so far.

    Args:
        root: the folder that the data set shall have.
        wanted: what shall be in it.

    Attributes:
        files: the checked files, by name.
        position: byte of the archive up to which every wanted file is among them.
    """

    def __init__(self, root: Path, wanted: Wanted) -> None:
        self.root, self.wanted = root, wanted
        self.folder = root.with_name(f".{root.name}.partial")
        self.files: dict[str, Stored] = {}
        self.position, self.job = 0, ""
        self._noted_at = time.monotonic()

    def reopen(self, job: str) -> None:
        """Take over what an interrupted download left, if it is right.

        Args:
            job: names the archive and the files to take; the position of another job
                means nothing for this one.
        """
        self.job = job
        for name in _FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        wanted = set(self.wanted.files)
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            if name in wanted:
                self._take_over(path, name)
            elif path.is_file() and name != _NOTE:
                path.unlink()
        try:
            note = json.loads((self.folder / _NOTE).read_text(encoding="utf-8"))
            if note["job"] == job and set(note["files"]) <= self.files.keys():
                self.position = int(note["position"])
        except (OSError, ValueError, TypeError, KeyError):
            self.position = 0

    def _take_over(self, path: Path, name: str) -> None:
        data = path.read_bytes()
        try:
            self.wanted.check(name, data)
        except DamagedArchiveError:
            path.unlink()
        else:
            self.files[name] = describe(data)

    def add(self, name: str, member: bytes) -> None:
        """Check a wanted member of the archive, and write what is stored of it.

        Raises:
            DamagedArchiveError: it is not what is wanted.
        """
        data = self.wanted.stored(name, member)
        self.wanted.check(name, data)
        write_file(self.folder / name, data)
        self.files[name] = describe(data)

    def note(self, position: int) -> None:
        """Note that every needed file before a byte of the archive is here.

        Written once a second at most; ``keep_note`` writes the latest.
        """
        self.position = position
        if time.monotonic() - self._noted_at >= 1:
            self.keep_note()

    def keep_note(self) -> None:
        """Write the latest note."""
        if self.position:
            note = {"job": self.job, "position": self.position}
            note["files"] = list(self.files)
            write_file(self.folder / _NOTE, json.dumps(note).encode())
            self._noted_at = time.monotonic()

    def leave(self) -> None:
        """Keep what is here for the next call, and nothing if nothing is here."""
        if self.files:
            self.keep_note()
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def clear(self) -> None:
        """Throw everything away: it can't be trusted."""
        shutil.rmtree(self.folder)
        self.files, self.position = {}, 0
        self.reopen(self.job)

    def place(self, record: Record) -> None:
        """Make this the data set's folder, or the missing part of the one there is.

        Args:
            record: of the folder as it will be.
        """
        target = self.folder
        if self.root.is_dir() and any(self.root.iterdir()):
            target = self.root
            for name in _FOLDERS:
                (target / name).mkdir(parents=True, exist_ok=True)
            for name in self.files:
                (self.folder / name).replace(target / name)
        for split, names in self.wanted.lists.items():
            text = "".join(f"{name}\n" for name in names)
            write_file(target / LISTS / f"{split}.txt", text.encode())
        write_record(target, record)
        if target == self.root:
            shutil.rmtree(self.folder)
            return
        (self.folder / _NOTE).unlink(missing_ok=True)
        if self.root.is_dir():
            self.root.rmdir()  # it is empty
        self.folder.replace(self.root)
