"""Checks of notebook 05: its exercises, its debug clinic, and their references."""

from course_utils.checks.deeplab.clinic import check_deeplab
from course_utils.checks.deeplab.exercises import (
    check_large_fov_head,
    check_mean_field_step,
    check_pairwise_kernel,
    check_same_padding,
    check_unary_energy,
)

__all__ = [
    "check_deeplab",
    "check_large_fov_head",
    "check_mean_field_step",
    "check_pairwise_kernel",
    "check_same_padding",
    "check_unary_energy",
]
