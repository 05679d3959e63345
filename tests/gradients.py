"""Whether a network can learn: read off gradients, not off what a training reaches."""

import torch
from torch import nn

from course_utils.training.losses import cross_entropy

FALL = 1e-9
"""Proportion of the loss that a step should take away.

Along the negative gradient g, a step of t lowers the loss by t·|g|², up to a remainder
that shrinks with t². A fall of 1e-9 is far above the rounding errors of float64, about
1e-16, and the step so short that it hardly ever meets the kink of a ReLU or a pool.
"""


def assert_every_parameter_learns(model, *, num_images=2, size=(32, 32)):
    """Check the gradients of a model, which ends up in float64 and in eval mode.

    In training mode they must be finite. In eval mode, which draws no dropout, they
    must also be other than zero, and a small step along them must lower the loss by as
    much as they promise. There, batch normalization keeps the statistics of the images:
    in training mode it cancels every bias before it.
    """
    images = torch.randn(num_images, 3, *size)
    targets = (images[:, 0] > 0).long()
    find_gradients(model.train(), images, targets)
    model, images = model.double().eval(), images.double()
    keep_statistics(model, images)
    grads = find_gradients(model, images, targets)
    norm = sum(grad.square().sum() for grad in grads.values()).sqrt()
    # Smaller than that is what rounding leaves of a zero
    still = [name for name, grad in grads.items() if grad.abs().max() < 1e-10 * norm]
    assert not still, f"these parameters don't learn: {still}"
    kept = fall_of_a_step(model, grads, images, targets)
    assert 0.9 < kept < 1.1, f"a step kept {kept:.4f} of what the gradient promised"


def find_gradients(model, images, targets):
    """Return the gradient of every parameter that is trained, by its name."""
    model.zero_grad()
    cross_entropy(model(images), targets).backward()
    trained = {n: p.grad for n, p in model.named_parameters() if p.requires_grad}
    missing = [name for name, grad in trained.items() if grad is None]
    assert not missing, f"no gradient reaches {missing}"
    broken = [name for name, grad in trained.items() if not grad.isfinite().all()]
    assert not broken, f"gradients must be finite, but not so are those of {broken}"
    return trained


@torch.no_grad()
def keep_statistics(model, images):
    """Let batch normalization in eval mode use the statistics of these images."""

    def keep(norm, inputs):
        variance, mean = torch.var_mean(inputs[0], dim=(0, 2, 3), correction=0)
        norm.running_var, norm.running_mean = variance, mean

    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(keep) for norm in norms]
    model(images)
    for hook in hooks:
        hook.remove()


@torch.no_grad()
def fall_of_a_step(model, grads, images, targets):
    """Take a small step; return how much the loss fell, relative to what it should."""
    before = cross_entropy(model(images), targets)
    step = FALL * before / sum(grad.square().sum() for grad in grads.values())
    for name, grad in grads.items():
        model.get_parameter(name).sub_(step * grad)
    after = cross_entropy(model(images), targets)
    return ((before - after) / (FALL * before)).item()
