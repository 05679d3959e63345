import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checks.segnet import clinic, exercises, references
from course_utils.models.segnet import SegNet, pack_indices, unpack_indices
from course_utils.training.losses import median_frequency_weights


@pytest.mark.parametrize("case", exercises._TARGETS, ids=str)
def test_cases_of_the_weights_agree_with_the_package(case):
    targets, num_classes, ignore_index, _ = case
    targets, void = torch.tensor(targets), ignore_index or 255
    expected = median_frequency_weights(targets, num_classes, void)
    right = references.median_frequency_weights(targets, num_classes, void)
    torch.testing.assert_close(right, expected)


def test_every_mistake_of_the_weights_shows_in_some_case():
    shown = set()
    for targets, num_classes, ignore_index, _ in exercises._TARGETS:
        targets, void = torch.tensor(targets), {"ignore_index": ignore_index or 255}
        right = references.median_frequency_weights(targets, num_classes, **void)
        mistakes = references.weight_mistakes(targets, num_classes, **void)
        shown |= {hint for hint, wrong in mistakes.items() if not wrong.equal(right)}
    assert shown == set(mistakes)


@pytest.mark.parametrize(("shape", "hint"), exercises._POOLED)
def test_cases_of_packing_agree_with_the_package(shape, hint):
    torch.manual_seed(0)
    _, indices = F.max_pool2d(torch.rand(shape), 2, return_indices=True)
    size = shape[-2:]
    offsets = references.pack_indices(indices, size)
    torch.testing.assert_close(offsets, pack_indices(indices, size))
    torch.testing.assert_close(references.unpack_indices(offsets, size), indices)
    torch.testing.assert_close(unpack_indices(offsets, size), indices)


def test_the_first_case_of_packing_tells_all_mistakes_apart():
    torch.manual_seed(0)
    size = exercises._POOLED[0][0][-2:]
    _, indices = F.max_pool2d(torch.rand(1, 1, *size), 2, return_indices=True)
    offsets = references.pack_indices(indices, size)
    for right, mistakes in (
        (offsets, references.packing_mistakes(indices, size)),
        (indices, references.unpacking_mistakes(offsets, size)),
    ):
        values = [right, *mistakes.values()]
        assert len({tuple(v.flatten().tolist()) for v in values}) == len(values)


def test_the_reference_layer_is_the_transposed_convolution():
    deconv = nn.ConvTranspose2d(2, 3, 3, padding=1)
    x = torch.randn(1, 2, 4, 5)
    torch.testing.assert_close(references.conv_from_transposed(deconv, x), deconv(x))
    wrong = references.layer_mistakes(deconv, x).values()
    assert not any(value.allclose(deconv(x), atol=1e-3) for value in wrong)


@pytest.mark.parametrize("size", [(64, 96), (45, 61)])
def test_the_reference_net_of_the_clinic_is_the_way_segnet_goes(size):
    torch.manual_seed(0)
    model = SegNet(2, base_channels=2, batch_norm=False)
    model.score = nn.Identity()
    images = torch.randn(1, 3, *size)
    expected = references.encoder_decoder(model.stages, model.decoder, images)
    torch.testing.assert_close(model(images), expected)


def test_the_sizes_of_the_clinic_hold_what_breaks_it():
    # 12 rows that came from 23 in CamVid, and a width of 32k - 1
    sizes = [size for size, _ in clinic._PICTURES]
    assert (360, 480) in sizes
    assert any(width % 32 == 31 for _, width in sizes)
