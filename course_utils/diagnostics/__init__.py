"""Interventions that test a claim, one module a phenomenon."""

from course_utils.diagnostics.borders import boundary_curve
from course_utils.diagnostics.reflection import paste_reflection
from course_utils.diagnostics.skips import zero_skip
from course_utils.diagnostics.stride import stride_oracle

__all__ = ["boundary_curve", "paste_reflection", "stride_oracle", "zero_skip"]
