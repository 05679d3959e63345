"""Malformed calls of ``models``."""

import torch
from torch import nn

from course_utils import models
from malformed_calls.values import FOLDER, MAPS, NAN, full

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
        models.DeconvBlock(3, 2, 1),
        x=MAPS,
        indices=POOLED["indices"],
        output_size=(8, 8),
    ),
    "models.DeconvNet": (models.DeconvNet, SMALL),
    "models.DeepLabV1": (models.DeepLabV1, SMALL),
    "models.DenseBlock": (
        models.DenseBlock,
        {"in_channels": 2, "growth_rate": 2, "num_layers": 1},
    ),
    "models.DenseBlock()": forward(models.DenseBlock(2, 2, 1), x=X),
    "models.DilatedNet": (models.DilatedNet, SMALL),
    "models.FCDenseNet": (
        models.FCDenseNet,
        {**SMALL, "layers_per_block": (1, 1, 1), "growth_rate": 2},
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
        models.conv_from_transposed,
        {"deconv": nn.ConvTranspose2d(2, 3, 3, padding=1)},
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
        models.load_vgg16,
        {"stages": models.vgg16_stages(1), "pretrained": None},
    ),
    "models.pack_indices": (
        models.pack_indices,
        {"indices": full(1, 1, 2, 2), "input_size": (4, 4)},
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

FLAG, WHOLE = "must be True or False", "must be a whole number"
NO_NET = [
    ({"num_classes": 0}, "num_classes must be from 1"),
    ({"base_channels": 0}, "base_channels must be from 1 to 4096, got 0"),
    ({"base_channels": 1.0}, f"base_channels {WHOLE}, got 1.0"),
]
NO_VGG = [
    *NO_NET,
    ({"batch_norm": 1}, f"batch_norm {FLAG}, got 1"),
    ({"pretrained": FOLDER / "gone"}, "must be an existing file of weights"),
    ({"pretrained": 3}, "pretrained must be a text or a pathlib.Path or None, got 3"),
]
NO_IMAGES = [
    ({"images": IMAGES.numpy()}, "images must be a Tensor, got float32 ndarray"),
    ({"images": IMAGES.byte()}, "images must be normalized floating point"),
    ({"images": IMAGES[0]}, "images must be (N, 3, H, W), got (3, 64, 64)"),
    ({"images": IMAGES[:, :1]}, "images must be (N, 3, H, W), got (1, 1, 64, 64)"),
    ({"images": IMAGES[..., :16]}, "at least 32 pixels high and wide"),
    ({"images": IMAGES[:0]}, "images must be (N, 3, H, W), got (0, 3, 64, 64)"),
    ({"images": None}, "images must be a Tensor, got None"),
]
NO_CHANNELS = [
    ({"in_channels": 0}, "in_channels must be at least 1, got 0"),
    ({"out_channels": -2}, "out_channels must be at least 1, got -2"),
    ({"out_channels": "2"}, f"out_channels {WHOLE}, got '2'"),
]
BAD = {
    "models.ContextModule": [
        ({"num_classes": -1}, "num_classes must be from 1"),
        ({"large": "yes"}, f"large {FLAG}, got 'yes'"),
    ],
    "models.ContextModule()": [
        ({"logits": SKIP}, "logits must have 2 channels"),
        ({"logits": X[0]}, "logits must be (N, C, H, W), got (2, 4, 4)"),
    ],
    "models.DeconvBlock": [
        *NO_CHANNELS,
        ({"num_layers": 0}, "num_layers must be at least 1, got 0"),
        ({"batch_norm": None}, f"batch_norm {FLAG}, got None"),
    ],
    "models.DeconvBlock()": [
        ({"x": X}, "x must have 3 channels"),
        ({"output_size": (20, 8)}, "must be the size before the pool"),
    ],
    "models.DeconvNet": NO_VGG,
    "models.DeepLabV1": [
        *NO_VGG,
        ({"pool_size": 4}, "pool_size must be 2 or 3"),
        ({"output_stride": 16}, "output_stride 8 or 32"),
        ({"kernel_size": 4, "dilation": 3}, "reach as far to the left"),
        ({"dilation": 0}, "dilation must be at least 1, got 0"),
        ({"hidden_channels": 0}, "hidden_channels must be at least 1, got 0"),
    ],
    "models.DenseBlock": [
        ({"in_channels": 0}, "in_channels must be at least 1, got 0"),
        ({"growth_rate": 0}, "growth_rate must be at least 1, got 0"),
        ({"num_layers": 2.5}, f"num_layers {WHOLE}, got 2.5"),
        ({"dropout": 1}, "dropout must be at least 0 and below 1, got 1"),
    ],
    "models.DenseBlock()": [({"x": SKIP}, "x must have 2 channels")],
    "models.DilatedNet": [
        *NO_VGG,
        ({"context": "huge"}, 'context must be "basic", "large" or None'),
        ({"padding": "mirror"}, 'padding must be "zeros" or "reflect"'),
        ({"padding": 1}, "padding must be a text, got 1"),
    ],
    "models.FCDenseNet": [
        *NO_NET,
        ({"layers_per_block": (1, 1)}, "must be an odd number of blocks"),
        ({"layers_per_block": (1, 0, 1)}, "layers_per_block[1] must be at least 1"),
        ({"layers_per_block": 5}, "layers_per_block must be a list or tuple, got 5"),
        ({"dropout": NAN}, "dropout must be finite, got nan"),
    ],
    "models.FCN8s": [
        *NO_VGG,
        ({"first_padding": 50}, "first_padding must be 1 or 100, got 50"),
        ({"learned_upsampling": None}, f"learned_upsampling {FLAG}, got None"),
    ],
    "models.FCN16s": NO_VGG,
    "models.FCN32s": NO_VGG,
    "models.FCN32s()": NO_IMAGES,
    "models.FrontEnd": [
        *NO_VGG,
        ({"padding": "mirror"}, 'padding must be "zeros" or "reflect"'),
        ({"hidden_channels": -1}, "hidden_channels must be at least 1, got -1"),
    ],
    "models.SegNet": [
        *NO_VGG,
        ({"upsampling": "nearest"}, "upsampling must be one of"),
        ({"upsampling": 2}, "upsampling must be a text, got 2"),
        ({"decoder_convs": 0}, f"decoder_convs {FLAG}, got 0"),
    ],
    "models.SegNet()": NO_IMAGES,
    "models.TransitionDown": [
        ({"channels": 0}, "channels must be at least 1, got 0"),
        ({"dropout": -0.1}, "dropout must be at least 0"),
    ],
    "models.TransitionDown()": [({"x": SKIP}, "x must have 2 channels")],
    "models.TransitionUp": NO_CHANNELS,
    "models.TransitionUp()": [
        ({"x": SKIP}, "x must have 2 channels"),
        ({"skip": SKIP.expand(2, -1, -1, -1)}, "of the same images, got 1 and 2"),
    ],
    "models.UNet": [
        *NO_NET,
        ({"in_channels": 0}, "in_channels must be at least 1, got 0"),
        ({"padded": 1}, f"padded {FLAG}, got 1"),
    ],
    "models.UNet()": NO_IMAGES,
    "models.Unpool": [({"factor": 2}, "unexpected keyword argument")],
    "models.Unpool()": [
        ({"indices": None}, "indices must be an int64 tensor, got None"),
    ],
    "models.UpBlock": [
        *NO_CHANNELS,
        ({"in_channels": 3}, "in_channels must be even"),
        ({"skip_channels": 0}, "skip_channels must be at least 1, got 0"),
    ],
    "models.UpBlock()": [
        ({"x": SKIP}, "x must have 2 channels"),
        ({"skip": X}, "skip must have 3 channels"),
    ],
    "models.bilinear_kernel": [
        ({"factor": 0}, "factor must be even and at least 2, got 0"),
        ({"factor": 3}, "factor must be even and at least 2, got 3"),
        ({"factor": 2.0}, f"factor {WHOLE}, got 2.0"),
        ({"factor": NAN}, f"factor {WHOLE}, got nan"),
    ],
    "models.choose_weights": [
        ({"base_channels": 0}, "base_channels must be at least 1, got 0"),
        ({"base_channels": "64"}, f"base_channels {WHOLE}, got '64'"),
    ],
    "models.conv_from_transposed": [
        (
            {"deconv": nn.Conv2d(2, 3, 3)},
            "deconv must be a ConvTranspose2d, got a Conv",
        ),
        ({"deconv": nn.ConvTranspose2d(2, 3, 3)}, "must have kernel 3, stride 1"),
    ],
    "models.conv_relu": [
        *NO_CHANNELS,
        ({"kernel_size": 0}, "kernel_size must be at least 1, got 0"),
        ({"kernel_size": 2}, "padding must be given where no padding keeps H and W"),
        ({"padding": -1}, "padding must be at least 0, got -1"),
        ({"dilation": 0}, "dilation must be at least 1, got 0"),
    ],
    "models.create_model": [
        *NO_NET,
        ({"batch_norm": 1}, "batch_norm must be True or False or None, got 1"),
        ({"pretrained": FOLDER / "gone"}, "must be an existing file of weights"),
        ({"name": "fcn4s"}, "must be one of fcn32s"),
        ({"name": None}, "name must be a text, got None"),
        ({"name": "unet", "pretrained": "imagenet"}, "leave pretrained=None"),
        ({"dropout": 0.1}, "take a dropout, got fcn8s; leave dropout=None"),
        ({"num_classes": True}, f"num_classes {WHOLE}, got True"),
        ({"pretrained": "imagenet"}, "pretrained weights need base_channels=64, got 1"),
    ],
    "models.deconv_relu": [
        *NO_CHANNELS,
        ({"kernel_size": -3}, "kernel_size must be at least 1, got -3"),
        ({"padding": None}, f"padding {WHOLE}, got None"),
    ],
    "models.fc_densenet56": NO_NET,
    "models.fc_densenet67": NO_NET,
    "models.fc_densenet103": NO_NET,
    "models.fuse_skip": [
        ({"deep": SKIP}, "must agree in images and channels"),
        ({"deep": X[0]}, "deep must be (N, C, H, W), got (2, 4, 4)"),
        ({"skip": None}, "skip must be a floating-point tensor, got None"),
    ],
    "models.identity_init_": [
        ({"conv": nn.Conv2d(2, 3, 3)}, "as many output as input channels"),
        ({"conv": nn.Conv2d(2, 2, 2)}, "kernel_size must be odd"),
        ({"conv": nn.Linear(2, 2)}, "conv must be a Conv2d, got a Linear"),
    ],
    "models.join_skip": [
        ({"x": X.expand(2, -1, -1, -1)}, "of the same images, got 2 and 1"),
        ({"skip": SKIP[0]}, "skip must be (N, C, H, W), got (3, 8, 8)"),
        ({"x": X.long()}, "x must be a floating-point tensor, got int64"),
    ],
    "models.load_vgg16": [
        ({"stages": nn.Conv2d(3, 1, 3)}, "stages must be a ModuleList, got a Conv2d"),
        ({"pretrained": FOLDER}, "must be an existing file of weights"),
        ({"fc6": nn.Linear(1, 1)}, "fc6 must be a Conv2d or None, got a Linear"),
    ],
    "models.pack_indices": [
        ({"indices": torch.zeros(1, 1, 2, 2)}, "indices must be int64"),
        ({"input_size": (9, 4)}, "must be the size before the pool, got 9"),
        ({"input_size": 4}, "input_size must be a height and a width, got 4"),
    ],
    "models.reflect_pad": [
        ({"padding": -1}, "padding must be 0 or more pixels, got -1"),
        ({"padding": 1.5}, f"padding {WHOLE}, got 1.5"),
        ({"image": X[0]}, "image must be (N, C, H, W), got (2, 4, 4)"),
    ],
    "models.unpack_indices": [
        ({"offsets": full(1, 1, 2, 2)}, "offsets must be uint8, got torch.int64"),
        ({"input_size": (4,)}, "input_size must be two numbers, height and width"),
    ],
    "models.unpool": [
        ({"indices": full(2, 3, 4, 4, value=99)}, "indices must be from 0 to 63"),
        ({"indices": full(2, 3, 4, 4, value=-1)}, "indices must be from 0 to 63"),
        ({"indices": full(2, 3, 4, 2)}, "pooled and indices must have one shape"),
        ({"output_size": (4, 4)}, "must be the size before the pool"),
        ({"indices": MAPS}, "indices must be an int64 tensor, got float32"),
        ({"output_size": None}, "output_size must be a height and a width, got None"),
    ],
    "models.upsample_bilinear": [
        ({"size": (0, 8)}, "size must be at least 1 high and wide, got (0, 8)"),
        ({"size": (8.0, 8)}, "size must be a height and a width, got (8.0, 8)"),
        ({"x": X[0]}, "x must be (N, C, H, W), got (2, 4, 4)"),
        ({"align_corners": None}, f"align_corners {FLAG}, got None"),
    ],
    "models.vgg16_stages": [
        ({"base_channels": 0}, "base_channels must be at least 1, got 0"),
        ({"first_padding": -1}, "first_padding must be at least 0, got -1"),
        ({"last_dilation": 0}, "last_dilation must be at least 1, got 0"),
    ],
}
