"""Is this machine ready, and if not, what to do."""

from course_utils.environment.doctor.examination import examine
from course_utils.environment.doctor.findings import TO_DO, Finding, report

__all__ = ["TO_DO", "Finding", "examine", "report"]
