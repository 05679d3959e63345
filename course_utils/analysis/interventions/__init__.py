"""Interventions that test a claim, with one module per phenomenon."""

from course_utils.analysis.interventions.frequency import feature_map_frequency
from course_utils.analysis.interventions.reflection import paste_reflection
from course_utils.analysis.interventions.skips import zero_skip
from course_utils.analysis.interventions.stride import stride_oracle
from course_utils.analysis.interventions.unpooling import swap_unpool_indices

__all__ = [
    "feature_map_frequency",
    "paste_reflection",
    "stride_oracle",
    "swap_unpool_indices",
    "zero_skip",
]
