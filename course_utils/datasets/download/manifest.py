"""The manifest of a data set's folder: size and SHA-256 of each file stored there."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from course_utils.arguments import PATH, checked

MANIFEST = "download.json"


class FolderState(NamedTuple):
    """A folder compared with its manifest."""

    num_pairs: int
    missing: list[str]
    damaged: list[str]


def describe(content: bytes) -> dict[str, Any]:
    """Return size, in bytes, and SHA-256 of a file's content."""
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the descriptions of a folder's files; empty if none can be read."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return files if [file["size"] for file in files.values()] else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


@checked(folder=PATH)
def inspect_folder(folder: Path) -> FolderState | None:
    """Compare a folder with its manifest, byte by byte; None if it has none."""
    manifest, missing, damaged = read_manifest(folder), [], []
    for name, description in manifest.items():
        try:
            if describe((folder / name).read_bytes()) != description:
                damaged.append(name)
        except (FileNotFoundError, NotADirectoryError):
            missing.append(name)
    num_pairs = sum(name.startswith("SegmentationClass/") for name in manifest)
    return FolderState(num_pairs, missing, damaged) if manifest else None
