"""Checks of notebook 06: its exercises, its debug clinic, and their references."""

from course_utils.checks.dilatednet.clinic import check_mended_dilatednet
from course_utils.checks.dilatednet.exercises import (
    check_context_module,
    check_footprint,
    check_identity_init_,
    check_reflect_pad,
)

__all__ = [
    "check_context_module",
    "check_footprint",
    "check_identity_init_",
    "check_mended_dilatednet",
    "check_reflect_pad",
]
