"""A model of one channel, trained on noise, for the tests of commands that use one."""

import numpy as np
import pytest
from PIL import Image
from scene_folder import write_voc_folder

from course_utils.cli import main as cli

TINY = ["--steps", "1", "--base-channels", "1", "--batch-size", "4"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Write 8 train and 4 val pairs of noise; scenes take longer to draw."""
    root, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(0)

    def pair():
        values = rng.integers(21, size=(64, 64, 4)).astype(np.uint8)
        return Image.fromarray(values[..., :3]), Image.fromarray(values[..., 3])

    splits = {"train": 8, "val": 4}
    return write_voc_folder(
        root, {s: {f"{s}{k}": pair() for k in range(n)} for s, n in splits.items()}
    )


def choose(patch, data):
    for name, value in {"RUN": "ci", "DATA": data, "WEIGHTS": "none"}.items():
        patch.setenv(f"COURSE_{name}", str(value))


@pytest.fixture
def environment(monkeypatch, tmp_path, data):
    choose(monkeypatch, data)
    monkeypatch.setenv("COURSE_CHECKPOINTS", str(tmp_path / "checkpoints"))


@pytest.fixture(scope="module")
def trained(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("trained") / "net.pt"
    with pytest.MonkeyPatch.context() as patch:
        choose(patch, data)
        assert cli.main(["train", "fcn8s", "--to", str(path), *TINY]) == 0
    return path
