"""A Gaussian filter in many dimensions whose cost does not grow with its width.

Source: Adams, Baek and Davis, 2010, Fast High-Dimensional Filtering Using the
Permutohedral Lattice, doi:10.1111/j.1467-8659.2009.01645.x. Unlike there, the lattice
points are found by sorting instead of in a hash table, so that torch alone computes it,
on a CPU and on a GPU.
"""

import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.arguments import FLAG, checked
from course_utils.crf.energy import FEATURES
from course_utils.crf.linear import LinearFilter, check_values

_FURTHEST = 1e5
"""Largest feature, in standard deviations, whose cell float32 still tells apart."""


class PermutohedralLattice:
    """A Gaussian kernel between all pixels, approximated on a lattice.

    ``lattice @ values``, (N, C) to (N, C), is about ``K @ values`` with
    K_ij = exp(-|f_i - f_j|²/2), the message of a pixel to itself included. *Splat*:
    every pixel distributes its values to the D+1 corners of the lattice simplex around
    it. *Blur*: every lattice point adds half of the values of its two neighbors, in one
    of D+1 directions after the other. *Slice*: every pixel reads its corners. Gradients
    flow to the values, not to the features, through the same steps backwards.

    Args:
        features: Features over their standard deviations, float32 or float64, (N, D).
        normalize: True to divide K_ij by √(n_i n_j), n being the sums of the rows.

    Attributes:
        num_points: Number of lattice points that are a corner of some pixel's simplex.

    Raises:
        ValueError: The features span so many standard deviations that the lattice
            points can't be numbered.
    """

    @checked(features=FEATURES, normalize=FLAG)
    def __init__(self, features: Tensor, *, normalize: bool = False) -> None:
        if (furthest := features.abs().max()) > _FURTHEST:
            raise ValueError(
                "the features must not span too many standard deviations, got up to "
                f"{furthest:.3g}; enlarge a standard deviation"
            )
        num_pixels, num_features = features.shape
        elevated = _elevate(features)
        origin, rank = _find_simplex(elevated)
        weights = _barycentric(elevated - origin, rank)  # (N, D+1)
        names, steps = _name_corners(origin, rank)
        names, order, first, corners = _merge(names)
        self.num_points = len(first)
        # int32 is read twice as fast. One more point stands for all missing neighbors:
        # no pixel splats to it, so it stays 0
        end = torch.full_like(first[:1], len(names))
        self._starts = torch.cat([first, end]).int()
        self._order, self._pixels = order, (order // (num_features + 1)).int()
        self._corners = corners.view(num_pixels, num_features + 1).int()
        self._neighbors = [_find_neighbors(names[first], step) for step in steps]
        # The D+1 directions sum to 0, so that a step along each of them, forwards or
        # backwards, returns to the point: it gets back 1 + 2·2^-(D+1) of its value.
        # Divided by that, K_ii is 1 on a lattice point
        self._set_weights(weights / math.sqrt(1 + 2.0**-num_features))
        if normalize:
            row_sums = self @ weights.new_ones(num_pixels, 1)
            self._set_weights(self._weights * (row_sums + 1e-20).rsqrt())

    def __matmul__(self, values: Tensor) -> Tensor:
        """Sum the values of all pixels for each pixel."""
        check_values(values, len(self._corners))
        transposed = partial(self._filter, order=-1)
        return LinearFilter.apply(values, self._filter, transposed)

    def _set_weights(self, weights: Tensor) -> None:
        """Set the weights of the corners, by pixel and sorted by lattice point."""
        self._weights = weights.contiguous()
        self._sorted_weights = weights.flatten()[self._order]

    def _filter(self, values: Tensor, order: int = 1) -> Tensor:
        return self._slice(self._blur(self._splat(values), self._neighbors[::order]))

    def _splat(self, values: Tensor) -> Tensor:
        """Sum the weighted values of each lattice point's pixels, (points + 1, C)."""
        return F.embedding_bag(  # weighted sums of rows
            self._pixels,
            values.contiguous(),
            self._starts,
            mode="sum",
            per_sample_weights=self._sorted_weights,
        )

    def _blur(self, table: Tensor, neighbors: list[Tensor]) -> Tensor:
        """Add half of each neighbor to every lattice point, direction by direction."""
        shares = table.new_tensor([1, 0.5, 0.5]).repeat(len(table), 1)
        for three in neighbors:
            table = F.embedding_bag(three, table, mode="sum", per_sample_weights=shares)
        return table

    def _slice(self, table: Tensor) -> Tensor:
        return F.embedding_bag(
            self._corners, table, mode="sum", per_sample_weights=self._weights
        )


def _elevate(features: Tensor) -> Tensor:
    """Put D features into the plane of D+1 coordinates that sum to 0: (N, D+1).

    Distances grow by √(2/3) (D+1), which makes splat, blur and slice together a blur of
    standard deviation 1 in the units of the features.
    """
    dim = features.shape[1]
    # Rounded and summed in the library's order: where two labels are about equal, even
    # that decides. Axis k of the plane has k ones, then -k, then zeros
    stretch = features.new_tensor(math.sqrt(2 / 3) * (dim + 1)).item()
    later, columns = torch.zeros_like(features[:, 0]), []
    for k in range(dim, 0, -1):
        along = features[:, k - 1] * (stretch / math.sqrt(k * (k + 1)))
        columns.append(later - k * along)
        later = later + along
    return torch.stack([later, *reversed(columns)], dim=1)


def _find_simplex(elevated: Tensor) -> tuple[Tensor, Tensor]:
    """Find the simplex around each pixel.

    Returns:
        Its first corner, whose coordinates are multiples of D+1 and sum to 0, and the
        rank of each coordinate by how far the pixel exceeds that corner, from most (0)
        to least (D); both int64, (N, D+1).
    """
    side = elevated.shape[1]  # D + 1
    cell = (elevated / side).round().long()
    rest = elevated - cell * side
    rank = rest.argsort(dim=1, descending=True, stable=True).argsort(dim=1)
    # Rounding may leave the plane. If coordinates were rounded up too often (sum > 0),
    # those with the smallest rest move one cell down; if too seldom, those with the
    # largest move up
    rank = rank + cell.sum(dim=1, keepdim=True)
    wrap = (rank < 0).long() - (rank >= side).long()
    return (cell + wrap) * side, rank + wrap * side


def _barycentric(rest: Tensor, rank: Tensor) -> Tensor:
    """Compute the weights of each pixel's corners, (N, D+1), summing to 1."""
    side = rest.shape[1]
    rising = torch.empty_like(rest).scatter_(1, side - 1 - rank, rest) / side
    first = 1 - (rising[:, -1:] - rising[:, :1])
    return torch.cat([first, rising.diff(dim=1)], dim=1)


def _name_corners(origin: Tensor, rank: Tensor) -> tuple[Tensor, list[int]]:
    """Give each lattice point a number: its first D coordinates as digits.

    Returns:
        The numbers of every pixel's D+1 corners, int64, (N, D+1), and the difference
        between the numbers of two neighbors in each of the D+1 directions.
    """
    side = origin.shape[1]
    digits = origin[:, :-1]  # the last coordinate follows, since they sum to 0
    low = digits.amin(dim=0) - 2 * side  # a neighbor's digits must not overflow
    spans = (digits.amax(dim=0) - low + 3 * side).tolist()
    if math.prod(spans) >= 2**63:
        raise ValueError(
            "the features must not span too many standard deviations, got about "
            f"{max(spans) // side} in one dimension; enlarge a standard deviation"
        )
    units = [math.prod(spans[k + 1 :]) for k in range(side - 1)]
    unit = torch.tensor(units, device=origin.device)
    first = ((digits - low) * unit).sum(dim=1)
    # Corner r: every coordinate grows by r, and the r last by rank shrink by D+1
    names = [
        first + r * sum(units) - side * ((rank[:, :-1] >= side - r) * unit).sum(dim=1)
        for r in range(side)
    ]
    # A neighbor: every coordinate grows by 1, and one of them shrinks by D+1
    steps = [sum(units) - side * step for step in [*units, 0]]
    return torch.stack(names, dim=1), steps


def _merge(names: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Merge corners of the same name into one lattice point.

    Returns:
        The names in rising order; the corner that each of them belongs to; the place
        among them at which each point begins; and the point of every corner, in the
        order of ``names``.
    """
    ordered, order = names.flatten().sort(stable=True)
    is_new = torch.ones_like(ordered, dtype=torch.bool)
    is_new[1:] = ordered[1:] != ordered[:-1]
    points = torch.empty_like(order).scatter_(0, order, is_new.cumsum(0) - 1)
    return ordered, order, is_new.nonzero()[:, 0], points


def _find_neighbors(names: Tensor, step: int) -> Tensor:
    """List each point and its two neighbors in a direction; int32, (points + 1, 3).

    The names rise; ``step`` is the difference to the name of the next point.
    """
    absent = len(names)
    place = torch.searchsorted(names, names + step)
    found = names[place.clamp(max=absent - 1)] == names + step
    following = torch.where(found, place, absent)
    everyone = torch.arange(absent + 1, device=names.device)
    following = F.pad(following, (0, 1), value=absent)
    preceding = torch.full_like(everyone, absent).scatter_(0, following, everyone)
    preceding[absent] = absent
    return torch.stack([everyone, following, preceding], dim=1).int()
