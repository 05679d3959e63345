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
from course_utils.training.checkpoints import (
    read_checkpoint,
    require_state,
    save_checkpoint,
)
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
    """Write a model, its spec and its training's history, whole or not at all.

    Raises:
        ValueError: ``load_model`` would refuse the file; nothing is written.
    """
    _require_known(path, spec)
    require_state(path, model.state_dict(), _make_without_values(spec))
    save_checkpoint(path, model, spec=asdict(spec), history=asdict(history))


@checked(path=PATH)
def load_model(path: Path) -> tuple[nn.Module, ModelSpec]:
    """Make the model that a file holds; it is in eval mode, on the CPU.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, for a reason that says nothing of its content.
        ValueError: The file was not written by ``save_model``, or is damaged.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} must be a file that the command train wrote, but is not there"
        )
    saved, spec = _read_file(path)
    model = _make_without_values(spec)
    state, kinds = saved["model"], model.state_dict()
    require_state(path, state, model)
    state = {name: value.to(kinds[name].dtype) for name, value in state.items()}
    model.load_state_dict(state, assign=True)
    return model.eval(), spec


def _make_without_values(spec: ModelSpec) -> nn.Module:
    """Make a model whose tensors have shapes and take no memory."""
    with torch.device("meta"):
        return spec.make()


def _read_file(path: Path) -> tuple[dict[str, Any], ModelSpec]:
    """Read what a file holds, and how its model was made."""
    try:
        saved = read_checkpoint(path)
        spec = _spec_of(**saved["spec"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} must be a file that the command train wrote, but can't be read "
            f"({type(error.__cause__ or error).__name__}) and says nothing of its "
            "model; name another file, or train anew"
        ) from error
    _require_known(path, spec)
    return saved, spec


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
