"""How the wall trains a net: in one training, or DilatedNet in two.

DilatedNet's front-end is trained first, and its context module then on the front-end's
logits, as its authors do; both together take the steps of one training. Trained at once
from random weights, the ReLUs of the context module cut off the classes that are rare
at first, and no gradient brings them back.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_utils.evaluation import predict_logits
from course_utils.models.dilatednet import DilatedNet
from course_utils.progress import History
from course_utils.protocol import Protocol, Trained
from course_utils.wall.systems import systems_of

_FRONT_END = "front-end"


def train_net(protocol: Protocol, model: str, make: Callable[[], nn.Module]) -> Trained:
    """Train a net by the protocol, whatever number of trainings that is.

    Args:
        protocol: of the data and the seed.
        model: one of ``systems.MODELS``.
        make: makes the net.
    """
    names = trainings_of(model)
    if len(names) == 1:
        return protocol.train(names[0], make)
    return _train_dilatednet(protocol, make)


def trainings_of(model: str) -> tuple[str, ...]:
    """Name the trainings of a net, as the protocol names their checkpoints."""
    title = systems_of(model)[0].title
    return (_FRONT_END, title) if model == "dilatednet" else (title,)


def _train_dilatednet(protocol: Protocol, make: Callable[[], nn.Module]) -> Trained:
    """Train the front-end, and for the last quarter of the epochs what is on it."""
    num_batches = len(protocol.train_batches)
    epochs = protocol.run.epochs(num_batches)
    last = max(1, epochs // 4)
    front_end, title = trainings_of("dilatednet")

    def without_context() -> nn.Module:
        net = make()
        net.context = nn.Identity()
        return net

    part = _part(protocol, max(1, epochs - last) * num_batches)
    first = part.train(front_end, without_context)
    center_logits(first.model, protocol.data.train.tensors[0])
    part = _part(protocol, last * num_batches)
    second = part.train(title, lambda: OnFrozen(first.model, make().context))
    net = second.model.net.requires_grad_(True)
    return replace(second, model=net, history=_join(first.history, second.history))


def _part(protocol: Protocol, steps: int) -> Protocol:
    """Copy a protocol, for a training of fewer steps."""
    part = copy(protocol)
    part.run = replace(protocol.run, steps=steps)
    return part


@torch.no_grad()
def center_logits(net: DilatedNet, images: Tensor) -> None:
    """Add a constant to a front-end's logits that makes their mean 0 (notebook 06).

    The softmax does not see it, and the ReLUs of a context module cut off less.

    Args:
        net: its front-end is changed.
        images: uint8, (N, 3, H, W).
    """
    batches = predict_logits(net.front_end, images)
    means = [logits.float().mean() for logits in batches]
    net.front_end.score.bias -= torch.stack(means).mean()


class OnFrozen(nn.Module):
    """A DilatedNet of which only the context module learns.

    Shape: as ``DilatedNet``.

    Args:
        net: with a trained front-end; changed.
        context: its new context module.
    """

    def __init__(self, net: DilatedNet, context: nn.Module) -> None:
        super().__init__()
        self.net = net
        net.front_end.requires_grad_(False)
        net.context = context

    def train(self, mode: bool = True) -> "OnFrozen":
        """Set the mode of the context module; the front-end stays in eval mode."""
        super().train(mode)
        self.net.front_end.eval()  # no dropout, and no new statistics
        return self

    def forward(self, images: Tensor) -> Tensor:
        """Compute the logits of a batch of images."""
        return self.net(images)


def _join(first: History, second: History) -> History:
    """Put one training after the other."""
    return History(
        first.train_loss + second.train_loss,
        first.mean_iou + second.mean_iou,
        first.images_per_second + second.images_per_second,
        max(first.peak_memory, second.peak_memory),
    )
