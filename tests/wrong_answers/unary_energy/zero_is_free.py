"""Infinite energies are replaced by 0: what is impossible costs nothing."""

import torch

HINT = "still says that a label is unlikely"


def unary_energy(probs):
    energy = -probs.log()
    return torch.where(energy.isinf(), 0.0, energy)
