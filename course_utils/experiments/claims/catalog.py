"""The claims and remarks of each notebook."""

from course_utils.experiments.claims import (
    deconvnet,
    deeplab_v1,
    dilatednet,
    fcn_limits,
    one_wall,
    segnet,
    skip_connections,
    start_here,
)
from course_utils.experiments.claims.claim import Claim, Remark

_MODULES = {
    "00_start_here": start_here,
    "01_fcn_limits": fcn_limits,
    "02_deconvnet": deconvnet,
    "03_segnet": segnet,
    "04_skip_connections": skip_connections,
    "05_deeplab_v1_crf": deeplab_v1,
    "06_dilatednet": dilatednet,
    "07_one_wall": one_wall,
}
CLAIMS: dict[str, tuple[Claim, ...]] = {
    notebook: module.CLAIMS for notebook, module in _MODULES.items()
}
"""Claims of each notebook, in the order of its table."""
REMARKS: dict[str, tuple[Remark, ...]] = {
    notebook: module.REMARKS for notebook, module in _MODULES.items()
}
"""What each notebook measures without a verdict."""
