import errno
import hashlib
import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models.vgg import cfgs, make_layers

from course_utils.models import vgg16
from course_utils.models.vgg16 import choose_weights, load_vgg16, vgg16_stages

# Where the 13 convolutions stand in torchvision's vgg16().features
NUMBERS = (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)


def convolutions(stages):
    return [m for stage in stages for m in stage if isinstance(m, nn.Conv2d)]


def narrow_weights():
    """Weights under torchvision's keys, of a VGG16 of 2 base channels."""
    torch.manual_seed(1)
    return {
        f"{number}.{name}": torch.randn_like(value)
        for number, conv in zip(NUMBERS, convolutions(vgg16_stages(2)), strict=True)
        for name, value in conv.named_parameters()
    }


def save(weights, path):
    if path.suffix == ".safetensors":
        save_file(weights, path)
    else:
        torch.save(weights, path)
    return path


def state_of(*modules):
    states = [{k: v.clone() for k, v in m.state_dict().items()} for m in modules]
    return {f"{i}.{k}": v for i, state in enumerate(states) for k, v in state.items()}


def assert_refused(path, match, **fc):
    """Loading fails with this message, and no weight is changed."""
    stages = vgg16_stages(2)
    before = state_of(stages, *fc.values())
    with pytest.raises(ValueError, match=match):
        load_vgg16(stages, path, **fc)
    torch.testing.assert_close(state_of(stages, *fc.values()), before, rtol=0, atol=0)


def test_the_features_are_those_of_torchvision(tmp_path):
    torch.manual_seed(0)
    theirs = make_layers(cfgs["D"])
    path = save(theirs.state_dict(), tmp_path / "vgg16.pt")
    stages = vgg16_stages()
    load_vgg16(stages, path)
    assert sum(p.numel() for p in stages.parameters()) == 14_714_688
    images = torch.randn(2, 3, 40, 32)
    x = images
    with torch.no_grad():
        for stage in stages:
            x = nn.functional.max_pool2d(stage(x), 2)
        torch.testing.assert_close(x, theirs(images), rtol=0, atol=0)


@pytest.mark.parametrize("first_padding", [1, 100])
def test_stages_widen_and_only_the_first_enlarges(first_padding):
    x = torch.randn(1, 3, 8, 10)
    border = 2 * (first_padding - 1)
    for stage, channels in zip(
        vgg16_stages(2, first_padding=first_padding), (2, 4, 8, 16, 16), strict=True
    ):
        x = stage(x)
        assert x.shape == (1, channels, 8 + border, 10 + border)


def test_batch_normalization_follows_every_convolution():
    stages = vgg16_stages(2, batch_norm=True)
    kinds = [[type(m) for m in stage] for stage in stages]
    block = [nn.Conv2d, nn.BatchNorm2d, nn.ReLU]
    assert kinds == [block * depth for depth in (2, 2, 3, 3, 3)]


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
@pytest.mark.parametrize("prefix", ["", "features."])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_weights_are_read_from_a_file(tmp_path, suffix, prefix, batch_norm):
    weights = narrow_weights()
    named = {prefix + key: value for key, value in weights.items()}
    stages = vgg16_stages(2, batch_norm=batch_norm)
    load_vgg16(stages, save(named, tmp_path / f"vgg{suffix}"))
    for number, conv in zip(NUMBERS, convolutions(stages), strict=True):
        torch.testing.assert_close(conv.weight.data, weights[f"{number}.weight"])
        torch.testing.assert_close(conv.bias.data, weights[f"{number}.bias"])


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        *(
            ({f"{n}.weight": None}, r"VGG16's 13 convolutions, found 12: features \[")
            for n in (0, 14, 28)
        ),
        (
            dict.fromkeys(narrow_weights()),
            r"found 0: features \[\]; save vgg16\(\)\.features\.state",
        ),
        ({"28.bias": None}, r"must hold 28\.bias of shape \(16,\), found nothing"),
        (  # another width
            {"0.weight": torch.zeros(3, 3, 3, 3)},
            r"0\.weight of shape \(2, 3, 3, 3\), found shape \(3, 3, 3, 3\).*base_",
        ),
        (  # as many numbers in another shape
            {"5.weight": torch.zeros(2, 4, 3, 3)},
            r"5\.weight of shape \(4, 2, 3, 3\), found shape \(2, 4, 3",
        ),
    ],
)
def test_weights_that_are_not_vgg16s_are_refused(tmp_path, changes, match):
    weights = narrow_weights() | {"fc.weight": torch.zeros(2)} | changes
    weights = {key: value for key, value in weights.items() if value is not None}
    assert_refused(save(weights, tmp_path / "vgg.pt"), match)


def fc_layers():
    return {"fc6": nn.Conv2d(16, 6, 7), "fc7": nn.Conv2d(6, 6, 1)}


def fc_weights(width=6):
    torch.manual_seed(2)
    sizes = {"0.weight": (width, 16 * 49), "3.weight": (width, width)}
    sizes |= {"0.bias": (width,), "3.bias": (width,)}
    return {f"classifier.{k}": torch.randn(size) for k, size in sizes.items()}


def test_fc6_and_fc7_compute_what_the_classifier_computes(tmp_path, capsys):
    weights = {f"features.{k}": v for k, v in narrow_weights().items()} | fc_weights()
    fc = fc_layers()
    load_vgg16(vgg16_stages(2), save(weights, tmp_path / "vgg.pt"), **fc)
    x = torch.randn(2, 16, 7, 7)
    hidden = x.flatten(1) @ weights["classifier.0.weight"].T
    hidden = hidden + weights["classifier.0.bias"]
    expected = hidden @ weights["classifier.3.weight"].T + weights["classifier.3.bias"]
    output = fc["fc7"](fc["fc6"](x)).detach()
    torch.testing.assert_close(output[..., 0, 0], expected, rtol=1e-4, atol=1e-3)
    assert "13 convolutions, fc6 and fc7" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("taps", "channels"),  # of 7 taps in each direction, and of 7 channels
    [([0, 3, 6], [0, 3, 6]), ([0, 2, 4, 6], list(range(7)))],
)
def test_smaller_layers_take_evenly_spaced_taps_and_channels(
    tmp_path, capsys, taps, channels
):
    fc, width = fc_weights(7), len(channels)
    fc6, fc7 = nn.Conv2d(16, width, len(taps)), nn.Conv2d(width, width, 1)
    path = save(narrow_weights() | fc, tmp_path / "vgg.pt")
    load_vgg16(vgg16_stages(2), path, fc6=fc6, fc7=fc7)
    weight = fc["classifier.0.weight"].view(7, 16, 7, 7)
    expected = weight[channels][:, :, taps][..., taps]
    torch.testing.assert_close(fc6.weight.data, expected)
    torch.testing.assert_close(fc6.bias.data, fc["classifier.0.bias"][channels])
    expected = fc["classifier.3.weight"][channels][:, channels]
    torch.testing.assert_close(fc7.weight.data[..., 0, 0], expected)
    torch.testing.assert_close(fc7.bias.data, fc["classifier.3.bias"][channels])
    assert "fc6 and fc7, thinned out" in capsys.readouterr().out


def test_the_last_stage_can_be_dilated_and_keeps_its_size():
    stages = vgg16_stages(2, last_dilation=2)
    dilations = [conv.dilation for conv in convolutions(stages)]
    assert dilations == [(1, 1)] * 10 + [(2, 2)] * 3
    assert stages[4](torch.randn(1, 16, 5, 6)).shape == (1, 16, 5, 6)


def test_without_a_classifier_in_the_file_fc6_and_fc7_stay(tmp_path, capsys):
    fc = fc_layers()
    before = state_of(*fc.values())
    load_vgg16(vgg16_stages(2), save(narrow_weights(), tmp_path / "vgg.pt"), **fc)
    torch.testing.assert_close(state_of(*fc.values()), before, rtol=0, atol=0)
    assert "13 convolutions; not fc" in capsys.readouterr().out


def test_a_classifier_of_another_size_changes_nothing(tmp_path):
    weights = narrow_weights() | fc_weights()
    weights["classifier.3.weight"] = torch.randn(6, 5)
    path = save(weights, tmp_path / "vgg.pt")
    match = r"classifier\.3\.weight of shape \(6, 6, 1, 1\), found shape \(6, 5\)"
    assert_refused(path, match, **fc_layers())


def test_code_in_a_pickle_does_not_run(tmp_path):
    trace = tmp_path / "trace"

    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(trace),)

    plain, zipped = tmp_path / "plain.pt", tmp_path / "zipped.pt"
    plain.write_bytes(pickle.dumps(Trap(), protocol=2))
    torch.save({"0.weight": Trap()}, zipped)
    for path in (plain, zipped):
        assert_refused(path, r"written by torch\.save.*can't be read \(Unpickling")
    assert not trace.exists()


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_damaged_file_is_refused(tmp_path, suffix):
    path = save(narrow_weights(), tmp_path / f"vgg{suffix}")
    path.write_bytes(path.read_bytes()[:1000])
    assert_refused(path, f"vgg{suffix} must be a state dict .* save it again")


def flip_a_bit(path, tensor):
    """Change the sign of the last number of a tensor in a file."""
    content, wanted = bytearray(path.read_bytes()), tensor.numpy().tobytes()
    content[content.find(wanted) + len(wanted) - 1] ^= 0x80
    path.write_bytes(content)


def checksum_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["zip", "name", "file beside it"])
def test_a_single_wrong_bit_is_found(tmp_path, kind, capsys):
    weights = narrow_weights()
    path = tmp_path / ("vgg.safetensors" if kind == "file beside it" else "vgg.pt")
    is_zip = kind == "zip"
    if path.suffix == ".pt":
        torch.save(weights, path, _use_new_zipfile_serialization=is_zip)
    else:
        save_file(weights, path)
    if kind == "name":
        path = path.rename(tmp_path / f"vgg16-{checksum_of(path)[:8]}.pth")
    elif not is_zip:
        beside = tmp_path / "vgg.safetensors.sha256"
        beside.write_text(f"{checksum_of(path)}  vgg.safetensors\n")
    load_vgg16(vgg16_stages(2), path)
    assert "no checksum" not in capsys.readouterr().out
    flip_a_bit(path, weights["28.weight"])
    assert_refused(path, r"can't be read .*save it again")


def test_weights_without_a_checksum_are_read_and_it_is_said(tmp_path, capsys):
    path = save(narrow_weights(), tmp_path / "vgg.safetensors")
    load_vgg16(vgg16_stages(2), path)
    printed = capsys.readouterr().out
    assert "vgg.safetensors has no checksum" in printed and "sha256sum" in printed


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(tmp_path, suffix, value):
    weights = narrow_weights()
    weights["28.bias"][1] = value
    path = save(weights, tmp_path / f"vgg{suffix}")
    assert_refused(path, r"must hold finite weights, but 28\.bias holds nan or inf")


@pytest.mark.parametrize("content", [{"0.weight": 1}, [1], 5])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "vgg.pt")
    assert_refused(tmp_path / "vgg.pt", "must be a state dict")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.EMFILE])
def test_a_file_that_can_not_be_opened_is_not_called_broken(
    tmp_path, monkeypatch, number
):
    path = save(narrow_weights(), tmp_path / "vgg.pt")

    def fail(*args):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(vgg16, "require_checksums", fail)
    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        load_vgg16(vgg16_stages(2), path)
    assert "again" not in str(caught.value)


def test_damaged_weights_in_torchs_cache_are_not_loaded(environment, tmp_path):
    path = tmp_path / "hub" / "checkpoints" / Path(vgg16.IMAGENET.url).name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half of it")
    with pytest.raises(ValueError, match="damaged; delete it, and it is downloaded"):
        load_vgg16(vgg16_stages(), "imagenet")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone\.pt must be an existing file"):
        load_vgg16(vgg16_stages(2), tmp_path / "gone.pt")


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """An empty cache of torch, and no ``COURSE_WEIGHTS``."""
    monkeypatch.delenv("COURSE_WEIGHTS", raising=False)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    return monkeypatch


def test_unset_weights_are_none_until_they_were_fetched(environment, tmp_path, capsys):
    assert choose_weights() is None
    assert capsys.readouterr().out.startswith("weights: none (COURSE_WEIGHTS=imagenet")
    cached = tmp_path / "hub" / "checkpoints" / Path(vgg16.IMAGENET.url).name
    cached.parent.mkdir(parents=True)
    cached.touch()
    assert choose_weights() == "imagenet"
    assert choose_weights(8) is None
    environment.setenv("COURSE_WEIGHTS", "none")
    assert choose_weights() is None


def test_imagenet_weights_or_a_file_can_be_asked_for(environment, tmp_path, capsys):
    path = tmp_path / "vgg.pt"
    path.touch()
    for value, name in (("imagenet", "imagenet"), (str(path), "vgg.pt")):
        environment.setenv("COURSE_WEIGHTS", value)
        assert choose_weights() == value
        assert capsys.readouterr().out == f"weights: {name}\n"


@pytest.mark.parametrize("base_channels", [8, 64])
def test_a_file_of_weights_must_exist(environment, base_channels):
    environment.setenv("COURSE_WEIGHTS", "gone.pt")
    with pytest.raises(FileNotFoundError, match=r"none, imagenet or .* got 'gone\.pt'"):
        choose_weights(base_channels)


def test_narrow_models_start_without_weights_and_say_why(environment, capsys):
    environment.setenv("COURSE_WEIGHTS", "imagenet")
    assert choose_weights(16) is None
    expected = "weights: none (VGG16's fit base_channels=64, not 16)\n"
    assert capsys.readouterr().out == expected


def test_imagenet_weights_come_from_torchvision(monkeypatch):
    theirs = make_layers(cfgs["D"]).state_dict()

    class Fetched:
        url = "http://page/vgg16-of-nobody.pth"

        def get_state_dict(self, **options):
            assert options["check_hash"]
            return {f"features.{key}": value for key, value in theirs.items()}

    monkeypatch.setattr(vgg16, "IMAGENET", Fetched())
    stages = vgg16_stages()
    load_vgg16(stages, "imagenet")
    torch.testing.assert_close(stages[0][0].weight.data, theirs["0.weight"])
