"""One training loop, and what a training leaves behind."""

from course_utils.training.evaluation import (
    enlarged_argmax,
    evaluate,
    predict,
    predict_label_map,
    predict_logits,
    predict_probs,
    reestimate_batch_norm,
)
from course_utils.training.loop import fit, train_one_epoch
from course_utils.training.losses import (
    cross_entropy,
    median_frequency_weights,
    weighted_cross_entropy,
)
from course_utils.training.optimizers import make_optimizer, orthogonalize
from course_utils.training.precision import autocast, best_device, fastest_convolutions
from course_utils.training.progress import History
from course_utils.training.saved_model import ModelSpec, load_model, save_model
from course_utils.training.seed import set_seed

__all__ = [
    "History",
    "ModelSpec",
    "autocast",
    "best_device",
    "cross_entropy",
    "enlarged_argmax",
    "evaluate",
    "fastest_convolutions",
    "fit",
    "load_model",
    "make_optimizer",
    "median_frequency_weights",
    "orthogonalize",
    "predict",
    "predict_label_map",
    "predict_logits",
    "predict_probs",
    "reestimate_batch_norm",
    "save_model",
    "set_seed",
    "train_one_epoch",
    "weighted_cross_entropy",
]
