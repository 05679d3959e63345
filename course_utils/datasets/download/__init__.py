"""Get VOC or CamVid, survive a bad network, never leave a wrong file."""

from course_utils.datasets.download.archives import DownloadError
from course_utils.datasets.download.fetch import download_camvid, download_voc_subset
from course_utils.datasets.download.manifest import inspect_folder

__all__ = ["DownloadError", "download_camvid", "download_voc_subset", "inspect_folder"]
