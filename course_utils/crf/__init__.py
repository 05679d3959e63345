"""A dense CRF: every pixel is a neighbor of every other.

Shapes in this package: N pixels, row by row, and C classes. Energies are in nats,
probabilities are (N, C) and sum to 1 over C. ``kernel @ probs`` sums the probabilities
of all other pixels for each pixel, weighted by how alike the two pixels are. A *kernel*
is anything that can be multiplied so: an (N, N) tensor, or one of the classes here,
which do without the whole matrix.

Source: Krähenbühl and Koltun, 2011, arXiv:1210.5644, with the Potts model.
"""

from course_utils.crf.dense import available_backends, dense_crf
from course_utils.crf.energy import (
    appearance_features,
    pairwise_kernel,
    position_features,
    unary_energy,
)
from course_utils.crf.exact import ExactKernel, GridKernel
from course_utils.crf.lattice import PermutohedralLattice
from course_utils.crf.mean_field import mean_field, mean_field_step

__all__ = [
    "ExactKernel",
    "GridKernel",
    "PermutohedralLattice",
    "appearance_features",
    "available_backends",
    "dense_crf",
    "mean_field",
    "mean_field_step",
    "pairwise_kernel",
    "position_features",
    "unary_energy",
]
