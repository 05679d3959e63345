"""What a network sees, costs and carries, and interventions that test a claim."""

from course_utils.analysis.costs import inference_memory, measure_latency
from course_utils.analysis.interventions import (
    feature_map_frequency,
    paste_reflection,
    stride_oracle,
    swap_unpool_indices,
    zero_skip,
)
from course_utils.analysis.receptive_field import (
    ReceptiveField,
    effective_receptive_field,
    footprint,
    mass_side,
    support_box,
    theoretical_receptive_field,
)
from course_utils.analysis.skip_connections import draw_skips, find_skips
from course_utils.analysis.summary import model_summary

__all__ = [
    "ReceptiveField",
    "draw_skips",
    "effective_receptive_field",
    "feature_map_frequency",
    "find_skips",
    "footprint",
    "inference_memory",
    "mass_side",
    "measure_latency",
    "model_summary",
    "paste_reflection",
    "stride_oracle",
    "support_box",
    "swap_unpool_indices",
    "theoretical_receptive_field",
    "zero_skip",
]
