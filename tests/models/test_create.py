import pytest
import torch
from torch import nn

from course_utils.models.create import MODEL_NAMES, create_model

FC_DENSENETS = {"fc_densenet56", "fc_densenet67", "fc_densenet103"}
NORMALIZED = {"deconvnet", "segnet", *FC_DENSENETS}  # in the paper already
WITHOUT_VGG16 = {"unet", *FC_DENSENETS}
SIZES = [(32, 32), (45, 61), (223, 250), (321, 321), (360, 480), (511, 32)]


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_model_returns_logits_of_the_size_of_the_image(name):
    with torch.device("meta"):
        model = create_model(name, 7, base_channels=2)
        for size in SIZES:
            logits = model(torch.zeros(2, 3, *size))
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


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_pretrained_weights_need_vgg16_and_its_width(name):
    message = "base_channels=64, got 2"
    if name in WITHOUT_VGG16:
        message = f"{name} has no convolutions of VGG16, .* imagenet .* pretrained=None"
    with pytest.raises(ValueError, match=message):
        create_model(name, 3, base_channels=2, pretrained="imagenet")


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_model_refuses_images_that_do_not_fit(name):
    model = create_model(name, 3, base_channels=1).eval()
    for size, message in [
        ((1, 3, 31, 64), "at least 32 pixels .* got 31×64"),
        ((1, 1, 64, 64), r"\(N, 3, H, W\), got \(1, 1, 64, 64\)"),
        ((3, 64, 64), r"\(N, 3, H, W\), got \(3, 64, 64\)"),
    ]:
        with pytest.raises(ValueError, match=message):
            model(torch.zeros(size))
    with pytest.raises(TypeError, match=r"got torch\.uint8"):
        model(torch.zeros(1, 3, 64, 64, dtype=torch.uint8))


def without_zeros(model):
    """Draw what starts at zero, such as FCN's scores, so that logits differ."""
    for parameter in model.parameters():
        if not parameter.any():
            nn.init.normal_(parameter)
    return model


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_model_runs_in_half_precision_and_ends_in_float32(name):
    model, maps = without_zeros(create_model(name, 3, base_channels=2)).eval(), []
    first = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    first.register_forward_hook(lambda *hooked: maps.append(hooked[2]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(torch.randn(1, 3, 64, 96))
    assert maps[0].dtype == torch.bfloat16
    assert logits.dtype == torch.float32
    # computed in float32, and not in half precision and cast
    assert (logits != logits.bfloat16()).double().mean() > 0.5


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_dropout_is_the_papers_and_acts_in_training_alone(name):
    model = without_zeros(create_model(name, 3, base_channels=4))
    # nn.Dropout drops single elements, never whole channels
    rates = {m.p for m in model.modules() if isinstance(m, nn.Dropout)}
    without = {"deconvnet", "segnet", "unet"}
    expected = {0.2} if name in FC_DENSENETS else {0.5}
    assert rates == (set() if name in without else expected)
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert model(images).equal(model(images)) == (name in without)
        model.eval()
        torch.testing.assert_close(model(images), model(images), rtol=0, atol=0)


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_model_runs_where_algorithms_must_be_deterministic(name):
    model = create_model(name, 3, base_channels=1)
    torch.use_deterministic_algorithms(True)
    try:
        logits = model(torch.randn(2, 3, 45, 61))
        logits.sum().backward()
    finally:
        torch.use_deterministic_algorithms(False)
    assert logits.isfinite().all()


# The two larger FC-DenseNets are more layers of the same class, and take three times as
# long to trace as all other models
@pytest.mark.parametrize(
    "name", [n for n in MODEL_NAMES if n not in ("fc_densenet67", "fc_densenet103")]
)
def test_every_model_compiles_to_one_graph(name):
    torch.compiler.reset()
    model = create_model(name, 3, base_channels=4).train()
    found = torch._dynamo.explain(model)(torch.randn(2, 3, 64, 64))
    assert found.graph_break_count == 0, found.break_reasons
    assert found.graph_count == 1
