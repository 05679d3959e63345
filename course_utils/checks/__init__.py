"""Checks of a reader's answers: shared machinery, and one package a notebook."""

from course_utils.checks.answer import AnswerError
from course_utils.checks.deconvnet.clinic import check_bottleneck, check_decode
from course_utils.checks.deconvnet.exercises import check_deconv_block, check_unpool
from course_utils.checks.deeplab.clinic import check_deeplab
from course_utils.checks.deeplab.exercises import (
    check_large_fov_head,
    check_mean_field_step,
    check_pairwise_kernel,
    check_same_padding,
    check_unary_energy,
)
from course_utils.checks.dilatednet.clinic import check_mended_dilatednet
from course_utils.checks.dilatednet.exercises import (
    check_context_module,
    check_footprint,
    check_identity_init_,
    check_reflect_pad,
)
from course_utils.checks.fcn_limits.clinic import check_head
from course_utils.checks.fcn_limits.exercises import (
    check_bilinear_kernel,
    check_conv_output_size,
    check_fuse_skip,
    check_receptive_field,
)
from course_utils.checks.segnet.clinic import check_encoder_decoder
from course_utils.checks.segnet.exercises import (
    check_conv_from_transposed,
    check_median_frequency_weights,
    check_pack_indices,
)
from course_utils.checks.segnet.optimizer import check_orthogonalize
from course_utils.checks.skip_connections.clinic import check_small_unet
from course_utils.checks.skip_connections.exercises import (
    check_dense_block,
    check_join_skip,
    check_transition_up,
    check_up_block,
)
from course_utils.checks.start_here.clinic import check_shrink_pair
from course_utils.checks.start_here.exercises import check_mean_iou

__all__ = [
    "AnswerError",
    "check_bilinear_kernel",
    "check_bottleneck",
    "check_context_module",
    "check_conv_from_transposed",
    "check_conv_output_size",
    "check_decode",
    "check_deconv_block",
    "check_deeplab",
    "check_dense_block",
    "check_encoder_decoder",
    "check_footprint",
    "check_fuse_skip",
    "check_head",
    "check_identity_init_",
    "check_join_skip",
    "check_large_fov_head",
    "check_mean_field_step",
    "check_mean_iou",
    "check_median_frequency_weights",
    "check_mended_dilatednet",
    "check_orthogonalize",
    "check_pack_indices",
    "check_pairwise_kernel",
    "check_receptive_field",
    "check_reflect_pad",
    "check_same_padding",
    "check_shrink_pair",
    "check_small_unet",
    "check_transition_up",
    "check_unary_energy",
    "check_unpool",
    "check_up_block",
]
