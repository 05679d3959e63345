import math

import numpy as np
import pytest
import torch
from scipy.fft import dctn

from course_utils.analysis.interventions import feature_map_frequency


def cosine(size, half_cycles):
    """A cosine of so many half cycles down and to the right: its frequency is known."""
    waves = [
        torch.cos(math.pi * k * (torch.arange(n) + 0.5) / n)
        for n, k in zip(size, half_cycles, strict=True)
    ]
    return waves[0][:, None] * waves[1]


@pytest.mark.parametrize(
    ("size", "half_cycles"),
    [((8, 8), (1, 0)), ((8, 6), (0, 5)), ((7, 9), (3, 4)), ((2, 2), (1, 1))],
)
def test_a_single_cosine_has_its_own_frequency(size, half_cycles):
    # k half cycles over n cells are k / 2n cycles per cell
    pairs = zip(half_cycles, size, strict=True)
    expected = math.hypot(*(k / (2 * n) for k, n in pairs))
    maps = 3 * cosine(size, half_cycles) + 5  # neither height nor mean counts
    got = feature_map_frequency(maps[None, None])
    torch.testing.assert_close(got, torch.full((1, 1), expected))


def test_noise_agrees_with_scipys_cosine_transform():
    maps = torch.randn(2, 3, 12, 9, generator=torch.Generator().manual_seed(0))
    centered = maps - maps.mean(dim=(2, 3), keepdim=True)
    power = dctn(centered.numpy(), axes=(2, 3), norm="ortho") ** 2
    cycles = np.hypot(np.arange(12)[:, None] / 24, np.arange(9) / 18)
    expected = (power * cycles).sum((2, 3)) / power.sum((2, 3))
    got = feature_map_frequency(maps)
    torch.testing.assert_close(got, torch.from_numpy(expected).float())


def test_a_map_of_stride_4_has_a_quarter_of_the_cycles_per_pixel():
    maps = torch.randn(1, 2, 8, 8)
    torch.testing.assert_close(
        feature_map_frequency(maps, stride=4), feature_map_frequency(maps) / 4
    )


def test_a_constant_map_has_no_frequency():
    maps = torch.stack([torch.full((5, 5), 0.1), torch.eye(5)])[None]
    got = feature_map_frequency(maps)
    assert got[0, 0].isnan()
    assert not got[0, 1].isnan()


def test_maps_without_a_batch_are_refused():
    with pytest.raises(ValueError, match=r"must be \(N, C, H, W\), got \(2, 5, 5\)"):
        feature_map_frequency(torch.zeros(2, 5, 5))
