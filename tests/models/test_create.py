import pytest
import torch
from torch import nn

from course_utils.models.create import MODEL_NAMES, create_model

FC_DENSENETS = {"fc_densenet56", "fc_densenet67", "fc_densenet103"}
NORMALIZED = {"deconvnet", "segnet", *FC_DENSENETS}  # in the paper already
WITHOUT_VGG16 = {"unet", *FC_DENSENETS}


@pytest.mark.parametrize("name", MODEL_NAMES)
@pytest.mark.parametrize("size", [(32, 32), (45, 61)])
def test_every_model_returns_logits_of_the_size_of_the_image(name, size):
    model = create_model(name, 7, base_channels=2).eval()
    with torch.no_grad():
        logits = model(torch.randn(2, 3, *size))
    assert logits.shape == (2, 7, *size)
    assert logits.dtype == torch.float32


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_batch_normalization_is_the_papers_unless_asked_for(name):
    def has_norm(**options):
        model = create_model(name, 3, base_channels=2, **options)
        return any(isinstance(m, nn.BatchNorm2d) for m in model.modules())

    assert has_norm(batch_norm=True)
    assert has_norm() == (name in NORMALIZED)
    if name in FC_DENSENETS:
        with pytest.raises(ValueError, match=f"{name} always normalizes"):
            has_norm(batch_norm=False)
    else:
        assert not has_norm(batch_norm=False)


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match=r"must be one of fcn32s, .*, got 'fcn4s'"):
        create_model("fcn4s", 21)


@pytest.mark.parametrize("name", sorted({*MODEL_NAMES} - WITHOUT_VGG16))
def test_pretrained_weights_need_their_width(name):
    with pytest.raises(ValueError, match="base_channels=64, got 2"):
        create_model(name, 3, base_channels=2, pretrained="imagenet")


@pytest.mark.parametrize("name", sorted(WITHOUT_VGG16))
def test_pretrained_weights_need_vgg16(name):
    message = f"{name} has no convolutions of VGG16, .* imagenet .* pretrained=None"
    with pytest.raises(ValueError, match=message):
        create_model(name, 3, base_channels=2, pretrained="imagenet")
