"""Write a file whole or not at all, and over nobody else's; label maps as PNG.

A command names the files that it will write to ``plan_outputs`` before its work begins.
"""

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
import uuid
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from course_utils.arguments import (
    FUNCTION,
    PATH,
    Rule,
    a,
    array,
    checked,
)

_PATHS = Rule(
    "a list of paths",
    lambda value: hasattr(value, "__iter__") and not isinstance(value, (str, Path)),
)
_MAP = {"label_map": array("H W", "uint8"), "colors": array("256 3", "uint8")}


@checked(paths=_PATHS, replaced=_PATHS, sources=_PATHS, origins=_PATHS)
def plan_outputs(
    paths: Collection[Path],
    *,
    replaced: Collection[Path] = (),
    sources: Collection[Path] = (),
    origins: Sequence[Path] = (),
) -> None:
    """Check all files that a command will write, before its work begins.

    Names that differ in case alone count as one, since they are one file on macOS and
    Windows; symbolic links are followed. Nothing is written.

    Args:
        paths: Files to write; their folders may be missing.
        replaced: Those of them that may be there already, because the command made
            them.
        sources: Files that the command reads, none of which may be written.
        origins: What each of the paths is made from, where the command makes many; an
            error then names it.

    Raises:
        ValueError: Two of the files are one, or one of them is read.
        FileExistsError: A file is there already, or something that is no file.
        OSError: A folder can't be written to, or a name can't be had there.
    """
    _require_distinct(paths, sources, origins or paths)
    for folder in dict.fromkeys(path.parent for path in paths):
        _require_writable(folder)
    allowed = {_identity(path) for path in replaced}
    present = [path for path in paths if _is_taken(path, may_be_file=allowed)]
    if present:
        more = f" (and {len(present) - 1} more)" if len(present) > 1 else ""
        raise FileExistsError(
            f"{present[0]} must not be there yet, and is{more}; nothing was "
            "overwritten: move it away, or write to another place"
        )


def _require_distinct(
    paths: Collection[Path], sources: Collection[Path], origins: Collection[Path]
) -> None:
    kept, seen = {_identity(path): path for path in sources}, {}
    for path, origin in zip(paths, origins, strict=True):
        identity = _identity(path)
        if identity in kept:
            raise ValueError(
                f"{path} must not be written, since {kept[identity]} is read from "
                "there; choose another name"
            )
        if identity in seen:
            raise ValueError(
                f"every file must have a name of its own, got {path.name} twice (for "
                f"{seen[identity]} and {origin}; case does not count): rename one, or "
                "write them to different folders"
            )
        seen[identity] = origin


def _identity(path: Path) -> str:
    """Name a file as a file system does that ignores case and the forms of accents."""
    return unicodedata.normalize("NFC", os.path.realpath(path)).casefold()


def _is_taken(path: Path, *, may_be_file: Collection[str]) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return not (path.is_file() and _identity(path) in may_be_file)


def _require_writable(folder: Path) -> None:
    """Make a file without a name in a folder, or in the nearest one that is there."""
    nearest = folder.absolute()
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise type(error)(
            f"{folder} must be a folder that can be written to, but is not "
            f"({error.strerror}); choose another place"
        ) from None


@checked(path=PATH)
def write_whole(path: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file for writing that appears once it is complete.

    The bytes go to a hidden file beside it (``*.tmp``), which takes its place when they
    are on the disk. After an error or an interruption the older file is still there.

    Args:
        path: File to write; its folder is made where it is missing. Where it is a
            symbolic link, the file that it leads to is written.

    Returns:
        Context that gives a binary file to write to.
    """
    return _unfinished(Path(os.path.realpath(path)), Path.replace)


@checked(path=PATH)
def write_new(path: Path) -> AbstractContextManager[BinaryIO]:
    """Open a file for writing as ``write_whole`` does, but never replace one.

    Raises:
        FileExistsError: Something has that name, or has got it in the meantime.
    """
    return _unfinished(path, _link)


def _link(unfinished: Path, path: Path) -> None:
    try:
        os.link(unfinished, path)  # unlike a renaming, fails if something is there
    except OSError:
        if os.path.lexists(path):
            raise FileExistsError(
                f"{path} must not be there yet, and is; it was not overwritten"
            ) from None
        unfinished.replace(path)  # a file system without hard links


@checked(path=PATH, known=a("bytes"), content=a("bytes"))
def replace_known(path: Path, known: bytes, content: bytes) -> bool:
    """Replace a file only if it still holds what the caller has read.

    Args:
        path: File to replace.
        known: Bytes that were read.
        content: Bytes to write.

    Returns:
        Whether the file was replaced; otherwise it has changed, and is left as it is.
    """
    outcome = []

    def replace_unchanged(unfinished: Path, path: Path) -> None:
        outcome.append(not path.is_symlink() and path.read_bytes() == known)
        if outcome[0]:
            unfinished.replace(path)

    with _unfinished(path, replace_unchanged) as file:
        file.write(content)
    return outcome[0]


@contextmanager
def _unfinished(
    path: Path, place: Callable[[Path, Path], object]
) -> Iterator[BinaryIO]:
    """Open a hidden file beside another; give it to ``place`` once it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A short name: that of the file itself may be as long as names can be
    unfinished = path.with_name(f".{uuid.uuid4().hex[:12]}.tmp")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        place(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@checked(path=PATH, write=FUNCTION)
def keep_result(path: Path, write: Callable[[Path], None]) -> None:
    """Write the result of long work; where that fails, keep it in the temporary folder.

    Args:
        path: File to write.
        write: Function that writes the result to the file it is given.

    Raises:
        OSError: The file can't be written; the message says where the result is.
    """
    try:
        write(path)
    except (OSError, RuntimeError) as error:  # torch.save raises the latter
        place = Path(tempfile.mkdtemp(prefix="course_utils-"), path.name)
        write(place)
        raise OSError(
            f"{path} can't be written ({_reason(error)}); the result is in {place}: "
            "move it to where you want it"
        ) from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).partition("\n")[0]


@checked(error=a("BaseException"))
def is_read_error(error: BaseException) -> bool:
    """Tell whether reading failed for a reason that says nothing of the content.

    Missing permission, a disk or network drive that fails, too many open files, too
    little memory: the file may be good, and nobody should be told to delete it.
    """
    if isinstance(error, OSError):  # libraries raise it without a number, for content
        return error.errno not in (None, errno.EINVAL)
    return isinstance(error, MemoryError) or "can't allocate memory" in str(error)


@checked(path=PATH)
def require_checksums(path: Path) -> bool:
    """Compare a file with every checksum that is known of it.

    A file of ``torch.save`` is a zip, which has one for each of its parts. Of a file
    that is no zip, such as safetensors, the SHA-256 may stand in FILE.sha256 beside it
    (``sha256sum`` writes such files), and its first eight digits in the name, as in
    torchvision's vgg16-397923af.pth.

    Returns:
        Whether any checksum is known.

    Raises:
        ValueError: One of them is wrong.
        OSError: The file can't be read.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as file:
            if damaged := file.testzip():
                raise ValueError(f"the checksum of {damaged} in {path} is wrong")
        return True
    beside = path.with_name(f"{path.name}.sha256")
    known = beside.read_text().split()[:1] if beside.is_file() else []
    if match := re.fullmatch(r".+-([0-9a-f]{8})\.pth", path.name):
        known.append(match[1])
    if known and not all(map(_sha256(path).startswith, map(str.lower, known))):
        raise ValueError(f"the SHA-256 of {path} must be {known[0]}, and is not")
    return bool(known)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@checked(**_MAP)
def palette_image(label_map: np.ndarray, colors: np.ndarray) -> Image.Image:
    """Make a palette image, whose pixels are class indices, of a label map.

    Args:
        label_map: Class indices and void, uint8, (H, W).
        colors: Palette, uint8, (256, 3), as ``labels.colormap`` makes it.
    """
    image = Image.fromarray(label_map)
    image.putpalette(colors.tobytes())
    return image


@checked(path=PATH, **_MAP)
def write_label_map(path: Path, label_map: np.ndarray, colors: np.ndarray) -> None:
    """Write a label map as a palette PNG; arguments as in ``palette_image``."""
    with write_whole(path) as file:
        palette_image(label_map, colors).save(file, "PNG")


@checked(indices=PATH, in_colors=PATH, **_MAP)
def write_indices_and_colors(
    indices: Path, in_colors: Path, label_map: np.ndarray, colors: np.ndarray
) -> None:
    """Write a label map as two new PNG files, and replace none.

    Args:
        indices: Palette image to write, whose pixels are class indices.
        in_colors: RGB image to write, to look at.
        label_map: Class indices and void, uint8, (H, W).
        colors: Palette, uint8, (256, 3), as ``labels.colormap`` makes it.

    Raises:
        FileExistsError: Something has one of these names.
    """
    with write_new(indices) as first, write_new(in_colors) as second:
        palette_image(label_map, colors).save(first, "PNG")
        Image.fromarray(colors[label_map]).save(second, "PNG")
