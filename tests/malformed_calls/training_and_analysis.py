"""Malformed calls of ``training`` and ``analysis``."""

import torch
from malformed_calls.values import (
    FOLDER, IMAGE, IMAGES, INF, MAPS, MASK, NAN, TARGETS, Nothing, full, net,
)
from torch import nn

from course_utils import analysis, training
from course_utils.datasets import eval_transform
from course_utils.models import SegNet, UpBlock

NET = net()
BATCHES = [(IMAGES, (torch.arange(2 * 32 * 32) % 3).view(2, 32, 32))]
LOSS = {"logits": MAPS, "targets": full(2, 4, 4, value=1)}
SPEC = training.ModelSpec("unet", "voc", 1, True, 32, "voc")


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
        training.evaluate, {"model": NET, "batches": BATCHES, "num_classes": 3}
    ),
    "training.fastest_convolutions": (training.fastest_convolutions, {}),
    "training.fit": (training.fit, FIT),
    "training.load_model": (training.load_model, {"path": FOLDER / "good.pt"}),
    "training.make_optimizer": (training.make_optimizer, {"model": NET}),
    "training.median_frequency_weights": (
        training.median_frequency_weights, {"targets": TARGETS, "num_classes": 3}
    ),
    "training.predict": (training.predict, {"model": NET, "images": IMAGES}),
    "training.predict_logits": (all_logits, {"model": NET, "images": IMAGES}),
    "training.predict_probs": (
        training.predict_probs, {"model": NET, "image": IMAGE, "image_size": 32}
    ),
    "training.reestimate_batch_norm": (
        training.reestimate_batch_norm, {"model": SegNet(3, base_channels=1), "batches": BATCHES}
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
        training.weighted_cross_entropy, {"weights": torch.ones(3)}
    ),
    "training.weighted_cross_entropy()": (
        training.weighted_cross_entropy(torch.ones(3)), LOSS
    ),
    "analysis.ReceptiveField": (analysis.ReceptiveField, {"size": 3}),
    "analysis.ReceptiveField.after_conv": (
        analysis.ReceptiveField().after_conv, {"kernel_size": 3}
    ),
    "analysis.ReceptiveField.after_upsampling": (
        analysis.ReceptiveField().after_upsampling,
        {"factor": 2, "kernel_size": 4, "padding": 1},
    ),
    "analysis.draw_skips": (
        analysis.draw_skips, {"summary": SUMMARY, "links": (), "title": "net"}
    ),
    "analysis.effective_receptive_field": (
        analysis.effective_receptive_field, {"network": NET, "size": 8}
    ),
    "analysis.feature_map_frequency": (analysis.feature_map_frequency, {"maps": MAPS}),
    "analysis.find_skips": (analysis.find_skips, {"model": NET, "size": (8, 8)}),
    "analysis.footprint": (analysis.footprint, {"dilations": (1, 2)}),
    "analysis.inference_memory": (
        analysis.inference_memory, {"model": NET, "size": (8, 8)}
    ),
    "analysis.mass_side": (analysis.mass_side, {"gradient": GRADIENT}),
    "analysis.measure_latency": (
        analysis.measure_latency, {"model": NET, "size": (8, 8), "repeats": 1}
    ),
    "analysis.model_summary": (analysis.model_summary, {"model": NET, "size": (8, 8)}),
    "analysis.paste_reflection": (analysis.paste_reflection, {**OBJECT, "opacity": 0.5}),
    "analysis.stride_oracle": (
        analysis.stride_oracle, {"targets": TARGETS, "stride": 2, "num_classes": 3}
    ),
    "analysis.support_box": (analysis.support_box, {"gradient": GRADIENT}),
    "analysis.swap_unpool_indices": (
        analysis.swap_unpool_indices, {"model": SegNet(3, base_channels=1), "kind": "fixed"}
    ),
    "analysis.theoretical_receptive_field": (
        analysis.theoretical_receptive_field, {"layers": [(3, 1, 1)]}
    ),
    "analysis.zero_skip": (with_skip, {}),
}
