"""Learner's copies of the notebooks."""

from course_utils.classroom.student_copies import release

__all__ = ["release"]
