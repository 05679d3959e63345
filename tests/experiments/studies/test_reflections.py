import math

import numpy as np
import torch
from torch import nn

from course_utils.datasets.scenes.dataset import SceneDataset, draw_switches
from course_utils.experiments.studies import reflections
from course_utils.experiments.studies.reflections import (
    BICYCLE,
    cut_bicycles,
    depth_of,
    find_grounds,
    largest_regions,
    paste_all,
    share_of_bicycle,
    shuffle_blocks,
    without_reflections,
)


class SaysBicycleOnWhite(nn.Module):
    """Bicycle where a pixel is white, background elsewhere."""

    def __init__(self):
        super().__init__()
        self.anchor = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        logits = torch.zeros(len(x), 21, *x.shape[-2:])
        logits[:, BICYCLE] = torch.where(x.amin(dim=1) > 2, 1.0, -1.0)
        return logits


def test_only_masked_pixels_count():
    images = torch.zeros(1, 3, 32, 32, dtype=torch.uint8)
    images[..., :16] = 255
    masks = torch.zeros(1, 32, 32, dtype=torch.bool)
    masks[..., 12:20] = True  # half on white
    assert share_of_bicycle(SaysBicycleOnWhite(), images, masks) == 0.5
    assert math.isnan(share_of_bicycle(nn.Identity(), images, ~(masks | ~masks)))


def test_training_scenes_with_reflections_are_drawn_without(trial, monkeypatch):
    switches = {0: True, 5: True}  # scenes that get one in this test
    scenes = SceneDataset("train", 8, size=64)
    numbers = {scenes.scene_seed(k): k for k in range(8)}

    def draw(seed):
        return {**draw_switches(seed), "reflections": numbers[seed] in switches}

    monkeypatch.setattr(reflections, "draw_switches", draw)
    before, after = trial.data.train.tensors[0], without_reflections(trial)
    same = (after.train.tensors[0] == before).flatten(1).all(dim=1)
    for k in range(8):
        had_one = draw_switches(scenes.scene_seed(k))["reflections"]
        assert bool(same[k]) == (k not in switches or not had_one)
    assert after.val is trial.data.val
    assert len(after.train) == 8


def test_a_whole_bicycle_is_cut_out_and_a_part_of_one_is_not():
    images = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    targets = torch.zeros(2, 64, 64, dtype=torch.uint8)
    targets[0, 20:40, 10:45] = BICYCLE  # 20 × 35
    targets[1, 20:40, 10:30] = BICYCLE  # cut to a square
    ((picture, mask),) = cut_bicycles(images, targets)
    assert mask.shape == (20, 35) and mask.all()
    np.testing.assert_array_equal(
        picture, images[0, :, 20:40, 10:45].permute(1, 2, 0).numpy()
    )


def test_the_largest_region_of_a_class_is_found():
    target = torch.zeros(1, 8, 8, dtype=torch.uint8)
    target[0, 0, :2], target[0, 4:, 4:] = 6, 6
    ((k, mask),) = largest_regions(target, (6, 7))
    assert k == 0 and mask.sum() == 16 and mask[4:, 4:].all()


def test_grounds_are_discs_of_background_as_wide_as_the_host():
    targets = torch.ones(2, 64, 64, dtype=torch.uint8)
    targets[1, 20:] = 0  # the second image has ground
    host = np.zeros((64, 64), dtype=bool)
    host[4:21, 4:60] = True  # 17 high: a circle of radius 9
    ((k, disc),) = find_grounds(targets, [(0, host)])
    assert k == 1
    assert (targets[1].numpy()[disc] == 0).all() and not disc[:32].any()
    assert abs(depth_of(disc).max() - depth_of(host).max()) <= 1
    everywhere = np.ones((64, 64), dtype=bool)  # nothing is as wide as this
    assert find_grounds(targets, [(0, everywhere)]) == []


def test_shuffling_moves_pixels_and_mask_together():
    picture = np.arange(8 * 12 * 3).reshape(8, 12, 3).astype(np.uint8)
    mask = picture[..., 0] > 100
    mixed, moved = shuffle_blocks((picture, mask), 0)
    assert (mixed != picture).any()
    before, after = (np.sort(values, axis=None) for values in (picture, mixed))
    np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(moved, mixed[..., 0] > 100)


def test_a_paste_is_as_opaque_as_asked_and_stays_in_its_host():
    images = torch.zeros(1, 3, 64, 64, dtype=torch.uint8)
    host = np.zeros((64, 64), dtype=bool)
    host[10:50, 10:50] = True
    source = (np.full((10, 18, 3), 200, dtype=np.uint8), np.ones((10, 18), dtype=bool))
    for opacity, gray in ((1.0, 200), (0.5, 100)):
        ((image, mask),) = paste_all(images, [(0, host)], [source], opacity)
        assert mask.sum() > 100 and host[mask].all()
        assert (image[mask] == gray).all() and (image[~mask] == 0).all()
    assert paste_all(images, [(0, host)], [], 1.0) == []


def test_both_nets_take_all_tests(trial):
    reflections.measure(trial)
    assert trial.is_stored("without: drawn in a bus", "with reflections: real")
    assert trial.is_stored("without: on the ground, opaque", "without: mean IoU")
