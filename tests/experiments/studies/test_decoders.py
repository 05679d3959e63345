import pytest
import torch

from course_utils.experiments.studies.decoders import KINDS, make_decoder
from course_utils.training import make_optimizer


@pytest.mark.parametrize("kind", KINDS)
def test_logits_have_the_size_of_the_image(kind, logits_of):
    assert logits_of(make_decoder(kind, 5, 2)).shape == (2, 5, 64, 96)


def test_all_decoders_have_one_size():
    with torch.device("meta"):
        sizes = [
            sum(p.numel() for p in make_decoder(kind, 21, 32).parameters())
            for kind in KINDS
        ]
    assert max(sizes) < 1.002 * min(sizes)


def test_learned_upsampling_starts_bilinear(logits_of):
    learned = make_decoder("learned upsampling", 5, 2).eval()
    weights = learned.state_dict()
    fixed = make_decoder("bilinear", 5, 2)
    kept = {k: v for k, v in weights.items() if not k.startswith("unpools.")}
    fixed.load_state_dict(kept)
    x = torch.randn(1, 16, 4, 6)
    ours, theirs = (net.unpools[0](x, None, (8, 12)) for net in (learned, fixed))
    # At the border the kernel meets zeros
    torch.testing.assert_close(ours[..., 1:-1, 1:-1], theirs[..., 1:-1, 1:-1])


def test_its_kernels_are_no_matrices_for_muon():
    net = make_decoder("learned upsampling", 5, 2)
    groups = make_optimizer(net, "muon").param_groups
    matrices = {id(p) for p in groups[0]["params"]}
    assert id(net.decoder[0][0].weight) in matrices
    assert not any(id(part.upsampling.weight) in matrices for part in net.unpools)


def test_a_deconvolution_enlarges_by_as_many_weights():
    net, plain = (make_decoder(kind, 5, 2) for kind in ("deconvolution", "bilinear"))
    for ours, theirs in zip(net.decoder, plain.decoder, strict=True):
        assert ours[0].stride == (2, 2)
        assert ours[0].weight.numel() == theirs[0].weight.numel()


def test_bilinear_at_once_is_as_coarse_as_pool5(logits_of):
    coarse = make_decoder("bilinear at once", 5, 2)
    with torch.no_grad():
        assert coarse.eval().net(torch.randn(1, 3, 64, 96)).shape[-2:] == (2, 3)
