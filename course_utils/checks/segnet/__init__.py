"""Checks of notebook 03: its exercises, its debug clinic, and their references."""

from course_utils.checks.segnet.clinic import check_encoder_decoder
from course_utils.checks.segnet.exercises import (
    check_conv_from_transposed,
    check_median_frequency_weights,
    check_pack_indices,
)

__all__ = [
    "check_conv_from_transposed",
    "check_encoder_decoder",
    "check_median_frequency_weights",
    "check_pack_indices",
]
