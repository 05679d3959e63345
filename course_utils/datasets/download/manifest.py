"""What a download wrote into a data set's folder, and whether it is still there."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

RECORD = "download.json"
LISTS = "ImageSets/Segmentation"


@dataclass(frozen=True)
class Stored:
    """A file as it was written.

    Attributes:
        size: bytes.
        sha256: of its content, hexadecimal.
    """

    size: int
    sha256: str


@dataclass
class Record:
    """The content of ``download.json``.

    Attributes:
        data: "voc" or "camvid".
        source: where the files came from.
        archive_md5: "compared" or "not compared".
        files: by name, relative to the folder.
    """

    data: str
    source: str
    archive_md5: str
    files: dict[str, Stored] = field(default_factory=dict)


@dataclass(frozen=True)
class FolderState:
    """What a look at a data set's folder found.

    Attributes:
        num_pairs: pairs that the record lists.
        missing: files that the record lists and that are not there.
        damaged: files that differ from what the record says.
        archive_md5: as in the record.
    """

    num_pairs: int
    missing: list[str]
    damaged: list[str]
    archive_md5: str


def describe(data: bytes) -> Stored:
    """Note size and checksum of what is written."""
    return Stored(len(data), hashlib.sha256(data).hexdigest())


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_record(folder: Path, record: Record) -> None:
    """Write a record into a folder."""
    text = json.dumps(asdict(record), indent=1)
    write_file(folder / RECORD, f"{text}\n".encode())


def read_record(folder: Path) -> Record | None:
    """Read the record of a folder; None if there is none that can be read."""
    try:
        values = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        files = {name: Stored(**stored) for name, stored in values["files"].items()}
        return Record(**{**values, "files": files})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def has_files(folder: Path, record: Record, files: Iterable[str]) -> bool:
    """Tell whether all these files are recorded, and there in their sizes."""
    try:
        return all(
            (folder / name).stat().st_size == record.files[name].size for name in files
        )
    except (OSError, KeyError):
        return False


def inspect_folder(folder: Path) -> FolderState | None:
    """Compare every file of a folder with its record; None if there is no record."""
    record = read_record(folder)
    if record is None:
        return None
    missing, damaged = [], []
    for name, stored in record.files.items():
        try:
            if describe((folder / name).read_bytes()) != stored:
                damaged.append(name)
        except OSError:
            missing.append(name)
    num_pairs = sum(name.startswith("SegmentationClass/") for name in record.files)
    return FolderState(num_pairs, missing, damaged, record.archive_md5)
