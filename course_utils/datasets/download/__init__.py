"""Get VOC or CamVid, survive a bad network, never leave a wrong file."""

from course_utils.datasets.download.fetch import download
from course_utils.datasets.download.manifest import inspect_folder

__all__ = ["download", "inspect_folder"]
