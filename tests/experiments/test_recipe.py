import pytest
import torch
from torch import nn

from course_utils.experiments.recipe import Crops, make_rmsprop


def numbered(number=5, height=6, width=8):
    """Images whose pixels say where they come from: image, row and column."""
    grid = torch.stack(
        torch.meshgrid(
            torch.arange(number),
            torch.arange(height),
            torch.arange(width),
            indexing="ij",
        ),
        dim=1,
    )
    images = grid.to(torch.uint8)
    targets = (100 + 10 * images[:, 1] + images[:, 2]).to(torch.uint8)
    return images, targets


def test_a_crop_is_a_window_of_its_image_and_of_its_target():
    torch.manual_seed(0)
    images, targets = next(iter(Crops(*numbered(), batch_size=5, size=(3, 4))))
    assert images.shape == (5, 3, 3, 4)
    assert targets.shape == (5, 3, 4)
    assert images.dtype == targets.dtype == torch.uint8
    torch.testing.assert_close(targets, 100 + 10 * images[:, 1] + images[:, 2])
    assert (images[:, 1].diff(dim=1) == 1).all()  # the next row of the image
    steps = images[:, 2].short().diff(dim=2)
    assert ((steps == 1).all(dim=(1, 2)) | (steps == -1).all(dim=(1, 2))).all()


def test_every_place_and_both_directions_are_drawn():
    torch.manual_seed(0)
    crops = Crops(*numbered(1), batch_size=1, size=(3, 4))
    seen = set()
    for _ in range(400):
        image = next(iter(crops))[0][0]
        left, step = int(image[2].min()), int(image[2, 0, 1]) - int(image[2, 0, 0])
        seen.add((int(image[1, 0, 0]), left, step))
    # 6 - 3 + 1 rows, 8 - 4 + 1 columns, mirrored or not
    assert seen == {(r, c, s) for r in range(4) for c in range(5) for s in (1, -1)}


def test_a_pass_takes_each_image_once_and_leaves_out_what_fills_no_batch():
    torch.manual_seed(0)
    crops = Crops(*numbered(5), batch_size=2, size=None)
    assert len(crops) == 2
    passes = [
        [int(i) for images, _ in crops for i in images[:, 0, 0, 0]] for _ in "abc"
    ]
    assert all(len(set(one)) == 4 for one in passes)
    assert len({tuple(one) for one in passes}) > 1


def test_without_a_size_the_images_are_whole():
    images, _ = next(iter(Crops(*numbered(), batch_size=1, size=None)))
    assert images.shape == (1, 3, 6, 8)
    assert sorted(images[0, 2, 0].tolist()) == list(range(8))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"batch_size": 1, "size": (7, 4)}, "6×8 pixels, got 7×4"),
        ({"batch_size": 1, "size": (3, 9)}, "6×8 pixels, got 3×9"),
        ({"batch_size": 6, "size": None}, "from 1 to the 5 training images, got 6"),
        ({"batch_size": 0, "size": None}, "from 1 to the 5 training images, got 0"),
    ],
)
def test_crops_and_batches_that_do_not_fit_are_refused(options, match):
    with pytest.raises(ValueError, match=match):
        Crops(*numbered(), **options)


def step_by_hand(weight, gradients, lr, l2):
    """Lasagne's rmsprop on a number, with the floor of the root outside it."""
    mean_square = 0.0
    for gradient in gradients:
        gradient = gradient + 2 * l2 * weight
        mean_square = 0.9 * mean_square + 0.1 * gradient**2
        weight -= lr * gradient / (mean_square**0.5 + 1e-3)
    return weight


def test_steps_are_those_of_rmsprop_with_a_penalty_on_weights_alone():
    model = nn.Linear(1, 1)
    nn.init.constant_(model.weight, 2.0)
    nn.init.constant_(model.bias, 3.0)
    optimizer = make_rmsprop(model, lr=0.01)
    for gradient in (0.5, -0.02):
        for parameter in model.parameters():
            parameter.grad = torch.full_like(parameter, gradient)
        optimizer.step()
    expected = step_by_hand(2.0, (0.5, -0.02), 0.01, 1e-4)
    assert model.weight.item() == pytest.approx(expected, abs=1e-6)
    expected = step_by_hand(3.0, (0.5, -0.02), 0.01, 0)
    assert model.bias.item() == pytest.approx(expected, abs=1e-6)
