"""A Gaussian filter in five dimensions whose cost does not grow with its width.

Source: Adams, Baek and Davis, 2010, Fast High-Dimensional Filtering Using the
Permutohedral Lattice, doi:10.1111/j.1467-8659.2009.01645.x. Unlike there, the lattice
points are found by sorting instead of in a hash table, which needs no code but torch's,
on a CPU as on a GPU.
"""

import math
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.crf.linear import apply_linear


class PermutohedralLattice:
    """A Gaussian kernel between all pixels, approximated on a lattice.

    ``lattice @ values``, (N, C) to (N, C), is about ``K @ values`` with
    K_ij = exp(-|f_i - f_j|²/2), the message of a pixel to itself included. *Splat*:
    every pixel hands its values to the D+1 corners of the lattice simplex that it lies
    in. *Blur*: each lattice point takes a half of what its two neighbors have, along
    one of D+1 directions after the other. *Slice*: every pixel reads its corners again.
    Gradients flow to the values, not to the features, by the same steps backwards.

    Args:
        features: float32 or float64, (N, D), divided by their standard deviations.
        normalize: divide K_ij by √(n_i n_j), n being the sums of the rows.

    Attributes:
        num_points: lattice points that are a corner of some pixel's simplex.

    Raises:
        ValueError: the features span so many standard deviations that the lattice
            points can't be numbered.
    """

    def __init__(self, features: Tensor, *, normalize: bool = False) -> None:
        num_pixels, num_features = features.shape
        elevated = _elevate(features)
        origin, rank = _find_simplex(elevated)
        weights = _barycentric(elevated - origin, rank)  # (N, D+1), of the corners
        names, steps = _name_corners(origin, rank)
        names, order, first, corners = _merge(names)
        self.num_points = len(first)
        # int32 is twice as fast to read. One point more stands for all that are not
        # there: no pixel hands it anything, and it stays 0
        end = torch.full_like(first[:1], len(names))
        self._starts = torch.cat([first, end]).int()
        self._order, self._pixels = order, (order // (num_features + 1)).int()
        self._corners = corners.view(num_pixels, num_features + 1).int()
        self._neighbors = [_find_neighbors(names[first], step) for step in steps]
        # What a point sends comes back to it at once, or from once around, by all D+1
        # directions, forth or back: 1 + 2·2^-(D+1). So K_ii is 1 on a lattice point
        self._set_weights(weights / math.sqrt(1 + 2.0**-num_features))
        if normalize:
            row_sums = self @ weights.new_ones(num_pixels, 1)
            self._set_weights(self._weights * (row_sums + 1e-20).rsqrt())

    def __matmul__(self, values: Tensor) -> Tensor:
        """Sum the values of all pixels for each pixel."""
        transposed = partial(self._filter, order=-1)
        return apply_linear(values, self._filter, transposed)

    def _set_weights(self, weights: Tensor) -> None:
        """Set what corner of which pixel counts how much, and the same as sorted."""
        self._weights = weights.contiguous()
        self._sorted_weights = weights.flatten()[self._order]

    def _filter(self, values: Tensor, order: int = 1) -> Tensor:
        return self._slice(self._blur(self._splat(values), self._neighbors[::order]))

    def _splat(self, values: Tensor) -> Tensor:
        """Sum for each lattice point what its pixels hand it, (points + 1, C)."""
        return F.embedding_bag(  # a weighted sum of some rows of a table
            self._pixels,
            values.contiguous(),
            self._starts,
            mode="sum",
            per_sample_weights=self._sorted_weights,
        )

    def _blur(self, table: Tensor, neighbors: list[Tensor]) -> Tensor:
        """Add to each lattice point a half of each neighbor, in every direction."""
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
    # Rounded and summed as in the library: where labels are on the fence, even that
    # decides. Axis k of the plane has k ones, then -k, then zeros
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
        Its first corner, whose coordinates are multiples of D+1 and sum to 0, and
        which of the pixel's coordinates exceeds it the most (0) and the least (D);
        both int64, (N, D+1).
    """
    side = elevated.shape[1]  # D + 1
    cell = (elevated / side).round().long()
    rest = elevated - cell * side
    rank = rest.argsort(dim=1, descending=True, stable=True).argsort(dim=1)
    # Rounding may leave the plane. Coordinates were rounded up too often (sum > 0) or
    # too seldom: those with the smallest, or largest, rest are taken to the next cell
    rank = rank + cell.sum(dim=1, keepdim=True)
    wrap = (rank < 0).long() - (rank >= side).long()
    return (cell + wrap) * side, rank + wrap * side


def _barycentric(rest: Tensor, rank: Tensor) -> Tensor:
    """Weigh the corners of its simplex for each pixel; (N, D+1), summing to 1."""
    side = rest.shape[1]
    rising = torch.empty_like(rest).scatter_(1, side - 1 - rank, rest) / side
    first = 1 - (rising[:, -1:] - rising[:, :1])
    return torch.cat([first, rising.diff(dim=1)], dim=1)


def _name_corners(origin: Tensor, rank: Tensor) -> tuple[Tensor, list[int]]:
    """Give each lattice point a number: its first D coordinates as digits.

    Returns:
        The numbers of the D+1 corners of every pixel, int64, (N, D+1), and the
        difference between the numbers of neighbors, in each of the D+1 directions.
    """
    side = origin.shape[1]
    digits = origin[:, :-1]  # the last coordinate follows, since they sum to 0
    low = digits.amin(dim=0) - 2 * side  # a neighbor's digits must not overflow
    spans = (digits.amax(dim=0) - low + 3 * side).tolist()
    if math.prod(spans) >= 2**63:
        raise ValueError(
            "the features must not span too many standard deviations, got up to "
            f"{max(spans) // side} in all dimensions; enlarge a standard deviation"
        )
    units = [math.prod(spans[k + 1 :]) for k in range(side - 1)]
    unit = torch.tensor(units, device=origin.device)
    first = ((digits - low) * unit).sum(dim=1)
    # Corner r: every coordinate is r larger, and D+1 smaller in the r last by rank
    names = [
        first + r * sum(units) - side * ((rank[:, :-1] >= side - r) * unit).sum(dim=1)
        for r in range(side)
    ]
    # A neighbor: every coordinate is one larger, and D+1 smaller in one of them
    steps = [sum(units) - side * step for step in [*units, 0]]
    return torch.stack(names, dim=1), steps


def _merge(names: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Let corners of one name be one lattice point.

    Returns:
        The names in rising order; which corner each of them is; where, among them, each
        point begins; and the point of every corner, in the order of ``names``.
    """
    ordered, order = names.flatten().sort(stable=True)
    is_new = torch.ones_like(ordered, dtype=torch.bool)
    is_new[1:] = ordered[1:] != ordered[:-1]
    points = torch.empty_like(order).scatter_(0, order, is_new.cumsum(0) - 1)
    return ordered, order, is_new.nonzero()[:, 0], points


def _find_neighbors(names: Tensor, step: int) -> Tensor:
    """List each point and its two neighbors in a direction; int32, (points + 1, 3).

    Args:
        names: of the points, in rising order.
        step: to the name of the next point.
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
