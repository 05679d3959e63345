"""Whether this machine is ready, and where the course is published.

``stamp`` is in ``colab_links``, which needs nbformat; everything else here works before
any package is installed.
"""

from course_utils.environment.colab import set_up
from course_utils.environment.doctor import examine
from course_utils.environment.findings import report

__all__ = ["examine", "report", "set_up"]
