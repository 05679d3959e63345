"""The command evaluate."""

import argparse
from dataclasses import replace

from course_utils.cli.parser import (
    COUNT,
    Commands,
    add_command,
    add_trained_model,
    following,
    require_file,
)
from course_utils.settings import run_level


def _evaluate_model(args: argparse.Namespace) -> None:
    """Score a trained model on the validation images.

    COURSE_RUN and COURSE_DATA choose the images, as in the notebooks; they are scaled
    to the size that the model was trained with.
    """
    require_file(args.model)
    from torch.utils.data import DataLoader

    from course_utils.datasets import course_data
    from course_utils.training import best_device, load_model
    from course_utils.training.evaluation import scores

    model, spec = load_model(args.model)
    data = course_data(replace(run_level(), image_size=spec.image_size))
    if data.label_set.names != spec.label_set.names:
        raise ValueError(
            f"the images must have the classes of {spec.label_set.name}, which "
            f"{args.model} was trained with ({', '.join(spec.label_set.names)}), got "
            f"those of {data.label_set.name} ({', '.join(data.label_set.names)}); set "
            "COURSE_DATA to other images"
        )
    batches = DataLoader(data.val, batch_size=args.batch_size)
    found = scores(model.to(best_device()), batches, data.label_set)
    print(f"{spec.name}, trained on {spec.data}, on {len(data.val)} val images")
    for name, iou in found["iou_per_class"].items():
        print(f"  {name:14s} {'    -' if iou is None else f'{100 * iou:5.1f} %'}")
    counted = sum(iou is not None for iou in found["iou_per_class"].values())
    print(f"pixel accuracy {100 * found['pixel_accuracy']:5.1f} %")
    print(f"mean IoU       {100 * found['mean_iou']:5.1f} % over {counted} classes")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = add_command(commands, "evaluate", _evaluate_model, example="fcn8s.pt")
    add_trained_model(command)
    text = "images in a forward pass (default: 16)"
    command.add_argument(
        "--batch-size", type=following(COUNT), default=16, metavar="N", help=text
    )
