"""How the benchmark trains a net: in one training, or DilatedNet in two.

DilatedNet's front-end is trained first, then its context module on the logits of the
frozen front-end. Together they take the epochs of one training, but at least two.
Trained at once from random weights, it never predicted 11 of 21 classes (notebook 07).

Source: Yu and Koltun, 2016, arXiv:1511.07122.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_utils.experiments.benchmark.systems import systems_of
from course_utils.experiments.protocol import Trained, TrainingProtocol
from course_utils.models.dilatednet import ContextModule, DilatedNet
from course_utils.training.evaluation import predict_logits
from course_utils.training.progress import History


def train_net(
    protocol: TrainingProtocol, model: str, make: Callable[[], nn.Module]
) -> Trained:
    """Train a net by the protocol, in as many trainings as it takes.

    DilatedNet's context module gets the last quarter of the epochs, rounded down, and
    either part at least one epoch. The learning rate falls to 0 in each.

    Args:
        protocol: Protocol with the data and the seed.
        model: One of ``MODELS``.
        make: Function that makes the net, after the run's seed is set.

    Returns:
        The net, nothing frozen, and one history of all trainings.
    """
    *front_end, last = trainings_of(model)
    if not front_end:
        return protocol.train(last, make)
    epochs = protocol.run.epochs(len(protocol.train_batches))
    context_epochs = max(1, epochs // 4)

    def without_context() -> nn.Module:
        net = make()
        net.context = nn.Identity()
        return net

    part = _shorter(protocol, max(1, epochs - context_epochs))
    first = part.train(front_end[0], without_context)
    _center_logits(first.model, protocol.data.train.tensors[0])
    num_classes = protocol.data.label_set.num_classes
    # The checkpoint holds a front-end, too, which replaces the one trained above
    second = _shorter(protocol, context_epochs).train(
        last, lambda: _OnFrozen(first.model, ContextModule(num_classes))
    )
    net = second.model.net.requires_grad_(True)
    return replace(second, model=net, history=_join(first.history, second.history))


def trainings_of(model: str) -> tuple[str, ...]:
    """Name the trainings of a net, as the protocol names their checkpoints."""
    title = systems_of(model)[0].title
    return ("front-end", title) if model == "dilatednet" else (title,)


def _shorter(protocol: TrainingProtocol, epochs: int) -> TrainingProtocol:
    """Copy a protocol, for a training of fewer epochs."""
    part = copy(protocol)
    part.run = replace(protocol.run, steps=epochs * len(protocol.train_batches))
    return part


@torch.no_grad()
def _center_logits(net: DilatedNet, images: Tensor) -> None:
    """Shift a front-end's logits by a constant, so that their mean is 0.

    The softmax does not change, and the ReLUs of a context module cut off less. Built
    in notebook 06.
    """
    logits = torch.cat(list(predict_logits(net.front_end, images)))
    net.front_end.score.bias -= logits.float().mean()


class _OnFrozen(nn.Module):
    """A DilatedNet with a new context module that learns alone; the rest is frozen."""

    def __init__(self, net: DilatedNet, context: nn.Module) -> None:
        super().__init__()
        self.net = net
        net.front_end.requires_grad_(False)
        net.context = context

    def train(self, mode: bool = True) -> "_OnFrozen":
        super().train(mode)
        self.net.front_end.eval()  # no dropout, and no new statistics
        return self

    def forward(self, images: Tensor) -> Tensor:
        return self.net(images)


def _join(first: History, second: History) -> History:
    """Append the history of the second training to that of the first."""
    return History(
        first.train_loss + second.train_loss,
        first.mean_iou + second.mean_iou,
        first.images_per_second + second.images_per_second,
        max(first.peak_memory, second.peak_memory),
        first.runs + second.runs,
    )
