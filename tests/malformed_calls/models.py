"""Malformed calls of ``models``."""

import torch
from malformed_calls.values import FOLDER, INF, MAPS, NAN, Nothing, full
from torch import nn

from course_utils import models

SMALL = {"num_classes": 3, "base_channels": 1}
WIDE = {"in_channels": 2, "out_channels": 3}
POOLED = {"pooled": MAPS, "indices": full(2, 3, 4, 4), "output_size": (8, 8)}
IMAGES = torch.zeros(1, 3, 64, 64)
X, SKIP = torch.zeros(1, 2, 4, 4), torch.zeros(1, 3, 8, 8)


def forward(model, **given):
    return model.eval(), given


GOOD = {
    "models.ContextModule": (models.ContextModule, {"num_classes": 2}),
    "models.ContextModule()": forward(models.ContextModule(2), logits=X),
    "models.DeconvBlock": (models.DeconvBlock, {**WIDE, "num_layers": 1}),
    "models.DeconvBlock()": forward(
        models.DeconvBlock(3, 2, 1), x=MAPS, indices=POOLED["indices"], output_size=(8, 8)
    ),
    "models.DeconvNet": (models.DeconvNet, SMALL),
    "models.DeepLabV1": (models.DeepLabV1, SMALL),
    "models.DenseBlock": (
        models.DenseBlock, {"in_channels": 2, "growth_rate": 2, "num_layers": 1}
    ),
    "models.DenseBlock()": forward(models.DenseBlock(2, 2, 1), x=X),
    "models.DilatedNet": (models.DilatedNet, SMALL),
    "models.FCDenseNet": (
        models.FCDenseNet, {**SMALL, "layers_per_block": (1, 1, 1), "growth_rate": 2}
    ),
    "models.FCN8s": (models.FCN8s, SMALL),
    "models.FCN16s": (models.FCN16s, SMALL),
    "models.FCN32s": (models.FCN32s, SMALL),
    "models.FCN32s()": forward(models.FCN32s(**SMALL), images=IMAGES),
    "models.FrontEnd": (models.FrontEnd, SMALL),
    "models.SegNet": (models.SegNet, SMALL),
    "models.SegNet()": forward(models.SegNet(**SMALL), images=IMAGES),
    "models.TransitionDown": (models.TransitionDown, {"channels": 2}),
    "models.TransitionDown()": forward(models.TransitionDown(2), x=X),
    "models.TransitionUp": (models.TransitionUp, WIDE),
    "models.TransitionUp()": forward(models.TransitionUp(2, 2), x=X, skip=SKIP),
    "models.UNet": (models.UNet, SMALL),
    "models.UNet()": forward(models.UNet(**SMALL), images=IMAGES),
    "models.Unpool": (models.Unpool, {}),
    "models.Unpool()": forward(models.Unpool(), **POOLED),
    "models.UpBlock": (models.UpBlock, {**WIDE, "skip_channels": 3}),
    "models.UpBlock()": forward(models.UpBlock(2, 3, 2), x=X, skip=SKIP),
    "models.bilinear_kernel": (models.bilinear_kernel, {"factor": 2}),
    "models.choose_weights": (models.choose_weights, {"base_channels": 8}),
    "models.conv_from_transposed": (
        models.conv_from_transposed, {"deconv": nn.ConvTranspose2d(2, 3, 3, padding=1)}
    ),
    "models.conv_relu": (models.conv_relu, WIDE),
    "models.create_model": (models.create_model, {"name": "fcn8s", **SMALL}),
    "models.deconv_relu": (models.deconv_relu, WIDE),
    "models.fc_densenet56": (models.fc_densenet56, SMALL),
    "models.fc_densenet67": (models.fc_densenet67, SMALL),
    "models.fc_densenet103": (models.fc_densenet103, SMALL),
    "models.fuse_skip": (models.fuse_skip, {"deep": X, "skip": SKIP[:, :2]}),
    "models.identity_init_": (models.identity_init_, {"conv": nn.Conv2d(2, 2, 3)}),
    "models.join_skip": (models.join_skip, {"x": X, "skip": SKIP}),
    "models.load_vgg16": (
        models.load_vgg16, {"stages": models.vgg16_stages(1), "pretrained": None}
    ),
    "models.pack_indices": (
        models.pack_indices, {"indices": full(1, 1, 2, 2), "input_size": (4, 4)}
    ),
    "models.reflect_pad": (models.reflect_pad, {"image": X, "padding": 1}),
    "models.unpack_indices": (
        models.unpack_indices,
        {"offsets": full(1, 1, 2, 2, dtype=torch.uint8), "input_size": (4, 4)},
    ),
    "models.unpool": (models.unpool, POOLED),
    "models.upsample_bilinear": (models.upsample_bilinear, {"x": X, "size": (8, 8)}),
    "models.vgg16_stages": (models.vgg16_stages, {"base_channels": 1}),
}
