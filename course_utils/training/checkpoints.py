"""Save a training so that it survives an interruption, and load it again."""

import time
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from course_utils.files import is_read_error, require_checksums, write_whole
from course_utils.training.progress import History


def save_checkpoint(path: Path, model: nn.Module, **progress: Any) -> None:
    """Write a model and the progress of its training, whole or not at all.

    Args:
        path: File to write; its folder is made where it is missing. An older checkpoint
            is replaced only once the new one is on the disk.
        model: Net whose state is saved under "model".
        progress: What else to save: tensors, numbers, texts, lists and dicts.
    """
    with write_whole(path) as file:
        torch.save({"model": model.state_dict(), **progress}, file)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a file of ``save_checkpoint``, and compare the checksums of all its parts.

    The file is read with ``weights_only=True``: it can't run code.

    Returns:
        What was saved; "model" is the state of a net.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, for a reason that says nothing of its content.
        ValueError: The content is damaged, or is something else.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} must be a checkpoint, but is not there")
    try:
        if not require_checksums(path):  # torch.load compares none
            raise zipfile.BadZipFile("it has no checksums")
        saved = torch.load(path, map_location="cpu", weights_only=True)
        if not all(isinstance(value, Tensor) for value in saved["model"].values()):
            raise TypeError("a state holds tensors")
    except Exception as error:
        if is_read_error(error):
            raise
        raise ValueError(
            f"{path} must be a checkpoint written by save_checkpoint, but can't be "
            f"read ({type(error).__name__}): its content is damaged, or is something "
            "else; name another file, or delete it and train anew"
        ) from error
    return saved


def load_checkpoint(
    path: Path, model: nn.Module, *, settings: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Load a model's state from a checkpoint, in place; return the rest of the file.

    Args:
        path: File written by ``save_checkpoint``.
        model: Net of the same layers and sizes.
        settings: What the file's "settings" must be, where that matters.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, for a reason that says nothing of its content.
        ValueError: The file is damaged, holds another model, other settings, or numbers
            that are not finite; the model is then left as it was.
    """
    saved = read_checkpoint(path)
    state = saved.pop("model")
    require_state(path, state, model)
    for name, expected in (settings or {}).items():
        found = saved.get("settings", {}).get(name)
        if found != expected:
            raise ValueError(
                f"{path} must be of this training, but its {name} is {found}, not "
                f"{expected}; delete the file to train anew, or name another one"
            )
    model.load_state_dict(state)
    return saved


def require_state(path: Path, state: dict[str, Tensor], model: nn.Module) -> None:
    """Require a file's tensors to be those of a model, and their values finite.

    Raises:
        ValueError: A tensor is missing or has another shape or type, or holds nan.
    """
    found = {name: _describe(value) for name, value in state.items()}
    expected = {name: _describe(value) for name, value in model.state_dict().items()}
    names = sorted(found.keys() | expected.keys())
    differ = [name for name in names if found.get(name) != expected.get(name)]
    if differ:
        raise ValueError(
            f"{path} must hold a {type(model).__name__} of this size, but "
            f"{len(differ)} of its tensors differ: {differ[0]} is "
            f"{found.get(differ[0])} in the file and {expected.get(differ[0])} in the "
            "model; choose another file name"
        )
    if spoiled := spoiled_tensors(state):
        raise ValueError(
            f"{path} must hold finite weights, but {len(spoiled)} of its {len(state)} "
            f"tensors hold nan or infinity, {spoiled[0]} among them: that training "
            "failed; train anew, with a smaller learning rate"
        )


def spoiled_tensors(state: dict[str, Tensor]) -> list[str]:
    """Name the tensors of a state that hold nan or infinity."""
    # Lowest and highest value, which are nan if one value is; no copy of large tensors
    return [
        name
        for name, value in state.items()
        if value.numel() and not all(bound.isfinite() for bound in value.aminmax())
    ]


def _describe(value: Tensor) -> str:
    """Write a tensor's shape, and its type where that is no float of any precision."""
    kind = "" if value.is_floating_point() else f" {value.dtype}"
    return f"{tuple(value.shape)}{kind}"


class TrainingState:
    """What a training goes on from: model, optimizer, schedule, scale and settings.

    Args:
        model: Net in training, on its device.
        optimizer: Optimizer of its parameters.
        scheduler: Schedule of the optimizer's learning rate.
        scaler: Accelerate's scaler of float16 gradients, where there is one.
        settings: What a checkpoint must agree with; those of the optimizer and the
            schedule are added.
        path: Checkpoint to go on from and to write; None writes none.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        scheduler: LRScheduler,
        scaler: Any,
        settings: dict[str, Any],
        path: Path | None,
    ) -> None:
        self.model, self.optimizer, self.scheduler = model, optimizer, scheduler
        self.scaler, self.path, self.saved_at = scaler, path, time.monotonic()
        self.settings = {**settings, **_hyperparameters(optimizer)}
        self.settings |= {"schedule": type(scheduler).__name__, **_constants(scheduler)}

    def resume(self, epochs: int) -> History:
        """Load the checkpoint where there is one, say so, and return its history.

        Raises:
            ValueError: The checkpoint belongs to another model or another training.
        """
        if self.path is None or not self.path.is_file():
            return History()
        saved = load_checkpoint(self.path, self.model, settings=self.settings)
        history = History(**saved["history"])
        done = len(history.train_loss)
        if done >= epochs:
            print(f"trained before: loaded {self.path.name}; delete it to train anew")
            return history
        if "optimizer" not in saved:
            raise ValueError(
                f"{self.path} must not be finished for the training to go on, and is, "
                f"after {done} epochs; name another file to train for {epochs}"
            )
        self.optimizer.load_state_dict(saved["optimizer"])
        self.scheduler.load_state_dict(saved["scheduler"])
        if self.scaler is not None and saved.get("scaler"):
            self.scaler.load_state_dict(saved["scaler"])
        print(f"going on after epoch {done}, from {self.path.name}")
        return history

    def save(
        self, history: History, *, wait: float = 0.0, is_finished: bool = False
    ) -> None:
        """Write the checkpoint, where there is a path for it.

        Args:
            history: What the training did so far.
            wait: Least time since the last checkpoint, or since the start, seconds.
            is_finished: Whether the training is over. A file that is there is then
                written anew whatever the time, without the optimizer.
        """
        is_due = time.monotonic() - self.saved_at >= wait
        if self.path is None or not (is_due or (is_finished and self.path.is_file())):
            return
        progress: dict[str, Any] = {"settings": self.settings}
        progress["history"] = asdict(history)
        if not is_finished:
            progress["optimizer"] = self.optimizer.state_dict()
            progress["scheduler"] = self.scheduler.state_dict()
            if self.scaler is not None:
                progress["scaler"] = self.scaler.state_dict()
        save_checkpoint(self.path, self.model, **progress)
        self.saved_at = time.monotonic()


def _hyperparameters(optimizer: Optimizer) -> dict[str, Any]:
    """Name an optimizer and its rates: one number, or one for each parameter group."""
    found: dict[str, Any] = {"optimizer": type(optimizer).__name__}
    for name, key in (("lr", "initial_lr"), ("weight_decay", "weight_decay")):
        values = [group.get(key, 0.0) for group in optimizer.param_groups]
        found[name] = values[0] if len(set(values)) == 1 else values
    return found


def _constants(scheduler: LRScheduler, prefix: str = "") -> dict[str, Any]:
    """List what does not change in a schedule, such as its number of steps."""
    found: dict[str, Any] = {}
    for key, value in vars(scheduler).items():
        if key in ("last_epoch", "verbose"):  # the latter of older torch
            continue
        if key == "_schedulers":
            for number, part in enumerate(value):
                found |= _constants(part, f"{prefix}schedule {number} ")
        elif key == "_milestones" or (
            not key.startswith("_") and isinstance(value, (int, float, str))
        ):
            found[prefix + key] = value
    return found
