"""What a forward pass costs: seconds on this machine, and bytes by arithmetic."""

import statistics
import time
import weakref
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from course_utils.analysis.trace import forward_on_meta


@torch.no_grad()
def measure_latency(
    model: nn.Module,
    size: tuple[int, int],
    *,
    batch_size: int = 1,
    repeats: int = 5,
    in_channels: int = 3,
) -> float:
    """Time forward passes on noise, on the model's device; return the median, seconds.

    Compare figures of one run on one machine only, and as ratios. The model runs in
    eval mode and float32, and its modes are left as they were.

    Args:
        model: maps (N, in_channels, H, W) to anything.
        size: H and W of the images, pixels.
        batch_size: images at a time.
        repeats: timed passes, after one that is not.
        in_channels: channels of an image.
    """
    device = next(model.parameters()).device
    images = torch.randn(batch_size, in_channels, *size, device=device)
    modes = {module: module.training for module in model.modules()}
    model.eval()
    seconds = []
    try:
        for _ in range(1 + repeats):
            _wait_for(device)
            started = time.perf_counter()
            model(images)
            _wait_for(device)
            seconds.append(time.perf_counter() - started)
    finally:
        for module, mode in modes.items():
            module.training = mode
    return statistics.median(seconds[1:])


def _wait_for(device: torch.device) -> None:
    """Let the device finish what it was given; the CPU has."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def inference_memory(
    model: nn.Module, size: tuple[int, int], *, in_channels: int = 3
) -> int:
    """Count the most bytes that are alive at once while one image is predicted.

    Shapes are computed and no values, on the device "meta", so that the figure is the
    same on every machine. Weights, the image itself and what a library needs inside an
    operation are not counted; indices of pooling (int64) are.

    Args:
        model: on any device, in any mode; it is not changed.
        size: H and W of the image, pixels.
        in_channels: channels of the image.
    """
    image = torch.empty(1, in_channels, *size, device="meta")
    live = _LiveBytes()
    forward_on_meta(model, image, live)
    return live.most


class _LiveBytes(TorchDispatchMode):
    """Adds up the storages that operations make, until nobody holds them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self._known: set[int] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run an operation and look at what it made."""
        given = {
            _id_of(t) for t in tree_leaves((args, kwargs)) if isinstance(t, Tensor)
        }
        output = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(output):
            if isinstance(tensor, Tensor) and _id_of(tensor) not in given | self._known:
                self._watch(tensor)
        return output

    def _watch(self, tensor: Tensor) -> None:
        storage, number = tensor.untyped_storage(), _id_of(tensor)
        self._known.add(number)
        self.now += storage.nbytes()
        self.most = max(self.most, self.now)
        weakref.finalize(storage, self._release, number, storage.nbytes())

    def _release(self, number: int, nbytes: int) -> None:
        self._known.discard(number)
        self.now -= nbytes


def _id_of(tensor: Tensor) -> int:
    """Name the memory that a tensor looks at; views share it."""
    return tensor.untyped_storage()._cdata
