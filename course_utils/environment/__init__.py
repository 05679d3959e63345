"""Is this machine ready, and where is this course published.

``stamp`` stands in ``colab_links``: it needs nbformat, and the rest of this room works
before anything is installed.
"""

from course_utils.environment.colab import set_up
from course_utils.environment.doctor import examine, report

__all__ = ["examine", "report", "set_up"]
