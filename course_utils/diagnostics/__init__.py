"""Interventions that test a claim, one module a phenomenon."""

from course_utils.diagnostics.borders import boundary_curve
from course_utils.diagnostics.frequency import feature_map_frequency
from course_utils.diagnostics.reflection import paste_reflection
from course_utils.diagnostics.skips import zero_skip
from course_utils.diagnostics.stride import stride_oracle
from course_utils.diagnostics.switches import swap_unpool_indices

__all__ = [
    "boundary_curve",
    "feature_map_frequency",
    "paste_reflection",
    "stride_oracle",
    "swap_unpool_indices",
    "zero_skip",
]
