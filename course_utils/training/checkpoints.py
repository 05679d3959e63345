"""Save a training so that it survives an interruption, and load it again."""

import os
import time
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


def save_checkpoint(path: Path, model: nn.Module, **progress: Any) -> None:
    """Write a model and the progress of its training, whole or not at all.

    Args:
        path: the file; its folder is made where it is missing. An older checkpoint is
            replaced only once the new one is on the disk.
        model: its state is saved under "model".
        progress: what else to save: tensors, numbers, texts, lists and dicts of them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as file:
            torch.save({"model": model.state_dict(), **progress}, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load_checkpoint(
    path: Path, model: nn.Module, *, settings: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Load a model's state from a checkpoint, in place; return the rest of the file.

    The file is read with ``weights_only=True``: it can't run code.

    Args:
        path: written by ``save_checkpoint``.
        model: of the same layers and sizes.
        settings: what the file's "settings" must be, where that matters.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is damaged, holds another model or other settings; the
            model is then left as it was.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} must be a checkpoint, and is not there")
    try:
        with zipfile.ZipFile(path) as file:  # torch.load compares no checksums
            if damaged := file.testzip():
                raise zipfile.BadZipFile(damaged)
        saved = torch.load(path, map_location="cpu", weights_only=True)
        state = saved.pop("model")
    except Exception as error:
        raise ValueError(
            f"{path} must be a checkpoint written by save_checkpoint, and can't be "
            f"read ({type(error).__name__}); delete it and train anew"
        ) from error
    _compare_shapes(path, state, model)
    for name, wanted in (settings or {}).items():
        found = saved.get("settings", {}).get(name)
        if found != wanted:
            raise ValueError(
                f"{path} must be of this training, but its {name} is {found}, not "
                f"{wanted}; delete the file to train anew, or name another one"
            )
    model.load_state_dict(state)
    return saved


def _compare_shapes(path: Path, state: dict[str, Tensor], model: nn.Module) -> None:
    found = {name: tuple(value.shape) for name, value in state.items()}
    wanted = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    names = sorted(found.keys() | wanted.keys())
    differ = [name for name in names if found.get(name) != wanted.get(name)]
    if differ:
        raise ValueError(
            f"{path} must hold a {type(model).__name__} of this size, but "
            f"{len(differ)} of its tensors differ: {differ[0]} is "
            f"{found.get(differ[0])} in the file and {wanted.get(differ[0])} in the "
            "model; choose another file name"
        )


class CheckpointKeeper:
    """Writes a checkpoint after an epoch, where one is wanted and due.

    Args:
        path: of the checkpoint; None writes none.
        seconds: the least time before and between two.
    """

    def __init__(self, path: Path | None, seconds: float) -> None:
        self.path, self.seconds = path, seconds
        self.saved_at = time.monotonic()

    def watch(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        settings: dict[str, Any],
        history: Any,
    ) -> None:
        """Say what goes into the file; ``history`` is a dataclass."""
        self.model, self.optimizer = model, optimizer
        self.settings, self.history = settings, history

    def after_epoch(self, *, is_last: bool) -> None:
        """Write the file, of the last epoch without the optimizer, if it is due."""
        if self.path is None:
            return
        is_due = time.monotonic() - self.saved_at >= self.seconds
        if not (is_due or (is_last and self.path.is_file())):
            return
        progress = {"settings": self.settings, "history": asdict(self.history)}
        if not is_last:
            progress["optimizer"] = self.optimizer.state_dict()
        save_checkpoint(self.path, self.model, **progress)
        self.saved_at = time.monotonic()
