import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from course_utils.cli.predict import describe_label_map
from course_utils.files import write_colors, write_label_map
from course_utils.labels import VOC, colormap, label_map_to_rgb
from course_utils.training.evaluation import predict_probs


class Brightness(nn.Module):
    """Two classes: dark and bright; remembers the sizes it was given."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.sizes = []

    def forward(self, x):
        self.sizes.append(tuple(x.shape[-2:]))
        bright = x.mean(dim=1, keepdim=True) * self.weight
        return torch.cat([-bright, bright], dim=1)


def half_bright(height, width):
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, width // 2 :] = 255
    return image


@pytest.mark.parametrize(
    ("size", "scaled"),
    [
        ((60, 80), (48, 64)),
        ((80, 60), (64, 48)),
        ((300, 400), (48, 64)),
        ((20, 400), (32, 64)),  # 3 rows, padded to what a model takes
        ((1, 1), (64, 64)),
    ],
)
def test_a_picture_of_any_size_is_scaled_and_comes_back(size, scaled):
    model = Brightness()
    probs = predict_probs(model, half_bright(*size), image_size=64)
    assert model.sizes == [scaled]
    assert probs.shape == (2, *size)
    assert probs.dtype == torch.float32
    torch.testing.assert_close(probs.sum(dim=0), torch.ones(size))


def test_the_prediction_lies_on_the_picture():
    probs = predict_probs(Brightness(), half_bright(96, 128), image_size=64)
    prediction = probs.argmax(dim=0)
    assert (prediction[:, :62] == 0).all() and (prediction[:, 66:] == 1).all()


def test_the_indexed_file_holds_indices_and_the_colored_one_colors(tmp_path):
    label_map = np.arange(21, dtype=np.uint8).reshape(3, 7)
    write_label_map(tmp_path / "a.png", label_map, colormap(VOC))
    write_colors(tmp_path / "b.png", label_map, colormap(VOC))
    with (
        Image.open(tmp_path / "a.png") as indexed,
        Image.open(tmp_path / "b.png") as colored,
    ):
        assert (indexed.mode, colored.mode) == ("P", "RGB")
        np.testing.assert_array_equal(np.asarray(indexed), label_map)
        colors = label_map_to_rgb(label_map, VOC)
        np.testing.assert_array_equal(np.asarray(colored), colors)
        np.testing.assert_array_equal(np.asarray(indexed.convert("RGB")), colors)


def test_classes_are_named_the_largest_first():
    label_map = np.array([[8, 8, 8, 0]])
    assert describe_label_map(label_map, VOC) == "cat 75 %, background 25 %"
