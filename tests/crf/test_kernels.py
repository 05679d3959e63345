import math

import numpy as np
import pytest
import torch

from course_utils import crf
from course_utils.crf import exact
from course_utils.datasets.scenes.scene import render_scene


def drawn_image(size=24, seed=3):
    return torch.from_numpy(render_scene(seed=seed, size=64).image[:size, :size].copy())


def random_probs(num_pixels, num_classes=4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return (2 * torch.randn(num_pixels, num_classes, generator=generator)).softmax(1)


def brute_force_kernel(features):
    """exp(-d²/2) in float64, pair by pair, zero on the diagonal."""
    points = features.double().numpy()
    kernel = np.zeros((len(points), len(points)))
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            if i != j:
                kernel[i, j] = math.exp(-((a - b) ** 2).sum() / 2)
    return torch.from_numpy(kernel)


def test_unary_energy_by_hand():
    energy = crf.unary_energy(torch.tensor([1.0, 0.5, 0.0]))
    # -ln 1, -ln 1/2, and for 0 what 1e-5 has
    torch.testing.assert_close(energy, torch.tensor([0.0, 0.6931472, 11.5129255]))


def test_the_pairwise_kernel_by_hand():
    features = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, 30.0]])
    kernel = crf.pairwise_kernel(features, torch.tensor([2.0, 10.0]))
    # distances 1, 3 and √10 standard deviations
    near, far, farther = (math.exp(-d / 2) for d in (1, 9, 10))
    expected = [[0, near, far], [near, 0, farther], [far, farther, 0]]
    torch.testing.assert_close(kernel, torch.tensor(expected))


def test_near_neighbors_far_from_the_origin_keep_their_digits():
    near = torch.tensor([[0.0], [0.1]])
    kernel = crf.pairwise_kernel(near.repeat(20, 1) + 4096, 1.0)
    # 4096.1 in float32 is 4096 + 0.10009766
    expected = math.exp(-(0.10009766**2) / 2)
    torch.testing.assert_close(kernel[0, 1].item(), expected, rtol=1e-7, atol=0)


def test_the_pairwise_kernel_has_a_gradient():
    features = torch.randn(6, 3, dtype=torch.float64, requires_grad=True)
    std = torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(crf.pairwise_kernel, (features, std))


def test_features_list_the_pixels_row_by_row():
    positions = crf.position_features((2, 3), 2.0)
    # columns 0, 1, 2 of row 0, then of row 1, in units of 2 pixels
    expected = [[0, 0], [0.5, 0], [1, 0], [0, 0.5], [0.5, 0.5], [1, 0.5]]
    torch.testing.assert_close(positions, torch.tensor(expected))
    image = torch.arange(18, dtype=torch.uint8).view(2, 3, 3)
    features = crf.appearance_features(image, 2.0, 10.0)
    torch.testing.assert_close(features[:, :2], positions)
    torch.testing.assert_close(features[4, 2:], torch.tensor([1.2, 1.3, 1.4]))


def test_a_step_by_hand():
    # two pixels, two classes, each the other's only neighbor with weight 3 · 1/2
    probs = torch.tensor([[0.9, 0.1], [0.2, 0.8]])
    unary = torch.tensor([[0.1, 2.0], [1.5, 0.3]])
    kernel = torch.tensor([[0.0, 0.5], [0.5, 0.0]])
    logits = [[-0.1 + 1.5 * 0.2, -2.0 + 1.5 * 0.8], [-1.5 + 1.5 * 0.9, -0.3 + 0.15]]
    expected = torch.tensor(logits).softmax(dim=1)
    step = crf.mean_field_step(probs, unary, [kernel], [3.0])
    torch.testing.assert_close(step, expected)
    halves = crf.mean_field_step(probs, unary, [kernel / 2, kernel / 4], [3.0, 6.0])
    torch.testing.assert_close(halves, expected)


def test_mean_field_is_as_many_steps_from_the_pixels_own_beliefs():
    unary, kernel = torch.rand(5, 3), torch.rand(5, 5)
    probs = (-unary).softmax(dim=1)
    torch.testing.assert_close(crf.mean_field(unary, [], [], iterations=4), probs)
    for _ in range(3):
        probs = crf.mean_field_step(probs, unary, [kernel], [0.7])
    torch.testing.assert_close(
        crf.mean_field(unary, [kernel], [0.7], iterations=3), probs
    )


def test_a_kernel_needs_its_weight():
    with pytest.raises(ValueError, match="kernels and weights must be equally many"):
        crf.mean_field_step(torch.ones(1, 2), torch.ones(1, 2), [torch.ones(1, 1)], [])


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("include_self", [False, True])
def test_exact_kernels_are_what_every_pair_of_pixels_gives(
    stored, normalize, include_self, monkeypatch
):
    if not stored:
        monkeypatch.setattr(exact, "_STORED_ENTRIES", 0)
        monkeypatch.setattr(exact, "_CHUNK_ENTRIES", {"cpu": 700})  # 7 rows of 96
    image = drawn_image(12)[:8]
    options = {"normalize": normalize, "include_self": include_self}
    features = crf.appearance_features(image, 4.0, 20.0)
    values = random_probs(96)
    for kernel, of in (
        (crf.ExactKernel(features, **options), features),
        (crf.GridKernel((8, 12), 1.5, **options), crf.position_features((8, 12), 1.5)),
    ):
        expected = brute_force_kernel(of)
        if include_self:
            expected += torch.eye(96)
        if normalize:
            sums = expected.sum(dim=1)
            expected = expected / (sums[:, None] * sums).sqrt()
        torch.testing.assert_close(
            (kernel @ values).double(), expected @ values.double(), rtol=2e-5, atol=2e-5
        )


@pytest.mark.parametrize("stored", [True, False])
def test_gradients_flow_through_exact_kernels(stored, monkeypatch):
    if not stored:
        monkeypatch.setattr(exact, "_STORED_ENTRIES", 0)
    kernel = crf.ExactKernel(torch.randn(9, 2), normalize=True)
    matrix = kernel @ torch.eye(9)
    values = torch.randn(9, 3, requires_grad=True)
    weights = torch.randn(9, 3)
    (grad,) = torch.autograd.grad(((kernel @ values) * weights).sum(), values)
    torch.testing.assert_close(grad, matrix.T @ weights, rtol=1e-5, atol=1e-6)


def test_a_pixel_without_neighbors_gets_no_message():
    lonely = torch.tensor([[0.0], [1e3], [1e3 + 1]])
    kernel = crf.ExactKernel(lonely, normalize=True)
    message = kernel @ torch.ones(3, 1)
    assert message[0] < 1e-9
    assert (message[1:] > 0).all()


def test_mean_field_on_an_image_agrees_with_the_papers_algorithm():
    image = drawn_image(16)[:9, :11]
    features = [
        crf.position_features((9, 11), 1.2),
        crf.appearance_features(image, 5.0, 15.0),
    ]
    unary = crf.unary_energy(random_probs(99))
    probs = crf.mean_field(
        unary,
        [crf.GridKernel((9, 11), 1.2), crf.ExactKernel(features[1])],
        [0.4, 0.9],
        iterations=5,
    )
    matrices = [brute_force_kernel(f) for f in features]
    expected = (-unary.double()).softmax(dim=1)
    for _ in range(5):
        updated = torch.empty_like(expected)
        for i in range(99):  # every pixel by itself, from the beliefs of before
            energy = unary[i].double().clone()
            for weight, matrix in zip((0.4, 0.9), matrices, strict=True):
                for c in range(4):  # the Potts model: what the other labels say
                    energy[c] += weight * (matrix[i] * (1 - expected[:, c])).sum()
            updated[i] = (-energy).softmax(dim=0)
        expected = updated
    torch.testing.assert_close(probs.double(), expected, rtol=1e-4, atol=1e-5)
