"""The files in an archive, a folder or a zip, one after another.

Nothing is unpacked here: a member hands out its bytes, and whoever wants them chooses
the file name. A name that leads out of the archive makes all of it suspect. Links and
devices have no bytes to hand out.
"""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any

from course_utils.datasets.download.trouble import DamagedArchiveError

LARGEST = 64 << 20
"""Bytes of the largest member that is read; a photograph has less than one million."""
_ABSURD = 4 << 30
_PACKED = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}
_TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    gzip.BadGzipFile,
    NotImplementedError,
    UnicodeError,
)


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    """Turn what the libraries raise into one error."""
    try:
        yield
    except _BROKEN as error:
        raise DamagedArchiveError(f"it is no archive, or damaged ({error})") from None
    except RuntimeError as error:
        if "password" not in str(error):
            raise
        raise DamagedArchiveError("it is locked with a password") from None


@dataclass(frozen=True)
class Member:
    """One file.

    Attributes:
        name: in the archive, with slashes.
        open: returns its bytes, as the libraries do.
        begins_at: the byte of an uncompressed archive at which it begins; 0 elsewhere.
    """

    name: str
    open: Callable[[], bytes]
    begins_at: int = 0

    def read(self) -> bytes:
        """Return the bytes, before the next member is asked for.

        Raises:
            DamagedArchiveError: they can't be had.
        """
        with _one_kind_of_error():
            return self.open()


def check_name(name: str) -> str:
    """Return a member's name with slashes.

    Raises:
        DamagedArchiveError: it leads out of the archive.
    """
    path, windows = PurePosixPath(name.replace("\\", "/")), PureWindowsPath(name)
    if path.is_absolute() or windows.drive or ".." in path.parts or "\0" in name:
        raise DamagedArchiveError(
            f"it holds a file that would be written elsewhere, {name!r}"
        )
    return str(path)


def members_of(path: Path) -> Iterator[Member]:
    """Go through an archive, a folder, or a zip of either, on the disk.

    Raises:
        DamagedArchiveError: it is none of these, or damaged.
        FileNotFoundError: there is no such path.
    """
    if path.is_dir():
        yield from _folder_members(path)
    elif not path.is_file():
        raise FileNotFoundError(f"{path} must be an archive or a folder, got neither")
    elif zipfile.is_zipfile(path):
        with _one_kind_of_error():
            yield from _zip_members(path)
    else:
        with path.open("rb") as file:
            yield from tar_members(file)


def tar_members(stream: IO[bytes], start: int = 0) -> Iterator[Member]:
    """Go through a tar archive, compressed or not, that can be read only once.

    Args:
        stream: has a method ``read``.
        start: byte of the (uncompressed) archive with which the stream begins.

    Raises:
        DamagedArchiveError: it is no tar archive, or damaged.
    """
    with _one_kind_of_error():
        yield from _tar_members(stream, start)


class _Rewound:
    """A stream whose first bytes have been looked at."""

    def __init__(self, first: bytes, stream: IO[bytes]) -> None:
        self.first, self.stream = first, stream

    def read(self, size: int = 1 << 16) -> bytes:
        """Return the next bytes."""
        taken, self.first = self.first[:size], self.first[size:]
        return taken or self.stream.read(size)


def _tar_members(stream: Any, start: int) -> Iterator[Member]:
    first = stream.read(1 << 16)
    rewound: Any = _Rewound(first, stream)
    if opener := _PACKED.get(first[:2]):
        rewound = opener(rewound)
    with tarfile.open(fileobj=rewound, mode="r|", bufsize=1 << 16) as tar:
        while (info := tar.next()) is not None:
            name = check_name(info.name)
            tar.members = []  # or all of them are kept
            if info.size > _ABSURD:
                raise tarfile.ReadError(f"{name} of {info.size:,} bytes")
            if info.isfile() and info.size <= LARGEST:
                get = partial(_read_from, tar, info)
                yield Member(name, get, start + info.offset)
    while rewound.read(1 << 16):  # a packed archive has a checksum at its end
        pass


def _read_from(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    with tar.extractfile(info) as file:
        return file.read()


def _zip_members(path: Path) -> Iterator[Member]:
    with zipfile.ZipFile(path) as file:
        for info in file.infolist():
            name = check_name(info.filename)
            is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
            if info.is_dir() or is_link:
                continue
            if name.lower().endswith(_TARS):
                with file.open(info) as inner:
                    yield from _tar_members(inner, 0)
            elif info.file_size <= LARGEST:
                yield Member(name, partial(file.read, info))


def _folder_members(root: Path) -> Iterator[Member]:
    for path in sorted(root.rglob("*")):
        if path.is_file():
            name = path.relative_to(root.parent).as_posix()
            yield Member(name, path.read_bytes)
