"""What an output depends on, measured by the gradients of nets that cancel nothing."""

import torch
from torch import nn


def make_positive(module):
    """Draw weights among which no path cancels another."""
    for parameter in module.parameters():
        fan_in = parameter[0].numel() if parameter.dim() > 1 else 1
        nn.init.uniform_(parameter, 0.5 / fan_in, 1 / fan_in)
    return module.eval()


def make_linear(model, kinds=nn.Conv2d):
    """Make every output the same weighted mean of the pixels it sees.

    With equal positive weights nothing is cut off by a ReLU, and with average pools the
    net is linear on positive images: gradients are then smooth and exact.
    """
    for layer in model.modules():
        if isinstance(layer, kinds):
            nn.init.constant_(layer.weight, 1 / layer.weight[0].numel())
        if isinstance(layer, nn.MaxPool2d):
            sides = layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode
            layer.forward = nn.AvgPool2d(*sides).forward
    return model.eval()


def gradient_of(model, size, rows, columns):
    """What the logits of one or more pixels owe to those of a gray image, (H, W)."""
    image = torch.ones(1, 3, *size, requires_grad=True)
    logits = model(image)[0, :, rows, columns].sum()
    return torch.autograd.grad(logits, image)[0][0].double().sum(dim=0)


def center_of_mass(gradient):
    """Row and column around which a gradient lies."""
    rows, columns = (torch.arange(n, dtype=torch.float64) for n in gradient.shape)
    row = (gradient.sum(dim=1) * rows).sum() / gradient.sum()
    column = (gradient.sum(dim=0) * columns).sum() / gradient.sum()
    return row.item(), column.item()
