import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from course_utils import crf
from course_utils.crf import dense, library

MALFORMED = Path(__file__).parent / "malformed_crf_inputs.py"
needs_library = pytest.mark.skipif(
    not library.is_installed(), reason="pydensecrf is not installed (see the README)"
)
BACKENDS = [pytest.param("pydensecrf", marks=needs_library), "lattice", "exact"]
SMALL = {"smoothness_std": 2, "position_std": 8, "color_std": 10}


@pytest.fixture(params=BACKENDS)
def backend(request):
    """Each of the three ways to compute a CRF."""
    return request.param


@pytest.fixture
def image():
    """A dark and a bright half, with a little noise."""
    rng = np.random.default_rng(0)
    halves = np.where(np.arange(16) < 7, 60, 190)[None, :, None]
    return (halves + rng.integers(-4, 5, size=(12, 16, 3))).astype(np.uint8)


@pytest.fixture
def probs():
    """What a net says that sees the border three pixels too far to the right."""
    rng = np.random.default_rng(1)
    left = 0.75 - 0.5 * (np.arange(16) >= 10) + rng.uniform(-0.2, 0.2, (12, 16))
    return np.stack([left, 1 - left]).astype(np.float32)


def test_the_border_moves_to_where_the_color_changes(backend, image, probs):
    assert (probs.argmax(axis=0)[:, 7:10] == 0).mean() > 0.9
    marginals = crf.dense_crf(image, probs, backend=backend, **SMALL)
    expected = np.broadcast_to(np.arange(16) >= 7, (12, 16)).astype(np.int64)
    np.testing.assert_array_equal(marginals.argmax(axis=0), expected)


@pytest.mark.parametrize("iterations", [0, 1, 10])
def test_marginals_sum_to_1(backend, iterations, image, probs):
    marginals = crf.dense_crf(image, probs, iterations=iterations, backend=backend)
    np.testing.assert_allclose(marginals.sum(axis=0), 1, atol=1e-5)
    assert marginals.min() >= 0
    if iterations == 0:
        np.testing.assert_allclose(marginals, probs, atol=1e-5)


def library_marginals(image, probs, iterations):
    """The library called as its users call it."""
    import pydensecrf.densecrf as densecrf
    from pydensecrf.utils import unary_from_softmax

    model = densecrf.DenseCRF2D(probs.shape[2], probs.shape[1], len(probs))
    model.setUnaryEnergy(unary_from_softmax(probs))
    model.addPairwiseGaussian(sxy=3, compat=3)
    model.addPairwiseBilateral(sxy=121, srgb=5, rgbim=image, compat=4)
    return np.array(model.inference(iterations)).reshape(probs.shape)


@needs_library
def test_the_defaults_are_those_of_large_fov(image, probs):
    expected = library_marginals(image, probs, iterations=10)
    for backend, tolerance in (("pydensecrf", 1e-6), ("lattice", 1e-4)):
        ours = crf.dense_crf(image, probs, backend=backend)
        np.testing.assert_allclose(ours, expected, atol=tolerance)


def test_what_comes_in_as_an_array_or_a_tensor_goes_out_so(backend, image, probs):
    as_array = crf.dense_crf(image, probs, backend=backend)
    assert isinstance(as_array, np.ndarray)
    assert as_array.dtype == np.float32
    assert as_array.flags.c_contiguous
    for given in (torch.from_numpy(image), image):
        as_tensor = crf.dense_crf(given, torch.from_numpy(probs), backend=backend)
        assert as_tensor.dtype == torch.float32
        torch.testing.assert_close(as_tensor, torch.from_numpy(as_array))


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "convert",
    [
        read_only,
        lambda a: np.asfortranarray(a),
        lambda a: a[::-1].copy()[::-1],  # a view with a negative stride
        lambda a: a.astype(a.dtype.newbyteorder(">")),
        lambda a: torch.from_numpy(a).transpose(0, 1).contiguous().transpose(0, 1),
    ],
    ids=["read-only", "Fortran order", "flipped", "byte order", "transposed tensor"],
)
def test_numbers_count_and_not_how_they_lie(convert, backend, image, probs):
    expected = crf.dense_crf(image, probs, backend=backend)
    marginals = crf.dense_crf(convert(image), convert(probs), backend=backend)
    np.testing.assert_allclose(np.asarray(marginals), expected, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_probabilities_of_any_precision_are_taken(dtype, backend, image, probs):
    probs = torch.from_numpy(probs)
    marginals = crf.dense_crf(image, probs.to(dtype), iterations=1, backend=backend)
    assert marginals.dtype == torch.float32
    expected = crf.dense_crf(image, probs, iterations=1, backend=backend)
    torch.testing.assert_close(marginals, expected, atol=0.02, rtol=0)


def test_sizes_may_be_numbers_of_any_kind(backend, image, probs):
    plain = crf.dense_crf(image, probs, iterations=2, color_std=8, backend=backend)
    for two, eight in ((np.int64(2), np.float32(8)), (torch.tensor(2), np.array(8.0))):
        marginals = crf.dense_crf(
            image, probs, iterations=two, color_std=eight, backend=backend
        )
        np.testing.assert_allclose(marginals, plain, atol=1e-6)


def test_the_arguments_are_left_as_they_were(backend, image, probs):
    before = image.copy(), probs.copy()
    crf.dense_crf(image, probs, backend=backend)
    np.testing.assert_array_equal(image, before[0])
    np.testing.assert_array_equal(probs, before[1])


def test_a_kernel_without_weight_does_nothing(backend, image, probs):
    nothing = {"smoothness_weight": 0, "appearance_weight": 0}
    for name in nothing:
        one = crf.dense_crf(image, probs, backend=backend, **nothing | {name: 3})
        assert np.abs(one - probs).max() > 0.01
    none = crf.dense_crf(image, probs, backend=backend, **nothing)
    np.testing.assert_allclose(none, probs, atol=1e-5)


def test_one_pixel_and_one_line_are_images_too(backend):
    for size in ((1, 1), (1, 9), (9, 1)):
        image = np.full((*size, 3), 100, dtype=np.uint8)
        probs = np.full((3, *size), 1 / 3, dtype=np.float32)
        marginals = crf.dense_crf(image, probs, backend=backend)
        np.testing.assert_allclose(marginals, probs, atol=1e-6)


@pytest.mark.parametrize("backend", ["lattice", "exact"])
def test_the_loss_of_the_marginals_has_its_gradient(backend, image, probs):
    logits = torch.from_numpy(np.log(probs)).requires_grad_()

    def loss(logits):
        marginals = crf.dense_crf(
            image, logits.softmax(dim=0), iterations=3, backend=backend, **SMALL
        )
        return -marginals[0, :, 8].clamp(min=1e-6).log().sum()

    (grad,) = torch.autograd.grad(loss(logits), logits)
    with torch.no_grad():
        step = 1e-2 * grad / grad.norm()
        slope = (loss(logits + step) - loss(logits - step)) / 2e-2
    assert grad.norm() > 0.01
    torch.testing.assert_close(slope, grad.norm(), rtol=0.02, atol=1e-3)


def test_what_wants_a_gradient_goes_through_the_lattice(image, probs):
    probs = torch.from_numpy(probs).requires_grad_()
    assert crf.dense_crf(image, probs).requires_grad


def test_autocast_costs_no_precision(image, probs):
    probs = torch.from_numpy(probs)
    expected = crf.dense_crf(image, probs, backend="exact")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        marginals = crf.dense_crf(image, probs, backend="exact")
    torch.testing.assert_close(marginals, expected, atol=1e-6, rtol=0)


def test_it_says_once_which_backend_ran(image, probs, capsys, monkeypatch):
    for installed, line in (
        (True, "dense CRF: lattice on cpu (backend= also takes 'pydensecrf', 'exact')"),
        (False, "dense CRF: lattice on cpu (backend= also takes 'exact')"),
    ):
        monkeypatch.setattr(library, "is_installed", lambda answer=installed: answer)
        dense._announce.cache_clear()
        for _ in range(3):
            crf.dense_crf(image, probs, backend="lattice")
        assert capsys.readouterr().out == line + "\n"
    crf.dense_crf(image, probs)
    assert capsys.readouterr().out == ""  # the lattice again, which is then the default
    crf.dense_crf(image, probs, backend="exact")
    assert capsys.readouterr().out.startswith("dense CRF: exact on cpu")


@needs_library
def test_the_library_is_the_default_on_a_cpu(image, probs, capsys):
    dense._announce.cache_clear()
    crf.dense_crf(image, probs)
    assert capsys.readouterr().out.startswith("dense CRF: pydensecrf on cpu")
    assert crf.available_backends() == ("pydensecrf", "lattice", "exact")


def test_without_the_library_its_backend_is_refused(image, probs, monkeypatch):
    monkeypatch.setattr(library, "is_installed", lambda: False)
    assert crf.available_backends() == ("lattice", "exact")
    with pytest.raises(ModuleNotFoundError, match=r"must be installed, .*'lattice'"):
        crf.dense_crf(image, probs, backend="pydensecrf")


def test_a_library_that_can_not_be_imported_counts_as_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydensecrf", None)
    monkeypatch.setitem(sys.modules, "pydensecrf.densecrf", None)
    assert not library.is_installed.__wrapped__()


def test_numbers_that_are_none_are_reported(image, probs, monkeypatch):
    def broken(unary, *_, **__):
        return torch.full_like(unary, float("nan"))

    monkeypatch.setattr(dense, "mean_field", broken)
    with pytest.raises(ArithmeticError, match="marginals that are not finite"):
        crf.dense_crf(image, probs, backend="lattice")


def test_malformed_inputs_raise_and_do_not_crash():
    # In a process of its own, which a crash would end
    run = subprocess.run(
        [sys.executable, str(MALFORMED)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=120,
    )
    assert run.returncode == 0, run.stdout[-300:] + run.stderr
    lines = run.stdout.splitlines()
    assert lines[-1] == "end"
    outcomes = [line[3:] for line in lines if line.startswith("-> ")]
    assert len(outcomes) >= 200
    clear = ("image must", "probs must", "iterations must", "backend must")
    clear += ("_weight must", "_std must", "'pydensecrf' must", "unexpected keyword")
    kinds = ("TypeError: ", "ValueError: ", "ModuleNotFoundError: ")
    for outcome in outcomes:
        assert outcome.startswith(kinds), outcome
        assert any(words in outcome for words in clear), outcome
