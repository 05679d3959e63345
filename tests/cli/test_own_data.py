"""Classes of one's own, from the training to the prediction."""

import numpy as np
import pytest
import torch
from PIL import Image
from scene_folder import write_voc_folder

from course_utils.training.saved_model import load_model

TINY = ["--steps", "1", "--base-channels", "1", "--batch-size", "4"]
COLORS = {"floor": (10, 20, 30), "leaf": (0, 200, 0), "ripe fruit": (200, 0, 0)}


@pytest.fixture(scope="module")
def leaves(tmp_path_factory):
    """Ten pairs in CVAT's layout: colors, one list, and the names in labelmap.txt."""
    rng = np.random.default_rng(0)
    colors = np.array(list(COLORS.values()), dtype=np.uint8)

    def pair():
        values = rng.integers(3, size=(64, 64)).astype(np.uint8)
        noise = rng.integers(40, size=(64, 64, 3)).astype(np.uint8)
        image = 60 * values[..., None] + noise
        return Image.fromarray(image), Image.fromarray(colors[values])

    pairs = {f"frame {k}": pair() for k in range(10)}
    root = tmp_path_factory.mktemp("cvat") / "leaves"
    write_voc_folder(root, {"default": pairs})
    lines = (f"{name}:{r},{g},{b}::\n" for name, (r, g, b) in COLORS.items())
    (root / "labelmap.txt").write_text("".join(lines))
    return root


@pytest.fixture(autouse=True)
def environment(monkeypatch, leaves):
    for name, value in {"RUN": "ci", "DATA": leaves, "WEIGHTS": "none"}.items():
        monkeypatch.setenv(f"COURSE_{name}", str(value))


def test_they_go_from_the_folder_into_the_model_and_its_predictions(
    run_command, leaves, tmp_path, monkeypatch
):
    path = tmp_path / "net.pt"
    status, printed = run_command("train", "fcn32s", "--to", path, *TINY)
    assert status == 0
    assert "leaves, 8 train and 2 val pairs of 64 × 64 pixels, 3 classes" in printed
    model, spec = load_model(path)
    assert spec.label_set.names == tuple(COLORS)
    assert model(torch.zeros(1, 3, 32, 32)).shape[1] == 3

    status, printed = run_command("evaluate", path)
    assert status == 0
    assert "trained on leaves, on 2 val images" in printed
    assert all(name in printed for name in COLORS)

    monkeypatch.setenv("COURSE_DATA", "scenes")  # predictions need no data
    image = leaves / "JPEGImages" / "frame 3.jpg"
    status, printed = run_command("predict", path, image, "--to", tmp_path / "out")
    assert status == 0
    label_map = Image.open(tmp_path / "out" / "frame 3.png")
    values = np.asarray(label_map)
    assert values.max() < 3
    expected = np.array(list(COLORS.values()))[values]
    np.testing.assert_array_equal(np.asarray(label_map.convert("RGB")), expected)

    status, printed = run_command("evaluate", path)
    assert status == 2
    assert "floor, leaf, ripe fruit" in printed and "aeroplane" in printed


def test_thirty_classes_are_as_good_as_three(run_command, tmp_path, monkeypatch):
    root = tmp_path / "thirty"
    values = np.arange(64 * 64, dtype=np.uint32).reshape(64, 64) % 30
    pair = (
        Image.fromarray(np.stack([values * 8] * 3, axis=-1).astype(np.uint8)),
        Image.fromarray(values.astype(np.uint8)),
    )
    flipped = tuple(part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for part in pair)
    train = {str(k): pair for k in range(4)}
    write_voc_folder(root, {"train": train, "val": {"v": flipped}})
    monkeypatch.setenv("COURSE_DATA", str(root))
    status, printed = run_command("train", "fcn32s", "--to", tmp_path / "a.pt", *TINY)
    assert status == 2
    assert "name the classes of this data set in classes.txt" in printed
    (root / "classes.txt").write_text("\n".join(f"class {k}" for k in range(30)))
    status, _ = run_command("train", "fcn32s", "--to", tmp_path / "a.pt", *TINY)
    assert status == 0
    assert load_model(tmp_path / "a.pt")[1].label_set.num_classes == 30
