import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course_utils import crf
from course_utils.crf import library
from course_utils.datasets.scenes.scene import render_scene

needs_library = pytest.mark.skipif(
    not library.is_installed(), reason="pydensecrf is not installed (see the README)"
)
NAMES = ("smoothness_weight", "smoothness_std", "appearance_weight")
NAMES += ("position_std", "color_std")
SETTINGS = {
    "of the library's README": dict(zip(NAMES, (3, 3, 10, 80, 13), strict=True)),
    "of DeepLab v2": dict(zip(NAMES, (3, 1, 4, 67, 3), strict=True)),
    "of LargeFOV": {},
}


def squares(size, noise, seed=0):
    """Colored rectangles with noise of a standard deviation, and which they are."""
    rng = np.random.default_rng(seed)
    colors = rng.integers(30, 225, size=(9, 3))
    rows, columns = np.mgrid[: size[0], : size[1]]
    labels = (rows // 17 * 4 + columns // 23) % 9
    image = colors[labels] + rng.normal(0, noise, (*size, 3))
    return image.clip(0, 255).astype(np.uint8), labels


def scene(seed, size):
    drawn = render_scene(seed=seed, size=size)
    target = np.where(drawn.target == 255, 0, drawn.target)
    return drawn.image, np.searchsorted(np.unique(target), target)


def coarse_probs(labels, stride=8):
    """What a net of some stride could say that is not sure of itself."""
    one_hot = F.one_hot(torch.from_numpy(labels)).permute(2, 0, 1)[None].float()
    shares = 0.85 * F.avg_pool2d(one_hot, stride) + 0.15 / one_hot.shape[1]
    generator = torch.Generator().manual_seed(0)
    logits = shares.log() + torch.randn(shares.shape, generator=generator)
    return F.interpolate(logits, labels.shape, mode="bilinear")[0].softmax(dim=0)


IMAGES = {
    "no noise": squares((96, 112), 0),
    "noise 8": squares((80, 120), 8),
    "street": scene(5, (96, 128)),
    "meadow": scene(8, (112, 96)),
}


def test_in_one_dimension_the_steps_by_hand():
    # Lattice points lie 1/(2·√(2/3)/√2) = √3/2 standard deviations apart. Both
    # directions are that of the line: twice (1/2, 1, 1/2) is (1/4, 1, 3/2, 1, 1/4), and
    # 3/2 becomes 1. The Gaussian itself: 0.22, 0.69, 1, 0.69, 0.22
    features = torch.arange(-4.0, 5)[:, None] * math.sqrt(3) / 2
    message = crf.PermutohedralLattice(features) @ torch.eye(9)[:, 4:5]
    expected = torch.tensor([0, 0, 1, 4, 6, 4, 1, 0, 0]) / 6
    torch.testing.assert_close(message[:, 0], expected, rtol=1e-5, atol=1e-6)


# In five dimensions many lattice points have no pixel, so that blurs fall short
@pytest.mark.parametrize(
    ("dim", "least_correlation", "tolerance"), [(2, 0.98, 0.1), (5, 0.92, 0.5)]
)
def test_messages_are_about_those_of_the_gaussian(dim, least_correlation, tolerance):
    generator = torch.Generator().manual_seed(0)
    cloud = 1.5 * torch.randn(3000, dim, generator=generator)
    kernel = crf.PermutohedralLattice(cloud, normalize=True)
    exact = crf.ExactKernel(cloud, normalize=True, include_self=True)
    values = torch.randn(3000, 8, generator=generator)
    ours, theirs = (kernel @ values).flatten(), (exact @ values).flatten()
    assert torch.corrcoef(torch.stack([ours, theirs]))[0, 1] > least_correlation
    assert (ours.std() / theirs.std()).item() == pytest.approx(1, abs=tolerance)


def test_constants_stay_constant_when_normalized_in_the_middle():
    features = crf.position_features((60, 60), 4.0)
    message = crf.PermutohedralLattice(features, normalize=True) @ torch.ones(3600, 1)
    middle = message.view(60, 60)[20:40, 20:40]
    torch.testing.assert_close(middle, torch.ones(20, 20), rtol=0.02, atol=0)


@pytest.mark.parametrize("dim", [2, 5])
@pytest.mark.parametrize("normalize", [False, True])
def test_the_gradient_is_that_of_a_linear_map(dim, normalize):
    torch.manual_seed(0)
    features = torch.rand(12, dim, dtype=torch.float64)
    kernel = crf.PermutohedralLattice(features, normalize=normalize)
    values = torch.randn(12, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda v: kernel @ v, (values,))
    assert torch.autograd.gradgradcheck(lambda v: kernel @ v, (values,))


def test_axes_are_blurred_in_turn_so_that_the_transposed_filter_differs():
    torch.manual_seed(0)
    kernel = crf.PermutohedralLattice(torch.rand(60, 5))
    matrix = kernel @ torch.eye(60)
    assert (matrix - matrix.T).abs().max() > 1e-4


def test_equal_pixels_get_equal_messages_and_one_pixel_is_enough():
    kernel = crf.PermutohedralLattice(torch.zeros(5, 3), normalize=True)
    torch.testing.assert_close(
        kernel @ torch.arange(10.0).view(5, 2), torch.tensor([[4.0, 5.0]]).expand(5, 2)
    )
    alone = crf.PermutohedralLattice(torch.zeros(1, 2), normalize=True)
    torch.testing.assert_close(alone @ torch.ones(1, 3), torch.ones(1, 3))


def test_repeated_runs_agree_to_the_bit():
    image, labels = IMAGES["street"]
    features = crf.appearance_features(torch.from_numpy(image), 50.0, 8.0)
    values = coarse_probs(labels).flatten(1).T.contiguous()
    runs = [crf.PermutohedralLattice(features) @ values for _ in range(2)]
    torch.testing.assert_close(*runs, rtol=0, atol=0)


def test_features_that_span_too_many_standard_deviations_are_refused():
    features = torch.rand(20, 5) * 20_000
    with pytest.raises(ValueError, match="not span too many standard deviations, got"):
        crf.PermutohedralLattice(features)


@needs_library
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("name", IMAGES)
def test_the_lattice_is_the_librarys(name, settings):
    image, labels = IMAGES[name]
    probs = coarse_probs(labels)
    ours, theirs = (
        crf.dense_crf(image, probs, backend=backend, **SETTINGS[settings])
        for backend in ("lattice", "pydensecrf")
    )
    assert ours.argmax(dim=0).equal(theirs.argmax(dim=0))
    assert (ours - theirs).abs().max() < 1e-3
    assert (theirs - probs).abs().max() > 0.1  # it does something


# The largest difference is no bound: a few pixels sit on the fence (up to 1)
@pytest.mark.parametrize(
    ("pair", "settings", "most_labels", "most_mean"),
    [
        *((squares((64, 64), 8), settings, 0.01, 1e-3) for settings in SETTINGS),
        (scene(5, 64), "of LargeFOV", 0.03, 1.5e-2),
    ],
    ids=[*SETTINGS, "street"],
)
def test_the_lattice_is_near_the_exact_kernels(pair, settings, most_labels, most_mean):
    image, labels = pair
    ours, exact = (
        crf.dense_crf(
            image, coarse_probs(labels), backend=backend, **SETTINGS[settings]
        )
        for backend in ("lattice", "exact")
    )
    other = (ours.argmax(dim=0) != exact.argmax(dim=0)).double().mean()
    assert other <= most_labels
    assert (ours - exact).abs().mean() <= most_mean
