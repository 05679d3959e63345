"""Pair by pair."""

import torch


def pairwise_kernel(features, std):
    rows = []
    for i, a in enumerate(features):
        row = []
        for j, b in enumerate(features):
            d2 = (((a - b) / std) ** 2).sum()
            row.append(torch.exp(-d2 / 2) if i != j else 0 * d2)
        rows.append(torch.stack(row))
    return torch.stack(rows)
