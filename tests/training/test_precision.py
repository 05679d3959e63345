import pytest
import torch
from accelerate.state import AcceleratorState

from course_utils.training.precision import (
    autocast,
    best_device,
    fastest_convolutions,
    make_accelerator,
    mixed_precision,
    out_of_memory_advice,
)


@pytest.mark.parametrize(
    ("has_gpu", "has_bf16", "expected"),
    [(False, False, "no"), (True, True, "bf16"), (True, False, "fp16")],
)
def test_the_gpu_decides_the_precision(monkeypatch, has_gpu, has_bf16, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_gpu)
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation: has_bf16
    )
    assert mixed_precision() == expected


def test_on_a_cpu_everything_is_float32():
    x = torch.ones(2, 2)
    with autocast():
        assert (x @ x).dtype == torch.float32


def test_autocast_is_that_of_accelerate(monkeypatch):
    monkeypatch.setattr(
        "course_utils.training.precision.mixed_precision", lambda: "bf16"
    )
    AcceleratorState._reset_state(True)
    x = torch.ones(2, 2)
    with autocast():
        assert (x @ x).dtype == torch.bfloat16
    AcceleratorState._reset_state(True)


def test_the_device_is_the_one_that_accelerate_trains_on():
    assert best_device() == make_accelerator(0).device


@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.parametrize("before", [False, True])
def test_convolutions_are_tried_only_inside(monkeypatch, before, deterministic):
    cudnn = torch.backends.cudnn
    monkeypatch.setattr(cudnn, "deterministic", deterministic)
    monkeypatch.setattr(cudnn, "benchmark", before)
    limit = cudnn.benchmark_limit
    with fastest_convolutions():
        assert cudnn.benchmark == (not deterministic)
        assert cudnn.deterministic == deterministic
        assert cudnn.benchmark_limit == 5
        assert cudnn.enabled
    assert cudnn.benchmark == before
    assert cudnn.benchmark_limit == limit


def test_an_error_inside_brings_the_old_setting_back(monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", False)
    with pytest.raises(RuntimeError, match="inside"), fastest_convolutions():
        raise RuntimeError("inside")
    assert not torch.backends.cudnn.benchmark


def order_of_images(seed):
    images = torch.arange(12)
    loader = torch.utils.data.DataLoader(images, batch_size=4, shuffle=True)
    return torch.cat(list(make_accelerator(seed).prepare(loader)))


def test_the_order_of_images_follows_the_seed_and_not_the_global_state():
    orders = []
    for seed, state in ((1, 0), (1, 5), (2, 0)):
        torch.manual_seed(state)
        orders.append(order_of_images(seed).cpu())
    torch.testing.assert_close(orders[0], orders[1])
    assert not orders[0].equal(orders[2])


@pytest.mark.parametrize(
    ("batch_size", "advice"),
    [(16, "try batch_size=8,"), (3, "try batch_size=1,"), (1, "try smaller images,")],
)
def test_the_advice_names_half_the_batch_size(batch_size, advice):
    text = out_of_memory_advice(batch_size, (64, 96))
    assert f"batch of {batch_size} images of 64×96 pixels" in text
    assert advice in text


def test_the_advice_names_the_memory_of_the_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (0, 24 * 2**30))
    assert "24 GiB" in out_of_memory_advice(8, (64, 64))
