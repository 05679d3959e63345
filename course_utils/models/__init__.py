"""The reference models, one file a paper, on shared blocks."""

from course_utils.models.blocks import (
    Unpool,
    bilinear_kernel,
    conv_relu,
    fuse_skip,
    unpool,
    upsample_bilinear,
)
from course_utils.models.create import MODEL_NAMES, create_model
from course_utils.models.deconvnet import DeconvBlock, DeconvNet, deconv_relu
from course_utils.models.deeplab_v1 import DeepLabV1
from course_utils.models.dilatednet import (
    DILATIONS,
    ContextModule,
    DilatedNet,
    FrontEnd,
    identity_init_,
    reflect_pad,
)
from course_utils.models.fc_densenet import (
    DenseBlock,
    FCDenseNet,
    TransitionDown,
    TransitionUp,
    fc_densenet56,
    fc_densenet67,
    fc_densenet103,
)
from course_utils.models.fcn import FCN8s, FCN16s, FCN32s
from course_utils.models.segnet import (
    SegNet,
    conv_from_transposed,
    pack_indices,
    unpack_indices,
)
from course_utils.models.skips import join_skip
from course_utils.models.unet import UNet, UpBlock
from course_utils.models.vgg16 import choose_weights, load_vgg16, vgg16_stages

__all__ = [
    "DILATIONS",
    "MODEL_NAMES",
    "ContextModule",
    "DeconvBlock",
    "DeconvNet",
    "DeepLabV1",
    "DenseBlock",
    "DilatedNet",
    "FCDenseNet",
    "FCN8s",
    "FCN16s",
    "FCN32s",
    "FrontEnd",
    "SegNet",
    "TransitionDown",
    "TransitionUp",
    "UNet",
    "Unpool",
    "UpBlock",
    "bilinear_kernel",
    "choose_weights",
    "conv_from_transposed",
    "conv_relu",
    "create_model",
    "deconv_relu",
    "fc_densenet56",
    "fc_densenet67",
    "fc_densenet103",
    "fuse_skip",
    "identity_init_",
    "join_skip",
    "load_vgg16",
    "pack_indices",
    "reflect_pad",
    "unpack_indices",
    "unpool",
    "upsample_bilinear",
    "vgg16_stages",
]
