"""Is this machine ready, and if not, what to do."""

from course_utils.doctor.examination import examine
from course_utils.doctor.findings import Finding, report

__all__ = ["Finding", "examine", "report"]
