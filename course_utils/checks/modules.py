"""Look at a reader's module: what it is made of, what runs and what learns."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.wording import describe

LAYERS = (nn.Conv2d, nn.ConvTranspose2d, nn.BatchNorm2d)
"""The kinds that ``layers_that_run`` notes."""
LEARNS = "Each layer learns: no detach, no_grad or frozen layer, none unused."


def make_module(Module: type[nn.Module], *args: Any, hint: str) -> Reply:
    """Make a module of the reader's class; the reply's value is the module.

    Raises:
        AnswerError: the call raised, or what came back is no module.
    """
    made = ask(Module, *args, hint=hint)
    if not isinstance(made.value, nn.Module):
        made.refuse(f"should be a module, got {describe(made.value)}", hint)
    return made


@contextmanager
def layers_that_run(module: nn.Module) -> Iterator[list[nn.Module]]:
    """List the convolutions and normalizations of a module in the order they run."""
    ran: list[nn.Module] = []
    handles = [
        layer.register_forward_hook(lambda layer, *_: ran.append(layer))
        for layer in module.modules()
        if isinstance(layer, LAYERS)
    ]
    try:
        yield ran
    finally:
        for handle in handles:
            handle.remove()


def shape_should_be(reply: Reply, shape: tuple[int, ...], hint: str) -> None:
    """Refuse another shape or dtype than float32, whatever the values."""
    value = reply.value.to("meta") if isinstance(reply.value, Tensor) else reply.value
    replace(reply, value=value).should_be(torch.empty(shape, device="meta"), hint)


def parameters_should_learn(module: nn.Module, *args: Any) -> Iterator[None]:
    """Look for an input and for parameters that no loss can move."""
    x, *others = args
    reply = ask(module, x.requires_grad_(), *others, hint=LEARNS)
    reply.should_carry_gradient(LEARNS)
    reply = ask(module, x.detach(), *others, hint=LEARNS)
    learning = any(p.requires_grad for p in module.parameters())
    if not learning or not reply.value.requires_grad:
        reply.refuse("should have parameters that learn, got none", LEARNS)
    every_parameter_should_learn(reply, module)
    yield


def every_parameter_should_learn(reply: Reply, module: nn.Module) -> None:
    """Refuse an output whose gradient misses one of the module's parameters."""
    names = dict(module.named_parameters())
    learning = [p for p in names.values() if p.requires_grad]
    grads = torch.autograd.grad(reply.value.sum(), learning, allow_unused=True)
    moved = {id(p) for p, g in zip(learning, grads, strict=True) if g is not None}
    for name, parameter in names.items():
        if id(parameter) not in moved:
            reply.refuse(f"should carry a gradient to {name}, got none", LEARNS)
