"""The manifest of a data set's folder: what a download stored there."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

MANIFEST = "download.json"


class FolderState(NamedTuple):
    """A folder compared with its manifest."""

    num_pairs: int
    missing: list[str]
    damaged: list[str]
    archive_md5: str  # "compared" or "not compared"


def describe(content: bytes) -> dict[str, Any]:
    """Return size, in bytes, and SHA-256 of a file's content."""
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a folder; None if there is none that can be read.

    It says which data set this is ("data"), from where ("source"), whether the
    archive's MD5 was compared ("archive_md5"), and describes each file ("files").
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        sizes = [file["size"] for file in manifest["files"].values()]
        return manifest if sizes and manifest["archive_md5"] else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def inspect_folder(folder: Path) -> FolderState | None:
    """Compare a folder with its manifest, byte by byte; None if it has none."""
    if (manifest := read_manifest(folder)) is None:
        return None
    missing, damaged = [], []
    for name, description in manifest["files"].items():
        try:
            if describe((folder / name).read_bytes()) != description:
                damaged.append(name)
        except OSError:
            missing.append(name)
    num_pairs = sum(name.startswith("SegmentationClass/") for name in manifest["files"])
    return FolderState(num_pairs, missing, damaged, manifest["archive_md5"])
