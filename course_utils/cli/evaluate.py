"""The command evaluate."""

import argparse
from dataclasses import replace
from pathlib import Path

from torch.utils.data import DataLoader

from course_utils.cli.parser import Commands, add_command
from course_utils.datasets.course import course_data
from course_utils.metrics import iou_per_class, mean_iou, pixel_accuracy
from course_utils.settings import run_level
from course_utils.training.evaluation import evaluate
from course_utils.training.precision import best_device
from course_utils.training.saved_model import load_model


def evaluate_model(args: argparse.Namespace) -> None:
    """Score a trained model on the validation images.

    COURSE_RUN and COURSE_DATA choose the images, as in the notebooks; they are scaled
    to the size that the model was trained with.
    """
    model, spec = load_model(args.model)
    data = course_data(replace(run_level(), image_size=spec.image_size))
    if data.label_set is not spec.label_set:
        raise ValueError(
            f"{args.model} knows the classes of {spec.classes}, and these images "
            f"have those of {data.label_set.name}; set COURSE_DATA to other images"
        )
    batches = DataLoader(data.val, batch_size=args.batch_size)
    num_classes = data.label_set.num_classes
    counts = evaluate(model.to(best_device()), batches, num_classes).counts
    iou = iou_per_class(counts)
    print(f"{spec.name}, trained on {spec.data}, on {len(data.val)} val images")
    for name, value in zip(data.label_set.names, iou.tolist(), strict=True):
        print(f"  {name:14s} {f'{100 * value:5.1f} %' if value == value else '    -'}")
    counted = int((~iou.isnan()).sum())
    print(f"pixel accuracy {100 * pixel_accuracy(counts):5.1f} %")
    print(f"mean IoU       {100 * mean_iou(counts):5.1f} % over {counted} classes")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = add_command(commands, "evaluate", evaluate_model, example="fcn8s.pt")
    text = "a file that the command train wrote"
    command.add_argument("model", type=Path, metavar="FILE", help=text)
    text = "images at a time (default: 16)"
    command.add_argument("--batch-size", type=int, default=16, metavar="N", help=text)
