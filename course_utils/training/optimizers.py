"""Optimizers and schedules by name: Muon, AdamW and SGD.

Source: Jordan et al., 2024, "Muon: An optimizer for hidden layers in neural networks";
Loshchilov and Hutter, 2019, arXiv:1711.05101. Unlike in the former, convolutions are
flattened to matrices, and the matrices of one shape are orthogonalized together.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import (
    LinearLR,
    LRScheduler,
    PolynomialLR,
    SequentialLR,
)

from course_utils.arguments import NET, TEXT, checked, number, optional, whole
from course_utils.training.precision import mixed_precision

_POLY_POWER = 0.9
"""Power of the polynomial decay: Chen et al., 2016, arXiv:1606.00915, section 4.1."""
LEARNING_RATES = {"muon": 0.05, "adamw": 1e-3, "sgd": 0.1}
"""Optimizers by name, with the learning rate that each takes by default."""
_MUON_TO_ADAMW = 1 / 20
"""Learning rate of AdamW inside Muon, as a part of the matrices'."""
_WIDEST_MATRIX, _ROWS = 16, 4
"""Shorter side up to which a matrix is orthogonalized whole, and rows of the parts into
which a wider one is cut, in channels of the first layer: at full width 1024 and 256.
VGG16's fc6 and fc7, 4096 wide, would take several times as long as the whole training
step, in parts they take a fraction of it."""
_ON_SCORES = ("score", "upsampling", "context")
"""Parts of the names of layers that make scores, enlarge them or refine them. The last
two begin as an interpolation or as the identity, which Muon's steps of equal size in
all directions would soon undo."""
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of the quintic polynomial that Muon's authors chose."""


@checked(
    model=NET, name=TEXT, lr=optional(number(finite=False)), weight_decay=number(0)
)
def make_optimizer(
    model: nn.Module,
    name: str = "adamw",
    *,
    lr: float | None = None,
    weight_decay: float = 1e-4,
) -> Optimizer:
    """Make an optimizer for the parameters of a model.

    Args:
        model: Net on the device it will be trained on.
        name: "muon", "adamw" or "sgd" (with a momentum of 0.9).
        lr: Largest learning rate; the one in ``LEARNING_RATES`` by default. Of Muon, it
            is the matrices'; AdamW's, for the rest, is a twentieth.
        weight_decay: Weight decay, decoupled from the gradient but for SGD.

    Raises:
        ValueError: There is no such optimizer, or the learning rate is not a positive
            number.
    """
    if name not in LEARNING_RATES:
        raise ValueError(
            f"the optimizer must be one of {', '.join(LEARNING_RATES)}, got {name!r}"
        )
    lr = LEARNING_RATES[name] if lr is None else lr
    if not 0 < lr < float("inf"):
        raise ValueError(f"lr must be a positive number, got {lr}")
    if name == "sgd":
        parameters = model.parameters()
        return torch.optim.SGD(parameters, lr, momentum=0.9, weight_decay=weight_decay)
    # Fused kernels take the scale of float16's gradients out themselves, Muon can't
    on_gpu = next(model.parameters()).device.type == "cuda"
    fused = on_gpu and mixed_precision() == "bf16"
    options: dict[str, Any] = {"weight_decay": weight_decay, "fused": fused}
    if name == "adamw":
        return torch.optim.AdamW(model.parameters(), lr, **options)
    matrices = _matrices_of(model)
    chosen = {id(matrix) for matrix in matrices}
    others = [p for p in model.parameters() if id(p) not in chosen]
    first = next((m for m in model.modules() if isinstance(m, nn.Conv2d)), None)
    width = first.out_channels if first is not None else 64
    return Muon(matrices, others, lr=lr, width=width, **options)


@checked(steps=whole(0), warmup=whole(0))
def make_schedule(optimizer: Optimizer, steps: int, *, warmup: int = 0) -> LRScheduler:
    """Raise the learning rate linearly, then let it fall to 0 as a power of 0.9.

    Args:
        optimizer: Optimizer whose learning rates are changed.
        steps: Steps of the whole training.
        warmup: Steps until the largest learning rate is reached.
    """
    decay = PolynomialLR(optimizer, max(1, steps - warmup), power=_POLY_POWER)
    if warmup < 1:
        return decay
    rise = LinearLR(optimizer, 1 / (warmup + 1), total_iters=warmup)
    return SequentialLR(optimizer, [rise, decay], milestones=[warmup])


def _matrices_of(model: nn.Module) -> list[nn.Parameter]:
    """List the weights that Muon orthogonalizes: from feature maps to feature maps.

    These are all convolutions but the first, which reads the image, the ones that make
    scores or work on them (by their names).
    """
    convolutions = [
        (name, module.weight)
        for name, module in model.named_modules()
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d))
    ]
    return [
        weight
        for name, weight in convolutions[1:]
        if not any(part in name for part in _ON_SCORES) and weight.requires_grad
    ]


class Muon(torch.optim.AdamW):
    """Orthogonalized momentum for matrices, AdamW for all other parameters.

    Args:
        matrices: Weights of convolutions, (out, in, k, k), or matrices (out, in).
        others: All other parameters.
        lr: Learning rate of the matrices.
        width: Channels of the first layer, by which it is judged whether a matrix is
            too wide to be orthogonalized whole.
        momentum: Part of the momentum that stays at each step.
        options: Options of AdamW; ``weight_decay`` is that of the matrices too.
    """

    def __init__(
        self,
        matrices: list[nn.Parameter],
        others: list[nn.Parameter],
        *,
        lr: float,
        width: int = 64,
        momentum: float = 0.95,
        **options: Any,
    ) -> None:
        groups = [
            {"params": matrices, "lr": lr, "momentum": momentum},
            {"params": others, "lr": lr * _MUON_TO_ADAMW, "momentum": None},
        ]
        super().__init__([group for group in groups if group["params"]], **options)
        self.width = width

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Move every parameter that has a gradient.

        Args:
            closure: Function that computes the gradients anew and returns the loss.
        """
        with torch.enable_grad():
            loss = None if closure is None else closure()
        groups = self.param_groups
        for group in groups:
            if group["momentum"] is not None:
                self._move_matrices(group)
        self.param_groups = [group for group in groups if group["momentum"] is None]
        try:
            super().step()
        finally:
            self.param_groups = groups
        return loss

    def _move_matrices(self, group: dict[str, Any]) -> None:
        moved = [p for p in group["params"] if p.grad is not None]
        if not moved:
            return
        momentum, lr = group["momentum"], group["lr"]
        gradients = [p.grad for p in moved]
        for p in moved:
            if not self.state[p]:
                # AdamW looks for a step in every state that is loaded
                self.state[p]["step"] = torch.tensor(0.0)
                self.state[p]["momentum"] = torch.zeros_like(p)
        averages = [self.state[p]["momentum"] for p in moved]
        torch._foreach_lerp_(averages, gradients, 1 - momentum)
        updates = torch._foreach_lerp(gradients, averages, momentum)  # Nesterov's
        torch._foreach_mul_(moved, 1 - lr * group["weight_decay"])
        of_shape = defaultdict(list)
        for p, update in zip(moved, updates, strict=True):
            is_wide = min(p.flatten(1).shape) > _WIDEST_MATRIX * self.width
            rows = _ROWS * self.width if is_wide else len(p)
            for part, of_part in zip(p.split(rows), update.split(rows), strict=True):
                # (out, in, k, k) as (out, k·k·in), the order of channels-last memory
                matrix = of_part.movedim(1, -1).flatten(1)
                of_shape[part.shape].append((part, matrix))
        for members in of_shape.values():
            stack = torch.stack([matrix for _, matrix in members])
            scale = max(1, stack.shape[1] / stack.shape[2]) ** 0.5
            matrices = _orthogonalize(stack, dtype=_fastest_dtype(stack.device))
            for (p, _), matrix in zip(members, matrices, strict=True):
                direction = matrix.view(p.movedim(1, -1).shape).movedim(-1, 1)
                p.add_(direction, alpha=-lr * scale)


def orthogonalize(gradient: Tensor, steps: int = 5) -> Tensor:
    """Bring the singular values of a weight's gradient near 1.

    Built in notebook 03 (exercise 3.5).

    Args:
        gradient: Gradient of a matrix (out, in) or of a convolution (out, in, k, k),
            whose last axes are flattened.
        steps: Steps of the Newton-Schulz iteration.

    Returns:
        Tensor of the same shape and dtype; zeros for a gradient of zeros.
    """
    stack = gradient.flatten(1)[None]
    return _orthogonalize(stack, steps=steps, dtype=gradient.dtype).view_as(gradient)


def _orthogonalize(stack: Tensor, *, dtype: torch.dtype, steps: int = 5) -> Tensor:
    """Bring the singular values of matrices (N, rows, columns) near 1."""
    from timm.optim.muon import zeropower_via_newtonschulz  # takes seconds to import

    # In float32, since small gradients are 0 in float16
    norms = torch.linalg.matrix_norm(stack, keepdim=True)
    stack = stack / norms.clamp(min=torch.finfo(stack.dtype).tiny)
    return zeropower_via_newtonschulz(stack, steps, [_NEWTON_SCHULZ], dtype=dtype)


def _fastest_dtype(device: torch.device) -> torch.dtype:
    """Name the precision in which a device multiplies matrices fastest."""
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if mixed_precision() == "bf16" else torch.float16
