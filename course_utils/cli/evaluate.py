"""The command evaluate."""

import argparse
from dataclasses import replace

from course_utils.cli.parser import Commands, add_command, add_trained_model
from course_utils.settings import run_level


def evaluate_model(args: argparse.Namespace) -> None:
    """Score a trained model on the validation images.

    COURSE_RUN and COURSE_DATA choose the images, as in the notebooks; they are scaled
    to the size that the model was trained with.
    """
    import torch
    from torch.utils.data import DataLoader

    from course_utils.datasets import course_data
    from course_utils.metrics import iou_per_class, mean_iou, pixel_accuracy
    from course_utils.training import evaluate, load_model

    model, recipe = load_model(args.model)
    data = course_data(replace(run_level(), image_size=recipe.image_size))
    if data.label_set is not recipe.label_set:
        raise ValueError(
            f"the images must have the classes of {recipe.classes}, which {args.model} "
            f"was trained with, got those of {data.label_set.name}; set COURSE_DATA to "
            "other images"
        )
    device = "cuda" if torch.cuda.is_available() else "cpu"
    batches = DataLoader(data.val, batch_size=args.batch_size)
    num_classes = data.label_set.num_classes
    counts = evaluate(model.to(device), batches, num_classes).counts
    iou = iou_per_class(counts)
    print(f"{recipe.name}, trained on {recipe.data}, on {len(data.val)} val images")
    for name, value in zip(data.label_set.names, iou.tolist(), strict=True):
        print(f"  {name:14s} {f'{100 * value:5.1f} %' if value == value else '    -'}")
    counted = int((~iou.isnan()).sum())
    print(f"pixel accuracy {100 * pixel_accuracy(counts):5.1f} %")
    print(f"mean IoU       {100 * mean_iou(counts):5.1f} % over {counted} classes")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = add_command(commands, "evaluate", evaluate_model, example="fcn8s.pt")
    add_trained_model(command)
    text = "images in a forward pass (default: 16)"
    command.add_argument("--batch-size", type=int, default=16, metavar="N", help=text)
