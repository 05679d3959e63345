"""One training loop, and what a training leaves behind."""

from course_utils.training.evaluation import (
    evaluate,
    predict,
    predict_logits,
    reestimate_batch_norm,
)
from course_utils.training.loop import (
    cross_entropy,
    fit,
    poly_lr,
    set_seed,
    train_one_epoch,
)
from course_utils.training.losses import (
    median_frequency_weights,
    weighted_cross_entropy,
)
from course_utils.training.precision import autocast, fastest_convolutions
from course_utils.training.progress import History
from course_utils.training.saved_model import load_model, save_model

__all__ = [
    "History",
    "autocast",
    "cross_entropy",
    "evaluate",
    "fastest_convolutions",
    "fit",
    "load_model",
    "median_frequency_weights",
    "poly_lr",
    "predict",
    "predict_logits",
    "reestimate_batch_norm",
    "save_model",
    "set_seed",
    "train_one_epoch",
    "weighted_cross_entropy",
]
