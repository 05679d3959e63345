"""Tests of course_utils.datasets.scenes."""

import hashlib
import pickle
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import ndimage

from course_utils.datasets.scenes.annotation import reduce_owners, void_border
from course_utils.datasets.scenes.dataset import SceneDataset, draw_switches
from course_utils.datasets.scenes.scene import render_scene
from course_utils.labels import IGNORE_INDEX, VOC, colormap

FLAGS = {
    "texture_twins": "texture_twin",
    "reflections": "reflection",
    "scale_ladder": "scale_ladder",
    "thin_structures": "thin",
    "camouflage": "camouflage",
    "context": "context",
}
ALL_ON = dict.fromkeys(FLAGS, True)
HARD_SEEDS = (15, 20)
"""With all switches on, an object hides a phenomenon in the first attempt."""
SIZES = (64, 128, 512, (96, 160), (160, 96))

scene_of = cache(render_scene)


def fingerprint(scene):
    parts = (scene.image, scene.target, scene.instances, scene.reflection)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def flagged(scene, flag):
    """(index in ``instances``, object) of the objects with a flag."""
    return [(k, o) for k, o in enumerate(scene.objects, start=1) if flag in o.flags]


def assert_same(actual, expected):
    actual, expected = torch.tensor(actual), torch.tensor(expected)
    torch.testing.assert_close(actual, expected, rtol=0, atol=0)


def color_histogram(scene, instance):
    """Proportions of 512 colors among the pixels of one object."""
    pixels = scene.image[scene.instances == instance].astype(int) // 32
    counts = np.bincount(pixels @ [64, 8, 1], minlength=512)
    return counts / counts.sum()


def contrast(scene, instance):
    """Gray levels between the mean colors of an object and of what is around it."""
    inside = scene.instances == instance
    near = ndimage.binary_dilation(inside, iterations=1)
    around = ndimage.binary_dilation(inside, iterations=5) & ~near
    means = [scene.image[mask].mean(axis=0) for mask in (inside, around)]
    return np.abs(means[0] - means[1]).max()


def test_equal_arguments_give_equal_bytes_in_every_process():
    code = (
        "import sys, pickle; from course_utils.datasets import render_scene;"
        f"scene = render_scene(seed=3, size=64, **{ALL_ON});"
        "pickle.dump(scene, sys.stdout.buffer)"
    )
    command, root = [sys.executable, "-c", code], Path(__file__).parents[2]
    answer = subprocess.run(command, capture_output=True, check=True, cwd=root)
    scene, other = render_scene(seed=3, size=64, **ALL_ON), pickle.loads(answer.stdout)
    assert fingerprint(scene) == fingerprint(other)
    assert scene.objects == other.objects


def test_the_global_generators_are_neither_read_nor_moved():
    np.random.seed(0)  # noqa: NPY002 - it is the global generator that is watched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = fingerprint(render_scene(seed=3, size=64))
    assert_same(np.random.get_state()[1], before)  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    assert fingerprint(render_scene(seed=3, size=64)) == first


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_arrays_have_the_size_asked_for_and_objects_are_those_of_the_target(size):
    sides = size if isinstance(size, tuple) else (size, size)
    for seed in (2, 3):
        scene = scene_of(seed=seed, size=size, **ALL_ON)
        assert scene.image.shape == (*sides, 3)
        maps = (scene.target, scene.instances, scene.reflection)
        assert [a.shape for a in maps] == [sides] * 3
        dtypes = [a.dtype for a in (scene.image, *maps)]
        assert dtypes == [np.uint8, np.uint8, np.uint8, bool]
        values = set(np.unique(scene.target))
        assert {0, IGNORE_INDEX} < values <= {*range(21), IGNORE_INDEX}
        for k, thing in enumerate(scene.objects, start=1):
            rows, columns = np.nonzero(scene.instances == k)
            assert thing.area == len(rows) > 0
            box = (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
            assert thing.box == tuple(int(edge) for edge in box)
            assert set(scene.target[rows, columns]) == {thing.class_index}
        unowned = np.isin(scene.instances, (0, IGNORE_INDEX))
        assert_same(scene.target[unowned], scene.instances[unowned])
        assert scene.instances[~unowned].max() == len(scene.objects)


def test_one_seed_shows_the_same_scene_at_every_size():
    small, large = (scene_of(seed=5, size=size) for size in (128, 256))
    classes = [[o.class_index for o in scene.objects] for scene in (small, large)]
    assert classes[0] == classes[1]
    for a, b in zip(small.objects, large.objects, strict=True):
        assert b.box == pytest.approx([2 * edge for edge in a.box], abs=5)


def test_void_lies_on_what_is_behind():
    # object 2 stands before object 1: its border falls on 1 and on the background
    owners = np.zeros((5, 9), dtype=np.uint8)
    owners[1:5, 1:6], owners[2:4, 5:7] = 1, 2
    border = [
        [0, 1, 1, 1, 1, 1, 0, 0, 0],
        [1, 0, 0, 0, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 1, 0, 0, 1, 0],
        [1, 0, 0, 0, 1, 0, 0, 1, 0],
        [1, 0, 0, 0, 0, 1, 1, 0, 0],
    ]
    assert_same(void_border(owners, 1), np.array(border, dtype=bool))


def test_void_swallows_no_tiny_object():
    owners = np.zeros((5, 6), dtype=np.uint8)
    owners[2, 1], owners[1:4, 2:5] = 1, 2  # the neighbor's border would take all of it
    assert not void_border(owners, 1)[2, 1]


@pytest.mark.parametrize(("size", "width"), [(64, 1), (128, 1), (256, 2), (512, 4)])
def test_every_object_ends_in_void_whose_width_grows_with_the_picture(size, width):
    scene = scene_of(seed=5, size=size)
    owned = ~np.isin(scene.target, (0, IGNORE_INDEX))
    for steps, expected in ((width, False), (width + 1, True)):
        reached = ndimage.binary_dilation(owned, iterations=steps)
        assert (reached & (scene.target == 0)).any() == expected


@pytest.mark.parametrize("offset", range(4))
def test_a_line_one_pixel_wide_keeps_its_label_wherever_it_falls(offset):
    owners = np.zeros((16, 16), dtype=np.uint8)
    owners[:, 4 + offset : 8 + offset] = 1
    small = reduce_owners(owners, 4)
    # it covers columns 1 and 2 by 4 - offset and offset quarters; 2 quarters suffice
    expected = [0, int(offset <= 2), int(offset >= 2), 0]
    assert_same(small, np.array([expected] * 4, dtype=np.uint8))


def test_the_nearer_object_takes_a_shared_pixel():
    owners = np.ones((4, 4), dtype=np.uint8)
    owners[:, 2:] = 2
    assert reduce_owners(owners, 4)[0, 0] == 2


@pytest.mark.parametrize("name", FLAGS)
def test_a_switch_that_is_off_keeps_its_phenomenon_out(name):
    others_on = ALL_ON | {name: False}
    for switches in ({}, others_on):
        for seed in range(4):
            scene = scene_of(seed=seed, size=64, **switches)
            assert not flagged(scene, FLAGS[name])
            if name == "reflections":
                assert not scene.reflection.any()
            if name == "thin_structures":
                assert VOC.names.index("bicycle") not in scene.target


@pytest.mark.parametrize("switches", ["alone", "all"])
@pytest.mark.parametrize("name", FLAGS)
def test_a_switch_that_is_on_brings_its_phenomenon(name, switches):
    on = ALL_ON if switches == "all" else {name: True}
    for seed in (*range(6), *HARD_SEEDS):
        scene = scene_of(seed=seed, size=64, **on)
        things = [o for _, o in flagged(scene, FLAGS[name])]
        counts = Counter(VOC.names[o.class_index] for o in things)
        if name == "texture_twins":
            assert counts == {"bus": 1, "train": 1}
        elif name == "reflections":
            assert counts == {"bus": 1}
            assert scene.reflection.any()
        elif name == "scale_ladder":
            assert list(counts.values()) == [5]
        elif name == "thin_structures":
            assert counts.keys() <= {"bicycle", "chair"} and counts
        elif name == "context":
            assert counts == {"boat": 2, "car": 2}
        else:
            assert counts


@pytest.mark.parametrize("name", ["texture_twins", "scale_ladder", "context"])
def test_a_phenomenon_has_its_classes_to_itself(name):
    for seed in range(8):
        scene = scene_of(seed=seed, size=64, **{name: True})
        classes = {o.class_index for _, o in flagged(scene, FLAGS[name])}
        alike = [o for o in scene.objects if o.class_index in classes]
        assert len(alike) == len(flagged(scene, FLAGS[name]))


@pytest.mark.parametrize("sections", [(4, 10), (6, 9), (9, 10)])
def test_twins_are_as_long_as_their_sections(sections):
    for seed in range(4):
        scene = scene_of(
            seed=seed, size=256, texture_twins=True, twin_sections=sections
        )
        lengths = {
            VOC.names[o.class_index]: o.box[3] - o.box[1]
            for _, o in flagged(scene, "texture_twin")
        }
        ratio = lengths["bus"] / lengths["train"]
        assert ratio == pytest.approx(sections[0] / sections[1], abs=0.04)


@pytest.mark.parametrize("sections", [(10, 4), (5, 5), (3, 10), (4, 11)])
def test_twins_of_other_lengths_are_refused(sections):
    with pytest.raises(ValueError, match="twin_sections must be two numbers"):
        render_scene(seed=0, size=64, texture_twins=True, twin_sections=sections)


def test_twins_share_their_colors_and_others_do_not():
    scenes = [scene_of(seed=s, size=128, texture_twins=True) for s in range(8)]
    pairs = [
        [color_histogram(scene, k) for k, _ in flagged(scene, "texture_twin")]
        for scene in scenes
    ]
    between = [np.abs(a - b).sum() / 2 for a, b in pairs]
    across = [np.abs(pairs[k][0] - pairs[k - 1][1]).sum() / 2 for k in range(8)]
    assert max(between) < 0.33 < np.median(across)


def test_twins_share_their_roughness_and_height_but_not_their_length():
    for seed in range(8):
        scene = scene_of(seed=seed, size=128, texture_twins=True)
        gray = scene.image.mean(axis=2)
        steps = np.hypot(*np.gradient(gray))
        twins = {
            VOC.names[o.class_index]: (k, o) for k, o in flagged(scene, "texture_twin")
        }
        rough = {n: steps[scene.instances == k].mean() for n, (k, _) in twins.items()}
        assert rough["bus"] == pytest.approx(rough["train"], rel=0.25)
        size = {
            n: (o.box[2] - o.box[0], o.box[3] - o.box[1]) for n, (_, o) in twins.items()
        }
        assert size["bus"][0] == pytest.approx(size["train"][0], abs=3)
        assert size["train"][1] > 2 * size["bus"][1]


def test_a_reflected_bicycle_is_bus_in_the_target():
    for seed in range(8):
        scene = scene_of(seed=seed, size=128, reflections=True)
        assert set(scene.target[scene.reflection]) == {VOC.names.index("bus")}
        ((bus, thing),) = flagged(scene, "reflection")
        assert 150 < scene.reflection.sum() < thing.area / 4
        assert set(scene.instances[scene.reflection]) == {bus}


def test_a_ladder_reaches_from_a_few_pixels_to_most_of_the_image():
    for seed in range(8):
        scene = scene_of(seed=seed, size=128, scale_ladder=True)
        boxes = [o.box for _, o in flagged(scene, "scale_ladder")]
        sides = [max(b[2] - b[0], b[3] - b[1]) for b in boxes]
        assert 4 <= min(sides) <= 8
        assert max(sides) >= 0.55 * 128


@pytest.mark.parametrize("size", [64, 128, 256])
def test_thin_things_are_one_to_three_pixels_wide(size):
    for seed in range(6):
        scene = scene_of(seed=seed, size=size, thin_structures=True)
        for k, _ in flagged(scene, "thin"):
            mask = scene.instances == k
            broad = ndimage.binary_opening(mask, np.ones((4, 4)))  # seats and pedals
            assert broad.sum() < 0.45 * mask.sum()


def test_without_thin_structures_chairs_are_sturdy_and_there_is_no_bicycle():
    broad = []
    for seed in range(24):
        scene = scene_of(seed=seed, size=128)
        assert VOC.names.index("bicycle") not in scene.target
        for k, thing in enumerate(scene.objects, start=1):
            if VOC.names[thing.class_index] == "chair" and thing.area > 250:
                mask = scene.instances == k
                opened = ndimage.binary_opening(mask, np.ones((4, 4)))
                broad.append(opened.sum() / mask.sum())
    assert min(broad) > 0.8


def test_camouflage_has_little_contrast_and_the_rest_has_much():
    hidden, clear = [], []
    for seed in range(8):
        scene = scene_of(seed=seed, size=128, camouflage=True)
        for k, thing in enumerate(scene.objects, start=1):
            group = hidden if "camouflage" in thing.flags else clear
            group.append(contrast(scene, k))
    assert np.median(hidden) < 16 < 30 < np.median(clear)
    assert max(hidden) < 30


def test_context_blobs_are_equal_to_the_pixel():
    for switches in ({"context": True}, ALL_ON):
        for seed in range(6):
            scene = scene_of(seed=seed, size=128, **switches)
            blobs = flagged(scene, "context")
            looks = [scene.image[scene.instances == k] for k, _ in blobs]
            shapes = [
                scene.instances[o.box[0] : o.box[2], o.box[1] : o.box[3]] == k
                for k, o in blobs
            ]
            for look, shape in zip(looks, shapes, strict=True):
                assert_same(look, looks[0])
                assert_same(shape, shapes[0])


def test_splits_share_no_scene():
    prints = {}
    for split in ("train", "val"):
        dataset = SceneDataset(split, 4, size=64)
        prints[split] = {fingerprint(dataset.scene(k)) for k in range(4)}
        assert len(prints[split]) == 4
    assert not prints["train"] & prints["val"]
    seeds = [
        SceneDataset(split, 100, size=64, seed=seed).scene_seed(k)
        for split in ("train", "val")
        for seed in (0, 1)
        for k in range(100)
    ]
    assert len(set(seeds)) == 400


def test_an_item_is_an_rgb_and_a_palette_image_in_the_colors_of_voc():
    dataset = SceneDataset("val", 3, size=(64, 80))
    image, target = dataset[2]
    scene = dataset.scene(2)
    assert (image.mode, target.mode) == ("RGB", "P")
    assert image.size == target.size == (80, 64)
    assert_same(np.asarray(image), scene.image)
    assert_same(np.asarray(target), scene.target)
    assert target.getpalette() == colormap().ravel().tolist()
    assert len(dataset) == 3


def test_a_transform_gets_image_and_target_and_its_answers_are_the_items():
    def transform(image, target):
        return target.size, image.mode

    dataset = SceneDataset("train", 2, size=64, transform=transform)
    assert [*dataset] == [((64, 64), "RGB")] * 2


def test_the_mixture_holds_every_phenomenon_and_scenes_without_any():
    drawn = [draw_switches(seed) for seed in range(200)]
    for name in FLAGS:
        assert 0.08 < np.mean([switches[name] for switches in drawn]) < 0.6
    assert any(not any(switches.values()) for switches in drawn)


def test_no_class_is_rare_and_background_does_not_crowd_the_pixels():
    dataset = SceneDataset("train", 60, size=64)
    scenes = [dataset.scene(k) for k in range(60)]
    seen = Counter(c for s in scenes for c in {o.class_index for o in s.objects})
    assert len(seen) >= 10
    assert min(seen.values()) >= 2
    background = np.mean([np.mean(s.target == 0) for s in scenes])
    assert 0.55 < background < 0.75


@pytest.mark.parametrize("size", [63, 513, (64, 20), (64, 64, 3), 64.0, "64"])
def test_sizes_out_of_range_are_refused(size):
    with pytest.raises(ValueError, match="from 64 to 512 pixels, got"):
        render_scene(seed=0, size=size)


@pytest.mark.parametrize(
    ("seed", "error", "match"),
    [(-1, ValueError, "at least 0"), (0.5, TypeError, "a whole number")],
)
def test_seeds_are_natural_numbers(seed, error, match):
    with pytest.raises(error, match=f"seed must be {match}, got {seed}"):
        render_scene(seed=seed, size=64)


def test_unknown_splits_and_empty_data_sets_are_refused():
    with pytest.raises(ValueError, match="split must be one of"):
        SceneDataset("test", 3, size=64)
    with pytest.raises(ValueError, match="num_scenes must be at least 1"):
        SceneDataset("train", 0, size=64)
    with pytest.raises(ValueError, match="from 64 to 512 pixels"):
        SceneDataset("train", 3, size=32)
    with pytest.raises(IndexError, match="index must be from 0 to 2"):
        SceneDataset("train", 3, size=64).scene(3)
