"""A trained model in a file, with what is needed to make it again."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from course_utils.arguments import (
    FLAG,
    NAME,
    NET,
    PATH,
    a,
    check_all,
    checked,
    whole,
)
from course_utils.labels import CAMVID, LABEL_SET, VOC, LabelSet
from course_utils.models.create import MODEL_NAMES, create_model
from course_utils.training.checkpoints import load_checkpoint, save_checkpoint
from course_utils.training.progress import History

_LABEL_SETS = {label_set.name: label_set for label_set in (VOC, CAMVID)}
"""Label sets that older files name and do not hold."""

_RULES = {
    "name": NAME,
    "label_set": LABEL_SET,
    "base_channels": whole(1),
    "batch_norm": FLAG,
    "image_size": whole(1),
    "data": NAME,
}


@dataclass(frozen=True)
class ModelSpec:
    """What a model is, so that it can be made again.

    Attributes:
        name: Name of the model, as ``create_model`` takes it.
        label_set: Classes it tells apart.
        base_channels: Width of the first stage.
        batch_norm: Whether it is normalized where the paper's is not.
        image_size: Longer side of the images it was trained on, pixels.
        data: Name of the data it was trained on.
    """

    name: str
    label_set: LabelSet
    base_channels: int
    batch_norm: bool
    image_size: int
    data: str

    def __post_init__(self) -> None:
        """Refuse what specifies no model."""
        check_all(_RULES, vars(self).items())

    def make(self, pretrained: str | Path | None = None) -> nn.Module:
        """Make the model, untrained or from trained weights of VGG16."""
        return create_model(
            self.name,
            self.label_set.num_classes,
            base_channels=self.base_channels,
            batch_norm=self.batch_norm,
            pretrained=pretrained,
        )


@checked(path=PATH, model=NET, spec=a("ModelSpec"), history=a("History"))
def save_model(path: Path, model: nn.Module, spec: ModelSpec, history: History) -> None:
    """Write a model, its spec and its training's history, whole or not at all."""
    save_checkpoint(path, model, spec=asdict(spec), history=asdict(history))


@checked(path=PATH)
def load_model(path: Path) -> tuple[nn.Module, ModelSpec]:
    """Make the model that a file holds; it is in eval mode, on the CPU.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file was not written by ``save_model``, or is damaged.
    """
    spec = _read_spec(path)
    model = spec.make()
    load_checkpoint(path, model)
    return model.eval(), spec


def _read_spec(path: Path) -> ModelSpec:
    """Read how the model in a file was made."""
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} must be a file that the command train wrote, but is not there"
        )
    try:
        saved: dict[str, Any] = torch.load(path, map_location="meta", weights_only=True)
        spec = _spec_of(**saved["spec"])
    except Exception as error:
        raise ValueError(
            f"{path} must be a file that the command train wrote, but says nothing "
            f"of its model that can be read ({type(error).__name__}); train anew"
        ) from error
    _require_known(path, spec)
    return spec


def _spec_of(
    *,
    label_set: dict[str, Any] | None = None,
    classes: str | None = None,
    **others: Any,
) -> ModelSpec:
    """Make a spec again of what ``save_model`` wrote."""
    if label_set is None:
        return ModelSpec(label_set=_LABEL_SETS[classes], **others)
    values = {k: v if k == "name" else _as_tuples(v) for k, v in label_set.items()}
    return ModelSpec(label_set=LabelSet(**values), **others)


def _as_tuples(values: Any) -> Any:
    return (
        tuple(map(_as_tuples, values)) if isinstance(values, list | tuple) else values
    )


def _require_known(path: Path, spec: ModelSpec) -> None:
    if spec.name not in MODEL_NAMES:
        raise ValueError(
            f"{path} must hold a model of this edition, got {spec.name!r}; train anew"
        )
