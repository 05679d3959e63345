"""Checks of notebook 01: its exercises, its debug clinic, and their references."""

from course_utils.checks.fcn_limits.clinic import check_head
from course_utils.checks.fcn_limits.exercises import (
    check_bilinear_kernel,
    check_conv_output_size,
    check_fuse_skip,
    check_receptive_field,
)

__all__ = [
    "check_bilinear_kernel",
    "check_conv_output_size",
    "check_fuse_skip",
    "check_head",
    "check_receptive_field",
]
