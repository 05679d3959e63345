"""A trained model in a file, with what is needed to make it again."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from course_utils.labels import CAMVID, VOC, LabelSet
from course_utils.models.create import MODEL_NAMES, create_model
from course_utils.training.checkpoints import load_checkpoint, save_checkpoint
from course_utils.training.progress import History

LABEL_SETS = {label_set.name: label_set for label_set in (VOC, CAMVID)}


@dataclass(frozen=True)
class Recipe:
    """How a model was made and trained.

    Attributes:
        name: as ``create_model`` knows it.
        classes: name of the label set.
        base_channels: width of the first stage.
        batch_norm: whether it is normalized where the paper's is not.
        image_size: longer side of the images it was trained on, pixels.
        data: name of the data it was trained on.
    """

    name: str
    classes: str
    base_channels: int
    batch_norm: bool
    image_size: int
    data: str

    @property
    def label_set(self) -> LabelSet:
        """The classes."""
        return LABEL_SETS[self.classes]

    def make(self, pretrained: str | Path | None = None) -> nn.Module:
        """Make the model, untrained or from trained weights of VGG16."""
        return create_model(
            self.name,
            self.label_set.num_classes,
            base_channels=self.base_channels,
            batch_norm=self.batch_norm,
            pretrained=pretrained,
        )


def save_model(
    path: Path, model: nn.Module, recipe: Recipe, history: History | None = None
) -> None:
    """Write a model, its recipe and its training's history, whole or not at all."""
    progress = {} if history is None else {"history": asdict(history)}
    save_checkpoint(path, model, recipe=asdict(recipe), **progress)


def load_model(path: Path) -> tuple[nn.Module, Recipe]:
    """Make the model that a file holds; it is in eval mode, on the CPU.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is none that ``save_model`` wrote, or it is damaged.
    """
    recipe = read_recipe(path)
    model = recipe.make()
    load_checkpoint(path, model)
    return model.eval(), recipe


def read_recipe(path: Path) -> Recipe:
    """Read how the model in a file was made.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is none that ``save_model`` wrote.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} must be a file that the command train wrote, and is not there"
        )
    try:
        saved: dict[str, Any] = torch.load(path, map_location="meta", weights_only=True)
        recipe = Recipe(**saved["recipe"])
        is_known = recipe.classes in LABEL_SETS and recipe.name in MODEL_NAMES
    except Exception as error:
        raise ValueError(
            f"{path} must be a file that the command train wrote, and has no recipe "
            f"that can be read ({type(error).__name__}); train anew"
        ) from error
    if not is_known:
        raise ValueError(
            f"{path} must hold a model of this edition, got {recipe.name} with the "
            f"classes of {recipe.classes}; train anew"
        )
    return recipe
