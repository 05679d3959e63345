"""Malformed calls of ``training`` and ``analysis``."""

import torch
from torch import nn

from course_utils import analysis, training
from course_utils.datasets import eval_transform
from course_utils.labels import VOC
from course_utils.models import SegNet, UpBlock
from malformed_calls.values import (
    FIFO,
    FOLDER,
    IMAGE,
    IMAGES,
    INF,
    MAPS,
    MASK,
    NAN,
    TARGETS,
    TEXT_FILE,
    full,
    net,
)

NET = net()
BATCHES = [(IMAGES, (torch.arange(2 * 32 * 32) % 3).view(2, 32, 32))]
LOSS = {"logits": MAPS, "targets": full(2, 4, 4, value=1)}
SPEC = training.ModelSpec("unet", VOC, 1, True, 32, "voc")

training.save_model(FOLDER / "good.pt", SPEC.make(), SPEC, training.History())


def optimizer(model=NET):
    return torch.optim.SGD(model.parameters(), lr=0.1)


EPOCH = {
    "model": NET,
    "batches": BATCHES,
    "optimizer": optimizer(),
    "transform": eval_transform(),
}
FIT = {
    "model": NET,
    "train_batches": BATCHES,
    "val_batches": BATCHES,
    "num_classes": 3,
    "epochs": 1,
    "transform": eval_transform(),
    "lr": 0.01,
}
GRADIENT = torch.ones(5, 5)
SUMMARY = analysis.model_summary(NET, (8, 8))
OBJECT = {"image": IMAGE, "host": MASK, "object_image": IMAGE, "object_mask": MASK}


def with_skip(**given):
    block = UpBlock(2, 3, 2)
    with analysis.zero_skip(**{"join": block, **given}):
        block(torch.zeros(1, 2, 4, 4), torch.zeros(1, 3, 8, 8))


def all_logits(**given):
    return list(training.predict_logits(**given))


GOOD = {
    "training.History": (training.History, {"train_loss": [1.0], "mean_iou": [0.5]}),
    "training.ModelSpec": (training.ModelSpec, vars(SPEC)),
    "training.autocast": (training.autocast, {}),
    "training.best_device": (training.best_device, {}),
    "training.cross_entropy": (training.cross_entropy, LOSS),
    "training.evaluate": (
        training.evaluate,
        {"model": NET, "batches": BATCHES, "num_classes": 3},
    ),
    "training.fastest_convolutions": (training.fastest_convolutions, {}),
    "training.fit": (training.fit, FIT),
    "training.load_model": (training.load_model, {"path": FOLDER / "good.pt"}),
    "training.make_optimizer": (training.make_optimizer, {"model": NET}),
    "training.median_frequency_weights": (
        training.median_frequency_weights,
        {"targets": TARGETS, "num_classes": 3},
    ),
    "training.predict": (training.predict, {"model": NET, "images": IMAGES}),
    "training.predict_logits": (all_logits, {"model": NET, "images": IMAGES}),
    "training.predict_probs": (
        training.predict_probs,
        {"model": NET, "image": IMAGE, "image_size": 32},
    ),
    "training.reestimate_batch_norm": (
        training.reestimate_batch_norm,
        {"model": SegNet(3, base_channels=1), "batches": BATCHES},
    ),
    "training.save_model": (
        training.save_model,
        {
            "path": FOLDER / "saved.pt",
            "model": SPEC.make(),
            "spec": SPEC,
            "history": training.History(),
        },
    ),
    "training.set_seed": (training.set_seed, {"seed": 0}),
    "training.train_one_epoch": (training.train_one_epoch, EPOCH),
    "training.weighted_cross_entropy": (
        training.weighted_cross_entropy,
        {"weights": torch.ones(3)},
    ),
    "training.weighted_cross_entropy()": (
        training.weighted_cross_entropy(torch.ones(3)),
        LOSS,
    ),
    "analysis.ReceptiveField": (analysis.ReceptiveField, {"size": 3}),
    "analysis.ReceptiveField.after_conv": (
        analysis.ReceptiveField().after_conv,
        {"kernel_size": 3},
    ),
    "analysis.ReceptiveField.after_upsampling": (
        analysis.ReceptiveField().after_upsampling,
        {"factor": 2, "kernel_size": 4, "padding": 1},
    ),
    "analysis.draw_skips": (
        analysis.draw_skips,
        {"summary": SUMMARY, "links": (), "title": "net"},
    ),
    "analysis.effective_receptive_field": (
        analysis.effective_receptive_field,
        {"network": NET, "size": 8},
    ),
    "analysis.feature_map_frequency": (analysis.feature_map_frequency, {"maps": MAPS}),
    "analysis.find_skips": (analysis.find_skips, {"model": NET, "size": (8, 8)}),
    "analysis.footprint": (analysis.footprint, {"dilations": (1, 2)}),
    "analysis.inference_memory": (
        analysis.inference_memory,
        {"model": NET, "size": (8, 8)},
    ),
    "analysis.mass_side": (analysis.mass_side, {"gradient": GRADIENT}),
    "analysis.measure_latency": (
        analysis.measure_latency,
        {"model": NET, "size": (8, 8), "repeats": 1},
    ),
    "analysis.model_summary": (analysis.model_summary, {"model": NET, "size": (8, 8)}),
    "analysis.paste_reflection": (
        analysis.paste_reflection,
        {**OBJECT, "opacity": 0.5},
    ),
    "analysis.stride_oracle": (
        analysis.stride_oracle,
        {"targets": TARGETS, "stride": 2, "num_classes": 3},
    ),
    "analysis.support_box": (analysis.support_box, {"gradient": GRADIENT}),
    "analysis.swap_unpool_indices": (
        analysis.swap_unpool_indices,
        {"model": SegNet(3, base_channels=1), "kind": "fixed"},
    ),
    "analysis.theoretical_receptive_field": (
        analysis.theoretical_receptive_field,
        {"layers": [(3, 1, 1)]},
    ),
    "analysis.zero_skip": (with_skip, {}),
}

WHOLE, FLOATING = "must be a whole number", "must be a floating-point tensor"
INTEGER = "must be an integer tensor"
VOID = [(IMAGES, full(2, 32, 32, value=255))]
ONE_CLASS = [(IMAGES, full(2, 32, 32))]
FAILED = nn.Sequential(nn.Conv2d(3, 3, 1))
nn.init.constant_(FAILED[0].weight, NAN)


class Model(nn.Module):
    """A network that does what it is told, after a convolution."""

    def __init__(self, do, *layers):
        super().__init__()
        self.conv, self.do = nn.Conv2d(3, 3, 3, padding=1), do
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        return self.do(self.conv(x))


NO_SIZE = [
    ({"size": (0, 8)}, "size must be at least 1 high and wide, got (0, 8)"),
    ({"size": "8"}, "size must be a height and a width, got '8'"),
]
NO_MODEL = ({"model": None}, "model must be a torch.nn.Module, got None")
NO_BATCHES = [
    NO_MODEL,
    ({"batches": []}, "batches must hold at least one batch, got none"),
    ({"batches": [IMAGES]}, "batch 0 must be a pair of tensors, images and targets"),
    ({"batches": [(IMAGES, None)]}, "batch 0 must be a pair of tensors"),
    ({"batches": IMAGES}, "batches must be batches of images and targets, got uint8"),
]
BAD = {
    "training.History": [
        ({"train_loss": 1.0}, "train_loss must be a list or tuple, got 1.0"),
        ({"mean_iou": ["a"]}, "mean_iou[0] must be a number, got 'a'"),
        ({"peak_memory": -1}, "peak_memory must be at least 0, got -1"),
        ({"runs": [1]}, "runs[0] must be a dict, got 1"),
    ],
    "training.ModelSpec": [
        ({"name": None}, "name must be a text, got None"),
        ({"label_set": "voc"}, "label_set must be a LabelSet, got 'voc'"),
        ({"base_channels": 0}, "base_channels must be"),
        ({"batch_norm": "yes"}, "batch_norm must be True or False, got 'yes'"),
        ({"image_size": 32.0}, f"image_size {WHOLE}, got 32.0"),
    ],
    "training.autocast": [({"device": "cpu"}, "unexpected keyword argument")],
    "training.best_device": [({"index": 0}, "unexpected keyword argument")],
    "training.cross_entropy": [
        ({"targets": LOSS["targets"] + 9}, "class indices from 0 to 2 or 255"),
        ({"targets": full(2, 4, 3)}, "must agree in number, height and width"),
        ({"targets": MAPS[:, 0]}, f"targets {INTEGER}, got float32"),
        ({"logits": MAPS[0]}, "logits must be (N, C, H, W), got (3, 4, 4)"),
        ({"logits": None}, f"logits {FLOATING}, got None"),
    ],
    "training.evaluate": [
        *NO_BATCHES,
        ({"num_classes": 0}, "num_classes must be from 1"),
        ({"num_classes": 9}, "logits for the 9 classes of num_classes, got 3 channels"),
        ({"model": FAILED}, "logits must be finite"),
        ({"model": nn.ReLU()}, "model must be a torch.nn.Module with parameters"),
        ({"batches": [(IMAGES, full(2, 8, 8))]}, "must agree in number, height"),
        (
            {"batches": [(IMAGES, full(2, 32, 32, value=7))]},
            "class indices from 0 to 2",
        ),
        ({"batches": [(IMAGES.float(), full(2, 32, 32))]}, "images must be uint8"),
    ],
    "training.fastest_convolutions": [({"limit": 5}, "unexpected keyword argument")],
    "training.fit": [
        NO_MODEL,
        ({"train_batches": []}, "at least one batch and one epoch"),
        (
            {"train_batches": iter(BATCHES)},
            "train_batches must be batches with a length",
        ),
        ({"train_batches": VOID}, "must hold classes, got void alone"),
        ({"train_batches": ONE_CLASS}, "two classes or more, got class 0 alone"),
        ({"val_batches": VOID}, "validation targets must hold classes, got void"),
        ({"val_batches": []}, "batches must hold at least one batch, got none"),
        ({"num_classes": 1}, "num_classes must be at least 2, got 1"),
        ({"epochs": 0}, "at least one batch and one epoch"),
        ({"epochs": 1.5}, f"epochs {WHOLE}, got 1.5"),
        ({"lr": 0}, "lr must be a positive number, got 0"),
        ({"lr": NAN}, "lr must be a positive number, got nan"),
        ({"lr": None}, "either lr, for AdamW, or an optimizer"),
        ({"lr": 1e30, "model": net()}, "must be finite"),
        (
            {"lr": None, "optimizer": optimizer(net())},
            "must move the parameters of the",
        ),
        ({"transform": None}, "transform must be a function, got None"),
        ({"transform": lambda images, targets: images}, "must be a pair of tensors"),
        ({"criterion": lambda logits, _: logits}, "a tensor of one number"),
        (
            {"criterion": lambda logits, _: logits.sum() * NAN, "model": net()},
            "got nan at step 1",
        ),
        (
            {"criterion": lambda logits, _: logits.sum() / 0, "model": net()},
            "at step 1 of this epoch",
        ),
        ({"seed": -1}, "seed must be at least 0, got -1"),
        ({"deadline": NAN}, "deadline must be finite, got nan"),
        ({"evaluate_every": 0}, "evaluate_every must be at least 1, got 0"),
        (
            {"checkpoint": "a.pt"},
            "checkpoint must be a pathlib.Path or None, got 'a.pt'",
        ),
        ({"checkpoint_seconds": -1}, "checkpoint_seconds must be at least 0, got -1"),
    ],
    "training.load_model": [
        (
            {"path": "good.pt"},
            "path must be a pathlib.Path, got 'good.pt'; write Path(",
        ),
        ({"path": FOLDER / "gone.pt"}, "gone.pt must be a file that the command train"),
        ({"path": FOLDER}, "must be a file that the command train"),
        ({"path": FIFO}, "must be a file that the command train"),
        ({"path": TEXT_FILE}, "must be a file that the command train"),
    ],
    "training.make_optimizer": [
        NO_MODEL,
        ({"name": "adam"}, "the optimizer must be one of muon, adamw, sgd"),
        ({"name": ["sgd"]}, "name must be a text, got ['sgd']"),
        ({"lr": 0}, "lr must be a positive number, got 0"),
        ({"lr": "0.1"}, "lr must be a number or None, got '0.1'"),
        ({"weight_decay": -1}, "weight_decay must be at least 0, got -1"),
    ],
    "training.median_frequency_weights": [
        ({"targets": TARGETS.float()}, f"targets {INTEGER}, got float32"),
        ({"targets": TARGETS[0]}, "targets must be (N, H, W), got (2, 4)"),
        ({"targets": TARGETS + 3}, "classes from 0 to 2 or 255 for void"),
        ({"targets": TARGETS[:0]}, "without a side of 0"),
        ({"num_classes": 0}, "num_classes must be from 1"),
    ],
    "training.predict": [
        NO_MODEL,
        ({"images": IMAGES.float()}, "images must be uint8"),
        ({"images": IMAGES[0]}, "images must be (N, 3, H, W), got (3, 32, 32)"),
        ({"images": IMAGES[:0]}, "without a side of 0"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"model": FAILED}, "logits must be finite"),
    ],
    "training.predict_logits": [
        ({"batch_size": -1}, "batch_size must be at least 1, got -1"),
        ({"images": None}, "images must be a tensor, got None"),
        ({"model": Model(lambda x: x.mean())}, "must return logits (N, C, H, W)"),
    ],
    "training.predict_probs": [
        ({"image": IMAGE / 255}, "image must be a uint8 array, got float64 ndarray"),
        ({"image": IMAGE.transpose(2, 0, 1)}, "image must be (H, W, 3), got (3, 8, 8)"),
        ({"image": IMAGE[:0]}, "without a side of 0"),
        ({"image_size": 0}, "image_size must be at least 1, got 0"),
        ({"image_size": INF}, f"image_size {WHOLE}, got inf"),
        ({"model": FAILED}, "logits must be finite"),
    ],
    "training.reestimate_batch_norm": NO_BATCHES,
    "training.save_model": [
        NO_MODEL,
        ({"path": "a.pt"}, "path must be a pathlib.Path, got 'a.pt'"),
        ({"spec": vars(SPEC)}, "spec must be a ModelSpec, got {"),
        ({"history": None}, "history must be a History, got None"),
    ],
    "training.set_seed": [
        ({"seed": -1}, "seed must be from 0 to 4294967295, got -1"),
        ({"seed": 0.5}, f"seed {WHOLE}, got 0.5"),
        ({"seed": None}, f"seed {WHOLE}, got None"),
        ({"seed": 2**32}, "seed must be from 0 to 4294967295"),
    ],
    "training.train_one_epoch": [
        *NO_BATCHES,
        ({"optimizer": None}, "optimizer must be an Optimizer, got None"),
        ({"scheduler": 0.1}, "scheduler must be a schedule of the learning rate or"),
        ({"criterion": lambda *_: 1.0}, "must return a tensor of one number"),
        ({"after_step": 3}, "after_step must be a function or None, got 3"),
    ],
    "training.weighted_cross_entropy": [
        ({"weights": [1.0, 2.0]}, f"weights {FLOATING}, got [1.0, 2.0]"),
        ({"weights": torch.ones(3) * NAN}, "weights must be finite"),
        ({"weights": -torch.ones(3)}, "weights must be 0 or more"),
        ({"weights": torch.ones(3, 1)}, "weights must be (C), got (3, 1)"),
    ],
    "training.weighted_cross_entropy()": [
        ({"logits": MAPS[:, :2]}, "one for each of the 2 classes of the logits, got 3"),
        ({"targets": LOSS["targets"] - 9}, "class indices from 0 to 2"),
    ],
    "analysis.ReceptiveField": [
        ({"size": 0}, "size must be at least 1, got 0"),
        ({"stride": 0}, "stride must be above 0, got 0"),
        ({"center": NAN}, "center must be finite, got nan"),
    ],
    "analysis.ReceptiveField.after_conv": [
        ({"kernel_size": 0}, "kernel_size must be at least 1, got 0"),
        ({"stride": 0}, "stride must be at least 1, got 0"),
        ({"padding": -1}, "padding must be at least 0, got -1"),
        ({"dilation": 1.5}, f"dilation {WHOLE}, got 1.5"),
    ],
    "analysis.ReceptiveField.after_upsampling": [
        ({"factor": 0}, "factor must be above 0, got 0"),
        ({"kernel_size": -1}, "kernel_size must be above 0, got -1"),
        ({"padding": None}, "padding must be a number, got None"),
    ],
    "analysis.draw_skips": [
        ({"summary": None}, "summary must be a ModelSummary, got None"),
        ({"links": [1]}, "links[0] must be a SkipLink, got 1"),
        ({"title": None}, "title must be a text, got None"),
        ({"ax": "left"}, "ax must be an Axes or None, got 'left'"),
    ],
    "analysis.effective_receptive_field": [
        ({"network": None}, "network must be a torch.nn.Module, got None"),
        ({"network": nn.Flatten()}, "must return a map (1, C, h, w)"),
        ({"network": Model(torch.zeros_like)}, "that depends on the image"),
        ({"network": FAILED}, "the gradient must be finite"),
        ({"size": 0}, "size must be at least 1, got 0"),
        ({"size": 8.0}, "size must be a whole number or a height and a width, got 8.0"),
        ({"num_images": 0}, "num_images must be at least 1, got 0"),
        ({"in_channels": 0}, "in_channels must be at least 1, got 0"),
        ({"cell": (9, 0)}, "cell must be in the output of 8"),
        ({"cell": (-1, 0)}, "cell[0] must be at least 0, got -1"),
        ({"cell": (1, 2, 3)}, "cell must be a row and a column, got (1, 2, 3)"),
        ({"images": torch.zeros(1, 3, 4, 4)}, "images must be 8 by 8 pixels"),
    ],
    "analysis.feature_map_frequency": [
        ({"maps": MAPS[0]}, "maps must be (N, C, H, W), got (3, 4, 4)"),
        ({"maps": MAPS * NAN}, "maps must be finite, got 96 values"),
        ({"stride": 0}, "stride must be above 0, got 0"),
    ],
    "analysis.find_skips": [
        NO_MODEL,
        *NO_SIZE,
        ({"model": Model(lambda x: None)}, "must return a map of logits, got None"),
        ({"in_channels": 5}, "the model must take images (1, 5, 8, 8)"),
    ],
    "analysis.footprint": [
        ({"dilations": (0,)}, "dilations[0] must be at least 1, got 0"),
        ({"dilations": 2}, "dilations must be a list or tuple, got 2"),
        ({"kernel_size": 0}, "kernel_size must be at least 1, got 0"),
    ],
    "analysis.inference_memory": [
        NO_MODEL,
        *NO_SIZE,
        ({"model": Model(lambda x: x * x.max().item())}, "look at shapes alone"),
        ({"in_channels": True}, f"in_channels {WHOLE}, got True"),
    ],
    "analysis.mass_side": [
        ({"proportion": 90}, "proportion must be between 0 and 1, got 90"),
        ({"proportion": NAN}, "proportion must be finite, got nan"),
        ({"gradient": GRADIENT * 0}, "must not be 0 everywhere"),
        ({"gradient": GRADIENT * -1}, "gradient must be 0 or more"),
        ({"gradient": GRADIENT[0]}, "gradient must be (H, W), got (5,)"),
    ],
    "analysis.measure_latency": [
        *NO_SIZE,
        ({"repeats": 0}, "repeats must be at least 1, got 0"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"model": nn.ReLU()}, "model must be a torch.nn.Module with parameters"),
    ],
    "analysis.model_summary": [
        NO_MODEL,
        *NO_SIZE,
        ({"depth": 0}, "depth must be at least 1, got 0"),
        ({"in_channels": 4}, "the model must take images (1, 4, 8, 8)"),
        (
            {"model": nn.Conv2d(3, 3, 1)},
            "is used outside of any, so it is not followed",
        ),
        ({"model": nn.ReLU()}, "it has none, so it is not followed"),
        (
            {"model": Model(lambda x: {})},
            "the model must return a map of logits, got an",
        ),
        (
            {"model": Model(lambda x: x, nn.Conv2d(3, 3, 1))},
            "layers.0.weight is used outside of any, so it is not followed",
        ),
        ({"model": Model(lambda x: x.flatten(1))}, "only through known functions"),
    ],
    "analysis.paste_reflection": [
        ({"opacity": 1.5}, "opacity must be from 0 to 1"),
        ({"opacity": NAN}, "opacity must be finite, got nan"),
        ({"proportion": 0}, "proportion above 0 and at most 1"),
        ({"host": MASK & False}, "a mask must mark some pixels"),
        ({"host": MASK[:4]}, "got a mask of (4, 8)"),
        ({"image": IMAGE[..., 0]}, "image must be (H, W, 3), got (8, 8)"),
        ({"object_mask": MASK.astype(float)}, "object_mask must be a bool array"),
    ],
    "analysis.stride_oracle": [
        ({"stride": 0}, "stride must be at least 1, got 0"),
        ({"targets": TARGETS + 1}, "class indices from 0 to 2 or 255"),
        ({"targets": TARGETS[0]}, "targets must be (N, H, W), got (2, 4)"),
        ({"num_classes": None}, f"num_classes {WHOLE}, got None"),
    ],
    "analysis.support_box": [
        ({"gradient": GRADIENT * NAN}, "gradient must be finite, got 25 values"),
        ({"gradient": GRADIENT.numpy()}, f"gradient {FLOATING}, got float32 ndarray"),
    ],
    "analysis.swap_unpool_indices": [
        ({"kind": "true"}, "kind must be one of fixed, random, bilinear, got 'true'"),
        ({"model": NET}, "the model must unpool with models.Unpool"),
        ({"generator": 0}, "generator must be a Generator or None, got 0"),
    ],
    "analysis.theoretical_receptive_field": [
        ({"layers": [(0, 1, 1)]}, "kernel_size must be at least 1, got 0"),
        ({"layers": [(3, 0, 1)]}, "stride must be at least 1, got 0"),
        ({"layers": [(3, -1, 1)]}, "layers[0][1] must be at least 0, got -1"),
        ({"layers": [(3, 1, 0)]}, "dilation must be at least 1, got 0"),
        ({"layers": [(3, 1)]}, "a layer must be (kernel_size, stride, dilation)"),
        ({"layers": [3]}, "layers[0] must be a list or tuple, got 3"),
        ({"layers": None}, "layers must be a list of layers, got None"),
    ],
    "analysis.zero_skip": [
        ({"join": None}, "join must be a torch.nn.Module, got None"),
        ({"replace": 0}, "replace must be a function, got 0"),
        ({"replace": lambda skip: skip[:, :1]}, "replace must return a tensor of the"),
    ],
}
