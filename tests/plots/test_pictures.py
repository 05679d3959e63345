from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb
from PIL import Image

from course_utils.labels import CAMVID, VOC
from course_utils.plots import comparison_wall, show_errors, show_pairs

CREAM, MAGENTA = [224, 224, 192], [255, 0, 255]


def scene():
    """Return a photograph, 60x80, with a bus left, a dog right and void between."""
    image = np.full((60, 80, 3), 100, dtype=np.uint8)
    target = np.full((60, 80), 6, dtype=np.uint8)
    target[:, 38:42] = 255
    target[:, 42:] = 12
    return image, target


def names_on(ax):
    return sorted(text.get_text() for text in ax.texts)


def pixels(ax, row, column):
    drawn = np.asarray(ax.images[0].get_array())[row, column]
    return (drawn if drawn.dtype == np.uint8 else (255 * drawn).round()).tolist()


def test_regions_carry_the_names_of_their_classes():
    image, target = scene()
    axes = show_errors(image, target, np.zeros_like(target))
    assert names_on(axes[0]) == []
    assert names_on(axes[1]) == ["bus", "dog"]
    assert names_on(axes[2]) == []  # background
    sky = show_errors(image, np.zeros_like(target), target, label_set=CAMVID)[1]
    assert names_on(sky) == ["sky"]
    assert pixels(sky, 0, 0) == [128, 128, 128]


def test_a_name_stands_at_the_deepest_point_of_its_region():
    image, target = np.zeros((90, 120, 3), dtype=np.uint8), np.zeros((90, 120), int)
    target[10:61, 20:71] = 8  # a square around row 35, column 45
    target[34:37, 71:110] = 8  # and a long tail
    (text,) = show_errors(image, target, target)[1].texts
    assert text.get_position() == (45, 35)
    assert text.get_path_effects()


def test_a_class_with_small_regions_only_is_named_above_its_deepest():
    image, target = np.zeros((300, 400, 3), dtype=np.uint8), np.zeros((300, 400), int)
    target[50:55, 40:45] = 17  # depth 3 at row 52, column 42
    target[80, 100] = 3  # a crumb
    (text,) = show_errors(image, target, target)[1].texts
    assert text.get_text() == "sheep"
    assert text.get_position()[0] == 42
    assert text.get_position()[1] < 50


def test_a_name_goes_above_its_region_but_not_on_another_class():
    image, target = np.zeros((300, 400, 3), dtype=np.uint8), np.zeros((300, 400), int)
    target[100:201, 100:201] = 15
    target[140:161, 201:222] = 5  # its name would reach into that of the person
    person, bottle = show_errors(image, target, target)[1].texts
    person.figure.canvas.draw()
    assert (person.get_text(), bottle.get_text()) == ("person", "bottle")
    assert not person.get_window_extent().overlaps(bottle.get_window_extent())
    target[140:161, 201:222] = 0
    target[130:171, 120:141] = 5  # there is no room above and below but on the person
    (person,) = show_errors(image, target, target)[1].texts
    assert person.get_text() == "person"


def test_a_name_at_the_edge_stays_inside_the_picture():
    image, target = np.zeros((90, 120, 3), dtype=np.uint8), np.zeros((90, 120), int)
    target[40:70, :20] = 16
    (text,) = show_errors(image, target, target)[1].texts
    figure = text.figure
    figure.canvas.draw()
    box, panel = text.get_window_extent(), text.axes.get_window_extent()
    assert panel.x0 - 2 <= box.x0 < box.x1 <= panel.x1 + 2


def test_names_do_not_cover_each_other():
    image, target = np.zeros((40, 400, 3), dtype=np.uint8), np.zeros((40, 400), int)
    for k in range(20):
        target[:, 20 * k : 20 * k + 19] = 16
    ax = comparison_wall([image], [target], {"U-Net": [target]})[0, 1]
    columns = sorted(text.get_position()[0] for text in ax.texts)
    assert 2 <= len(columns) < 20
    ax.figure.canvas.draw()
    boxes = sorted(
        (t.get_window_extent().x0, t.get_window_extent().x1) for t in ax.texts
    )
    assert all(a[1] <= b[0] for a, b in pairwise(boxes))


def test_a_value_that_is_no_class_is_magenta_and_says_so():
    image, target = scene()
    ax = show_errors(image, np.full_like(target, 37), target)[1]
    assert pixels(ax, 0, 0) == MAGENTA
    assert names_on(ax) == ["no class 37"]


def test_tensors_and_pil_images_are_drawn_like_arrays():
    image, target = scene()
    palette = Image.fromarray(target)
    floats = torch.tensor(image).permute(2, 0, 1) / 255
    axes = show_errors(floats, palette, torch.tensor(target))
    assert pixels(axes[0], 5, 5) == [100, 100, 100]
    assert axes[0].images[0].get_array().shape == (60, 80, 3)
    assert pixels(axes[1], 5, 5) == list(VOC.colors[6])


def test_errors_are_orange_void_is_cream_and_the_rest_is_dark():
    image, target = scene()
    prediction = np.where(target == 255, 0, target)
    prediction[:, 42:61] = 8  # half of the dog: 19 of the 38 + 38 columns outside void
    axes = show_errors(image, target, prediction)
    titles = [ax.get_title() for ax in axes]
    assert titles == ["image", "target", "prediction", "25.0 % wrong"]
    assert pixels(axes[0], 5, 5) == [100, 100, 100]
    assert pixels(axes[1], 5, 5) == list(VOC.colors[6])
    assert pixels(axes[1], 5, 40) == CREAM
    assert pixels(axes[2], 5, 40) == [0, 0, 0]
    assert all(ax.images[0].get_interpolation() == "nearest" for ax in axes)
    assert axes[0].figure.get_size_inches()[0] == 9
    assert pixels(axes[3], 5, 5) == [50, 50, 50]
    legend = axes[3].get_legend()
    assert [t.get_text() for t in legend.get_texts()] == ["wrong", "void, not counted"]
    for handle, column in zip(legend.get_patches(), (50, 40), strict=True):
        color = [round(255 * c) for c in to_rgb(handle.get_facecolor())]
        assert pixels(axes[3], 5, column) == color
    assert pixels(axes[3], 5, 50) != pixels(axes[3], 5, 70) == [50, 50, 50]
    axes = show_errors(image, np.full_like(target, 255), target)
    assert axes[3].get_title() == "all void"


def test_the_wall_has_a_row_an_image_and_a_column_a_model():
    image, target = scene()
    images, targets = [image, image[:40]], [target, target[:40]]
    zeros, ones = [np.zeros_like(t) for t in targets], [t * 0 + 1 for t in targets]
    axes = comparison_wall(images, targets, {"FCN-32s": zeros, "U-Net": ones})
    assert axes.shape == (2, 4)
    titles = [ax.get_title() for ax in axes[0]]
    assert titles == ["image", "target", "FCN-32s", "U-Net"]
    assert [ax.get_title() for ax in axes[1]] == [""] * 4
    assert pixels(axes[1, 2], 5, 5) == [0, 0, 0]
    assert pixels(axes[1, 3], 5, 5) == list(VOC.colors[1])
    assert axes[1, 3].images[0].get_array().shape == (40, 80, 3)
    assert names_on(axes[0, 3]) == ["aeroplane"]


def test_a_wall_of_many_models_grows_wider_rather_than_unreadable():
    image, target = scene()
    axes = comparison_wall([image], [target], {str(k): [target] for k in range(10)})
    assert axes[0, 0].figure.get_size_inches()[0] == 12 * 1.5


def test_walls_with_missing_predictions_are_refused():
    image, target = scene()
    with pytest.raises(
        ValueError, match=r"U-Net must hold .* each of the 2 images, got 1"
    ):
        comparison_wall([image] * 2, [target] * 2, {"U-Net": [target]})
    with pytest.raises(ValueError, match="at least one image"):
        comparison_wall([], [], {})


def test_pairs_blend_half_image_and_half_color():
    image, target = scene()
    axes = show_pairs([image] * 3, [target] * 3, num_columns=2)
    assert axes.shape == (2, 2)
    assert [ax.get_title() for ax in axes.flat] == ["0", "1", "2", ""]
    # bus is (0, 128, 128): halves of 100 and of that
    assert pixels(axes[0, 0], 5, 5) == [50, 114, 114]
    assert names_on(axes[1, 0]) == ["bus", "dog"]
    assert not axes[1, 1].images


def test_a_normalized_image_says_how_to_undo_that():
    image, target = scene()
    normalized = image / 50 - 2.5
    with pytest.raises(ValueError, match=r"-0\.5 .*transforms\.denormalize"):
        show_errors(normalized, target, target)
    with pytest.raises(ValueError, match="nan"):
        show_errors(image * np.nan, target, target)
    with pytest.raises(ValueError, match=r"0 to 100; .*divide gray levels by 255"):
        show_errors(image * np.linspace(0, 1, 3), target, target)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"target": np.zeros((60, 80))}, TypeError, "target .* float64; .*argmax"),
        ({"prediction": np.zeros((60, 80))}, TypeError, "prediction .* float64"),
        (
            {"prediction": np.zeros((21, 60, 80), int)},
            ValueError,
            r"prediction .*\(H, W\)",
        ),
        (
            {"target": np.zeros((60, 79), int)},
            ValueError,
            r"target .*\(60, 80\).*, 79\)",
        ),
        ({"target": np.full((60, 80), -1)}, ValueError, "target .* got -1"),
        ({"prediction": np.full((60, 80), 256)}, ValueError, "prediction .* 256"),
        ({"image": np.zeros((60, 80))}, ValueError, "image must be RGB"),
        ({"image": np.zeros((60, 80, 3), int)}, TypeError, "image must be uint8"),
        ({"image": torch.zeros(1, 3, 60, 80)}, ValueError, "for a batch, take one"),
    ],
)
def test_wrong_input_is_named(change, error, message):
    image, target = scene()
    given = {"image": image, "target": target, "prediction": target} | change
    with pytest.raises(error, match=message):
        show_errors(**given)
    assert plt.get_fignums() == []
