"""What a forward pass costs: measured seconds, and bytes from the shapes."""

import statistics
import time
import weakref
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from course_utils.analysis.eval_mode import eval_mode
from course_utils.analysis.trace import forward_on_meta
from course_utils.arguments import MODULE, NET, checked, size, whole


@checked(
    model=NET,
    size=size(),
    batch_size=whole(1),
    repeats=whole(1),
    in_channels=whole(1),
)
@torch.no_grad()
def measure_latency(
    model: nn.Module,
    size: tuple[int, int],
    *,
    batch_size: int = 1,
    repeats: int = 5,
    in_channels: int = 3,
) -> float:
    """Time forward passes on noise, on the model's device.

    Compare only figures from one run on one machine, and only as ratios. The model runs
    in eval mode and float32, and its modes are left as they were.

    Args:
        model: Model that takes (N, in_channels, H, W).
        size: H and W of the images, pixels.
        batch_size: Images at a time.
        repeats: Number of timed passes, after one that is not timed.
        in_channels: Channels of an image.

    Returns:
        The median, seconds.
    """
    device = next(model.parameters()).device
    images = torch.randn(batch_size, in_channels, *size, device=device)
    seconds = []
    with eval_mode(model):
        for _ in range(1 + repeats):
            _wait_for(device)
            started = time.perf_counter()
            model(images)
            _wait_for(device)
            seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


def _wait_for(device: torch.device) -> None:
    """Wait until the device has finished its work; a CPU always has."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


@checked(model=MODULE, size=size(), in_channels=whole(1))
def inference_memory(
    model: nn.Module, size: tuple[int, int], *, in_channels: int = 3
) -> int:
    """Find the peak memory of predicting one image.

    Only shapes are computed, on the device "meta", so that the figure is the same on
    every machine. Weights, the image itself and what a library needs inside an
    operation are not counted; pooling indices (int64) are.

    Args:
        model: Model on any device, in any mode; it is not changed.
        size: H and W of the image, pixels.
        in_channels: Channels of the image.

    Returns:
        The most bytes that are in use at once.
    """
    image = torch.empty(1, in_channels, *size, device="meta")
    live = _LiveBytes()
    forward_on_meta(model, image, live)
    return live.most


class _LiveBytes(TorchDispatchMode):
    """Adds up the memory that operations allocate, until nothing refers to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self._known: set[int] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run an operation and count what it allocated."""
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
    """Identify the memory of a tensor, which its views share."""
    return tensor.untyped_storage()._cdata
