"""Checks of notebook 00: its exercises, its debug clinic, and their references."""

from course_utils.checks.start_here.clinic import check_shrink_pair
from course_utils.checks.start_here.exercises import check_mean_iou

__all__ = ["check_mean_iou", "check_shrink_pair"]
