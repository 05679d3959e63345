"""The kernels of the dense CRF without approximation.

By default, both follow the paper: a pixel sends no message to itself, and the kernel is
not normalized. The library pydensecrf, for which most published weights are tuned, does
the opposite of both.
"""

from functools import cached_property

import torch
from torch import Tensor

from course_utils.arguments import DEVICE, FLAG, checked, number, size
from course_utils.crf.energy import FEATURES
from course_utils.crf.linear import LinearFilter, check_values

_STORED_ENTRIES = 10**8
"""Entries of the largest matrix that is kept between calls: 400 MB."""
_CHUNK_ENTRIES = {"cpu": 2**22, "cuda": 2**28}
"""Entries computed at a time: 16 MB fit into a CPU's cache, 1 GiB keeps a GPU busy."""
_LEAST_EXPONENT = -60.0
"""Below this a neighbor no longer counts, and denormal numbers would be slow."""


class ExactKernel:
    """A Gaussian kernel between all pixels: N² numbers, computed row by row.

    ``kernel @ values`` is a sum over all pixels, (N, C) to (N, C), differentiable in
    the values. Up to 10,000 pixels, the matrix is kept.

    Args:
        features: Features over their standard deviations, float32, (N, D).
        normalize: True to divide K_ij by √(n_i n_j), n being the sums of the rows.
        include_self: True to let a pixel send a message to itself.
    """

    @checked(features=FEATURES, normalize=FLAG, include_self=FLAG)
    def __init__(
        self, features: Tensor, *, normalize: bool = False, include_self: bool = False
    ) -> None:
        self.include_self = include_self
        self.features = features - features.mean(dim=0)  # rounds less
        self.scale = torch.ones(len(features), 1, device=features.device)
        if normalize:
            self.scale = _inverse_root(self @ self.scale)

    def __matmul__(self, values: Tensor) -> Tensor:
        """Sum the values of all pixels for each pixel; the matrix is symmetric."""
        check_values(values, len(self.scale))
        summed = LinearFilter.apply(values * self.scale, self._sum, self._sum)
        return summed * self.scale

    def _sum(self, values: Tensor) -> Tensor:
        if len(self.features) ** 2 <= _STORED_ENTRIES:
            return self._matrix @ values
        entries = _CHUNK_ENTRIES.get(values.device.type, _CHUNK_ENTRIES["cpu"])
        chunk = max(1, entries // len(self.features))
        starts = range(0, len(self.features), chunk)
        return torch.cat([self._rows(s, s + chunk) @ values for s in starts])

    @cached_property
    def _matrix(self) -> Tensor:
        """Compute the whole matrix from the exact distances."""
        mode = "donot_use_mm_for_euclid_dist"
        kernel = torch.cdist(self.features, self.features, compute_mode=mode)
        kernel = kernel.square_().mul_(-0.5).clamp_(min=_LEAST_EXPONENT).exp_()
        return kernel.fill_diagonal_(float(self.include_self))

    def _rows(self, start: int, stop: int) -> Tensor:
        """Compute some rows of the matrix: exp(ab - a²/2 - b²/2)."""
        half = self.features.square().sum(dim=1, keepdim=True) / 2
        one = torch.ones_like(half)
        left = torch.cat([self.features, -half, one], dim=1)[start:stop]
        right = torch.cat([self.features, one, -half], dim=1)
        kernel = (left @ right.T).clamp_(min=_LEAST_EXPONENT).exp_()
        kernel.diagonal(start).fill_(float(self.include_self))
        return kernel


class GridKernel:
    """A Gaussian kernel over the positions of an image's pixels alone.

    exp(-(a² + b²)/2) is exp(-a²/2) times exp(-b²/2). So a sum over all pixels is
    exactly a sum along the columns followed by one along the rows, which is cheap.
    ``kernel @ values`` is that of an ``ExactKernel``.

    Args:
        size: H and W of the image, pixels.
        std: Standard deviation of the kernel, pixels.
        normalize: True to normalize, as in ``ExactKernel``.
        include_self: True to let a pixel send a message to itself.
        device: Device of the values.
    """

    @checked(
        size=size(),
        std=number(above=0),
        normalize=FLAG,
        include_self=FLAG,
        device=DEVICE,
    )
    def __init__(
        self,
        size: tuple[int, int],
        std: float,
        *,
        normalize: bool = False,
        include_self: bool = False,
        device: torch.device | str = "cpu",
    ) -> None:
        self.size, self.include_self = size, include_self
        self.rows, self.columns = (_line_kernel(n, std, device) for n in size)
        self.scale = torch.ones(size[0] * size[1], 1, device=device)
        if normalize:
            self.scale = _inverse_root(self @ self.scale)

    def __matmul__(self, values: Tensor) -> Tensor:
        """Sum the values of all pixels for each pixel."""
        check_values(values, len(self.scale))
        values = values * self.scale
        grid = values.unflatten(0, self.size)  # (H, W, C)
        grid = torch.einsum("ir,rck->ick", self.rows, grid)
        summed = torch.einsum("jc,ick->ijk", self.columns, grid).flatten(0, 1)
        return (summed if self.include_self else summed - values) * self.scale


def _line_kernel(length: int, std: float, device: torch.device | str) -> Tensor:
    """Compute the kernel between the pixels of one line, (length, length)."""
    places = torch.arange(length, device=device, dtype=torch.float32) / std
    distances = places[:, None] - places
    return (-distances.square() / 2).clamp(min=_LEAST_EXPONENT).exp()


def _inverse_root(row_sums: Tensor) -> Tensor:
    """Return 1/√n, and 0 for a pixel without neighbors."""
    return torch.where(row_sums > 0, row_sums.clamp(min=1e-30).rsqrt(), 0)
