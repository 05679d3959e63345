"""Checks of notebook 02: its exercises, its debug clinic, and their references."""

from course_utils.checks.deconvnet.clinic import check_bottleneck, check_decode
from course_utils.checks.deconvnet.exercises import check_deconv_block, check_unpool

__all__ = ["check_bottleneck", "check_decode", "check_deconv_block", "check_unpool"]
