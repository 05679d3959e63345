import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision.transforms import v2

from course_utils.datasets import denormalize, eval_transform, train_transform

H, W = 24, 32
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def ramps(number=6):
    """Images whose red is the row and whose green the column, and both as targets."""
    rows = torch.arange(H, dtype=torch.uint8)[:, None].expand(H, W)
    columns = torch.arange(W, dtype=torch.uint8).expand(H, W)
    image = torch.stack([rows, columns, torch.full_like(rows, 255)])
    return [t.expand(number, *t.shape).clone() for t in (image, rows, columns)]


def moved_ramps(size, **options):
    """Red, green, target of rows, target of columns, after the same random moves."""
    images, rows, columns = ramps()
    moved, moved_rows = train_transform(size, generator=generator(1), **options)(
        images, rows
    )
    _, moved_columns = train_transform(size, generator=generator(1), **options)(
        images, columns
    )
    std, mean = (torch.tensor(v)[:, None, None] for v in (IMAGENET_STD, IMAGENET_MEAN))
    colors = (moved * std + mean) * 255
    return colors[:, 0], colors[:, 1], moved_rows, moved_columns


def inside(rows, columns):
    """Where no neighbor is outside the image, whose black would be mixed in."""
    seen = (rows != 255).float()
    near_edge = F.max_pool2d(1 - seen[:, None], 3, stride=1, padding=1)[:, 0] > 0
    at_edge = (rows == 0) | (rows == H - 1) | (columns == 0) | (columns == W - 1)
    return ~(near_edge | at_edge | (rows == 255))


@pytest.mark.parametrize("size", [(H, W), (17, 41)])
@pytest.mark.parametrize("scale", [(0.75, 1.5), (1.0, 1.0), (2.0, 3.0)])
def test_image_and_target_move_together(size, scale):
    red, green, rows, columns = moved_ramps(size, scale=scale)
    where = inside(rows, columns)
    assert where.float().mean() > 0.2
    # The color is the position that a pixel shows, its target the nearest whole one
    for color, target in ((red, rows), (green, columns)):
        difference = (color - target)[where]
        assert difference.abs().max() <= 0.5 + 1e-3
        if scale != (1.0, 1.0):
            assert abs(difference.mean()) < 0.05


def test_images_are_mirrored_left_to_right_and_never_upside_down():
    _, _, rows, columns = moved_ramps((H, W), scale=(1.0, 1.0))
    torch.testing.assert_close(rows, ramps()[1].long())  # no slack at scale 1
    straight, mirrored = ramps()[2][0].long(), ramps()[2][0].long().flip(-1)
    kinds = [columns[i].equal(straight) for i in range(6)]
    assert all(
        columns[i].equal(straight if kind else mirrored) for i, kind in enumerate(kinds)
    )
    assert 0 < sum(kinds) < 6


def test_half_of_the_images_are_mirrored():
    images, _, columns = ramps(400)
    _, moved = train_transform((H, W), scale=(1, 1), generator=generator())(
        images, columns
    )
    share = (moved[:, 0, 0] == W - 1).float().mean().item()
    assert share == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("scale", [0.75, 1.0, 1.5])
def test_the_scale_enlarges(scale):
    _, green, rows, columns = moved_ramps((H, W), scale=(scale, scale))
    where = inside(rows, columns)
    steps = green.diff(dim=-1)[where[..., 1:] & where[..., :-1]].abs()
    torch.testing.assert_close(steps.mean().item(), 1 / scale, rtol=0.01, atol=0)


def test_crops_come_from_all_of_the_image():
    images, rows, columns = ramps(200)
    for target, last in ((rows, H - 1), (columns, W - 1)):
        transform = train_transform((H, W), scale=(2, 2), generator=generator())
        _, moved = transform(images, target)
        first, final = moved.flatten(1).amin(dim=1), moved.flatten(1).amax(dim=1)
        # Twice enlarged, a crop shows half: anywhere between both edges, never void
        assert (first.min(), final.max()) == (0, last)
        middle = (first + final).float().mean().item() / 2
        assert middle == pytest.approx(last / 2, abs=1)
        assert ((final - first - last / 2).abs() <= 1).all()


def test_what_falls_outside_is_void_and_the_mean_color():
    images, rows, _ = ramps()
    transform = train_transform((2 * H, 2 * W), scale=(1, 1), generator=generator())
    moved, targets = transform(images, rows)
    assert (targets == 255).float().mean().item() == pytest.approx(0.75, abs=0.01)
    far = F.max_pool2d((targets != 255).float()[:, None], 3, 1, padding=1) == 0
    assert (moved[far.expand_as(moved)] == 0).all()
    # All of the image is somewhere: a crop that is larger never cuts it
    for target in targets:
        assert target.unique().tolist() == [*range(H), 255]


def test_targets_hold_what_they_held_and_void():
    torch.manual_seed(0)
    values = torch.tensor([3, 7, 20, 255], dtype=torch.uint8)
    targets = values[torch.randint(4, (8, H, W))]
    images = torch.zeros(8, 3, H, W, dtype=torch.uint8)
    _, moved = train_transform(20, scale=(0.5, 2), generator=generator())(
        images, targets
    )
    assert moved.dtype == torch.int64
    assert moved.unique().tolist() == [3, 7, 20, 255]


def test_every_image_of_a_batch_draws_numbers_of_its_own():
    red, green, _, _ = moved_ramps((20, 20))
    views = torch.stack([red, green], dim=1).flatten(1).round(decimals=2)
    assert len(views.unique(dim=0)) == len(views)


def test_a_batch_is_what_its_images_are_one_by_one():
    images, rows, _ = ramps(3)
    images = images + torch.arange(3, dtype=torch.uint8)[:, None, None, None]
    together = train_transform(20, generator=generator(4))(images, rows)
    one_by_one = train_transform(20, generator=generator(4))
    alone = [one_by_one(i, t) for i, t in zip(images, rows, strict=True)]
    for part, expected in zip(together, zip(*alone, strict=True), strict=True):
        torch.testing.assert_close(part, torch.stack(expected))


def test_equal_generators_move_equally_and_the_global_one_is_the_default():
    images, rows, _ = ramps()
    makes = [train_transform(20, generator=generator(s)) for s in (1, 1, 2)]
    runs = [transform(images, rows) for transform in makes]
    torch.testing.assert_close(runs[0], runs[1], rtol=0, atol=0)
    assert not runs[0][1].equal(runs[2][1])
    torch.manual_seed(1)
    torch.testing.assert_close(train_transform(20)(images, rows), runs[0])


@pytest.mark.parametrize("size", [(20, 28), 20])
def test_crops_have_the_size_asked_for(size):
    images, rows, _ = ramps(2)
    moved, targets = train_transform(size)(images, rows)
    height, width = (size, size) if isinstance(size, int) else size
    assert moved.shape == (2, 3, height, width)
    assert targets.shape == (2, height, width)
    assert moved.dtype == torch.float32
    assert type(moved) is type(targets) is torch.Tensor


def test_evaluation_normalizes_and_moves_nothing():
    images, rows, _ = ramps(2)
    rows[:, 3] = 255
    moved, targets = eval_transform()(images, rows)
    torch.testing.assert_close(targets, rows.long())
    expected = v2.functional.normalize(images / 255, IMAGENET_MEAN, IMAGENET_STD)
    torch.testing.assert_close(moved, expected)
    assert type(moved) is type(targets) is torch.Tensor


def test_denormalization_is_the_exact_inverse():
    # Every byte in every channel
    images = torch.arange(256, dtype=torch.uint8).view(1, 16, 16).expand(2, 3, 16, 16)
    normalized, _ = eval_transform()(images, images[:, 0])
    torch.testing.assert_close(denormalize(normalized), images.contiguous())
    torch.testing.assert_close(denormalize(normalized[0]), images[0].contiguous())


def test_denormalization_clips_what_no_image_holds():
    images = torch.tensor([-100.0, 100.0]).view(1, 1, 2).expand(3, 1, 2)
    assert denormalize(images).flatten().tolist() == [0, 255] * 3


def test_a_pair_of_pil_is_taken_too():
    images, rows, _ = ramps(1)
    rows[0, 5, 5] = 255
    image = Image.fromarray(images[0].permute(1, 2, 0).numpy())
    target = Image.fromarray(rows[0].numpy())
    target.putpalette(bytes(range(256)) * 3)
    assert target.mode == "P"
    expected = eval_transform()(images[0], rows[0])
    torch.testing.assert_close(eval_transform()(image, target), expected)
    crop, label_map = train_transform((9, 10))(image, target)
    assert (crop.shape, label_map.shape) == ((3, 9, 10), (9, 10))


FIT = torch.zeros(2, 3, 8, 8).byte()


@pytest.mark.parametrize("make", [eval_transform, lambda: train_transform(8)])
@pytest.mark.parametrize(
    ("images", "targets", "error", "match"),
    [
        (FIT.float(), FIT[:, 0].long(), TypeError, "only once"),
        (FIT, FIT[:, 0].float(), TypeError, r"got torch\.uint8 and torch\.float32"),
        (FIT, FIT[:, 0, :, :7], ValueError, r"got \(2, 3, 8, 8\) and \(2, 8, 7\)"),
        (FIT, FIT[:1, 0], ValueError, "agree in number"),
        (FIT[0], FIT[:1, 0], ValueError, "agree in number"),
    ],
    ids=["float image", "float target", "other width", "other number", "no batch"],
)
def test_pairs_that_do_not_fit_are_refused(make, images, targets, error, match):
    with pytest.raises(error, match=match):
        make()(images, targets)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "1", "I;16"])
def test_a_pil_target_of_colors_or_other_numbers_is_refused(mode):
    image = Image.new("RGB", (4, 3))
    with pytest.raises(
        ValueError, match=rf"PIL target must be in mode P or L, got {mode}"
    ):
        eval_transform()(image, Image.new(mode, (4, 3)))


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_a_pil_image_of_other_channels_is_refused(mode):
    target = Image.new("L", (4, 3))
    with pytest.raises(ValueError, match=rf"PIL image must be in mode RGB, got {mode}"):
        eval_transform()(Image.new(mode, (4, 3)), target)
