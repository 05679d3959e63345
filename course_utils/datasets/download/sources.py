"""Take the wanted files out of what the disk or a mirror has."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tqdm import tqdm

from course_utils.datasets.download.archives import Archive
from course_utils.datasets.download.members import Member, members_of, tar_members
from course_utils.datasets.download.mirrors import Patience
from course_utils.datasets.download.staging import Staging
from course_utils.datasets.download.stream import BLOCK, MirrorStream
from course_utils.datasets.download.trouble import DamagedArchiveError, DownloadError


def take_from_disk(
    source: Path, archive: Archive, staging: Staging, needed: list[str]
) -> tuple[str, bool]:
    """Take the missing files from an archive, a folder, or a zip of either.

    Args:
        source: where they are. A folder may also hold the archive itself.
        archive: the official one; a file of its size is compared with its checksum.
        staging: where they go.
        needed: their names in VOC layout; those that are there already are passed over.

    Returns:
        A name for the source, and whether a checksum of the whole was compared.

    Raises:
        DownloadError: the source lacks a file, or is damaged.
        FileNotFoundError: it is not there.
    """
    if (source / archive.name).is_file():
        source = source / archive.name
    is_official = source.is_file() and source.stat().st_size == archive.size
    try:
        with _bar(staging, len(needed), "file") as bar:
            if is_official:
                with source.open("rb") as file:
                    hashing = _HashingFile(file)
                    _take(tar_members(hashing), staging, needed, bar)
                _compare(hashing.md5, archive)
            else:
                _take(members_of(source), staging, needed, bar)
        _require_all(staging, needed)
    except DamagedArchiveError as error:
        raise DownloadError(
            f"{source} can't be used: {error}\nWhat to do: {_by_hand(archive, staging)}"
        ) from None
    return source.name, is_official


def take_from_mirrors(
    archive: Archive, staging: Staging, needed: list[str], patience: Patience
) -> tuple[str, bool]:
    """Take the missing files from a stream of the archive, whoever delivers it.

    What a mirror sends is checked file by file and as a whole. If it is wrong, all of
    it is thrown away and the next mirror begins.

    Args:
        archive: the official one.
        staging: where they go.
        needed: their names in VOC layout; those that are there already are passed over.
        patience: with the mirrors.

    Returns:
        The address that delivered, and whether the checksum of the whole was compared.

    Raises:
        DownloadError: no mirror delivers the right bytes; says what to do.
    """
    urls, damages = list(archive.urls), ""
    while True:
        start = staging.position
        with _bar(staging, archive.size, "B", start) as bar:
            stream = MirrorStream(
                archive, urls, start=start, patience=patience, say=bar.write
            )
            try:
                return _take_from_stream(stream, staging, needed, bar)
            except DownloadError as error:
                advice = "What to do: try again later, or on another network. Or "
                advice += _by_hand(archive, staging)
                raise DownloadError(f"{error}{damages}\n{advice}") from None
            except DamagedArchiveError as error:
                staging.clear()
                if start == 0:  # else it may be the fault of what was there
                    urls.remove(stream.sources[-1])
                    damages += f"\n  {stream.sources[-1]} is damaged: {error}"
                bar.write(f"{stream.sources[-1]} is damaged: {error}; beginning anew")
            finally:
                stream.close()


def _take_from_stream(
    stream: MirrorStream, staging: Staging, needed: list[str], bar: tqdm
) -> tuple[str, bool]:
    archive, start = stream.archive, stream.position
    can_resume = archive.name.endswith(".tar")  # of a packed one, not in the middle
    watched = _Watched(stream, bar)
    for member in tar_members(watched, start):
        if can_resume:
            staging.note(member.begins_at)
        _take_one(member, staging, needed)
    if stream.md5 is not None:
        _compare(stream.md5, archive)
    _require_all(staging, needed)
    return stream.sources[-1], None not in (archive.md5, stream.md5)


def _take(
    members: Iterator[Member], staging: Staging, needed: list[str], bar: tqdm
) -> None:
    for member in members:
        bar.update(_take_one(member, staging, needed))


def _take_one(member: Member, staging: Staging, needed: list[str]) -> bool:
    """Store a member if it is wanted, and tell whether it was."""
    name = staging.wanted.file_of(member.name)
    if name is None or name in staging.files or name not in needed:
        return False
    staging.add(name, member.read())
    return True


def _require_all(staging: Staging, needed: list[str]) -> None:
    lacking = [name for name in needed if name not in staging.files]
    if lacking:
        raise DamagedArchiveError(
            f"it lacks {len(lacking)} of {len(needed)} files, {lacking[0]} among them"
        )


def _compare(md5: "hashlib._Hash", archive: Archive) -> None:
    if archive.md5 is not None and md5.hexdigest() != archive.md5:
        raise DamagedArchiveError(
            f"its MD5 checksum is {md5.hexdigest()}, not {archive.md5}"
        )


def _by_hand(archive: Archive, staging: Staging) -> str:
    name, md5 = staging.wanted.name, f" (MD5 {archive.md5})" if archive.md5 else ""
    return (
        f"get {archive.name}{md5}\n"
        f"in any other way, such as from {archive.page}, and run\n"
        f"  python -m course_utils download {name} --from {archive.name}\n"
        "Until then, COURSE_DATA=scenes needs no download."
    )


@contextmanager
def _bar(
    staging: Staging, total: int | None, unit: str, start: int = 0
) -> Iterator[tqdm]:
    with tqdm(
        total=total,
        initial=start,
        desc=staging.wanted.name,
        unit=unit,
        unit_scale=unit == "B",
        mininterval=0.5,
        file=sys.stdout,  # not an error: no red box in a notebook
    ) as bar:
        yield bar


class _HashingFile:
    """A file that keeps the MD5 of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.md5 = file, hashlib.md5(usedforsecurity=False)

    def read(self, size: int = BLOCK) -> bytes:
        """Return the next bytes."""
        data = self.file.read(size)
        self.md5.update(data)
        return data


class _Watched:
    """A stream that moves a progress bar."""

    def __init__(self, stream: MirrorStream, bar: tqdm) -> None:
        self.stream, self.bar = stream, bar

    def read(self, size: int = BLOCK) -> bytes:
        """Return the next bytes."""
        data = self.stream.read(size)
        if self.bar.total is None and self.stream.size is not None:
            self.bar.total = self.stream.size
        self.bar.update(len(data))
        return data
