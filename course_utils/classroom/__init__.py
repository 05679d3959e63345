"""Learner's copies of the notebooks."""

from course_utils.classroom.solutions import clear_solutions
from course_utils.classroom.student_copies import release

__all__ = ["clear_solutions", "release"]
