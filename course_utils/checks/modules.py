"""Look at a reader's module: what it is made of, what runs and what learns."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.checks.answer import Reply, ask
from course_utils.checks.wording import describe

LAYERS = (nn.Conv2d, nn.ConvTranspose2d, nn.BatchNorm2d)
"""The kinds of layer that ``layers_that_run`` lists."""
LEARNS = "Each layer learns: no detach, no_grad or frozen layer, none unused."


def make_module(
    Module: type[nn.Module], *args: Any, hint: str, **options: Any
) -> Reply:
    """Make a module of the reader's class; the reply's value is the module.

    Raises:
        AnswerError: The call raised, or what came back is no module.
    """
    made = ask(Module, *args, hint=hint, **options)
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


def layers_should_be(
    made: Reply, ran: list[nn.Module], wanted: list[str], hint: str
) -> None:
    """Refuse other kinds of layers, or another order, than those that are named."""
    # A reader's class counts as the layer that it derives from
    kinds = [next(k.__name__ for k in LAYERS if isinstance(m, k)) for m in ran]
    if kinds != wanted:
        made.refuse(f"should go through {wanted}, got {kinds}", hint)


@contextmanager
def outputs_of(*modules: nn.Module) -> Iterator[list[Tensor]]:
    """List what modules return, in the order in which they are called."""
    outputs: list[Tensor] = []
    handles = [
        module.register_forward_hook(lambda *hooked: outputs.append(hooked[2]))
        for module in modules
    ]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


def shape_should_be(
    reply: Reply,
    shape: tuple[int, ...],
    hint: str,
    *,
    dtype: torch.dtype = torch.float32,
    mistakes: Mapping[str, Any] | None = None,
) -> None:
    """Refuse another shape or dtype, whatever the values."""
    value = reply.value.to("meta") if isinstance(reply.value, Tensor) else reply.value
    expected = torch.empty(shape, dtype=dtype, device="meta")
    replace(reply, value=value).should_be(expected, hint, mistakes=mistakes)


def parameters_should_learn(module: nn.Module, *args: Any) -> Iterator[None]:
    """Look for an input and for parameters that no loss can move."""
    x, *others = args
    reply = ask(module, x.requires_grad_(), *others, hint=LEARNS)
    reply.should_carry_gradient(LEARNS)
    reply = ask(module, x.detach(), *others, hint=LEARNS)
    learning = any(p.requires_grad for p in module.parameters())
    if not learning or not reply.value.requires_grad:
        reply.refuse("should have parameters that learn, got none", LEARNS)
    gradient_should_reach(reply, dict(module.named_parameters()))
    yield


def gradient_should_reach(
    reply: Reply, parameters: Mapping[str, Tensor], hint: str = LEARNS
) -> None:
    """Refuse an output whose gradient misses one of the parameters."""
    learning = [p for p in parameters.values() if p.requires_grad]
    grads = torch.autograd.grad(reply.value.sum(), learning, allow_unused=True)
    reached = {id(p) for p, g in zip(learning, grads, strict=True) if g is not None}
    for name, parameter in parameters.items():
        if id(parameter) not in reached:
            reply.refuse(f"should carry a gradient to {name}, got none", hint)


@torch.no_grad()
def draw_values(module: nn.Module) -> None:
    """Draw parameters and statistics from one seed; no two channels are alike."""
    generator = torch.Generator().manual_seed(0)
    for name, tensor in (*module.named_parameters(), *module.named_buffers()):
        if name.endswith("running_var") or (
            name.endswith("weight") and tensor.ndim == 1  # of a normalization
        ):
            tensor.uniform_(0.5, 1.5, generator=generator)
        elif tensor.is_floating_point():
            # Small biases, so that a ReLU meets both signs
            std = tensor[0].numel() ** -0.5 if tensor.ndim > 1 else 0.2
            tensor.normal_(0, std, generator=generator)
