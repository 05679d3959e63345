"""Check whether this machine is ready for the course, and what to do if not."""

from course_utils.environment.doctor.examination import examine
from course_utils.environment.doctor.findings import TO_DO, Finding, report

__all__ = ["TO_DO", "Finding", "examine", "report"]
