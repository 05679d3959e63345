"""Checks of notebook 04: its exercises, its debug clinic, and their references."""

from course_utils.checks.skip_connections.clinic import check_small_unet
from course_utils.checks.skip_connections.exercises import (
    check_dense_block,
    check_join_skip,
    check_transition_up,
    check_up_block,
)

__all__ = [
    "check_dense_block",
    "check_join_skip",
    "check_small_unet",
    "check_transition_up",
    "check_up_block",
]
