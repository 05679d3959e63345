"""Targets drawn on photographs that EXIF turns."""

import numpy as np
import pytest
from PIL import Image
from scene_folder import write_voc_folder

from course_utils.datasets.folder import SegmentationFolder
from course_utils.datasets.orientation import Fit, count_fits, fit_of

STORE = {  # what undoes the turn of an orientation
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize(
    ("orientation", "shown", "target", "fit"),
    [
        (1, (8, 6), (8, 6), Fit.PLAIN),
        (1, (8, 6), (6, 8), Fit.PLAIN),
        (6, (8, 6), (8, 6), Fit.UPRIGHT),
        (6, (8, 6), (6, 8), Fit.STORED),
        (5, (8, 6), (6, 8), Fit.STORED),
        (3, (8, 6), (8, 6), Fit.EITHER),
        (3, (8, 6), (6, 8), Fit.PLAIN),
        (8, (6, 6), (6, 6), Fit.EITHER),
        (8, (8, 6), (4, 3), Fit.PLAIN),
    ],
)
def test_the_size_of_a_target_tells_how_it_was_drawn(orientation, shown, target, fit):
    assert fit_of(orientation, shown, target) == fit


def pair(size=(6, 8), seed=0):
    rng = np.random.default_rng(seed)
    image = rng.integers(256, size=(*size, 3)).astype(np.uint8)
    target = rng.integers(21, size=size).astype(np.uint8)
    return Image.fromarray(image), Image.fromarray(target)


@pytest.fixture
def write(tmp_path):
    """Write upright pairs, then turn some as a phone and a labeling tool would.

    ``turned`` gives the orientation by name, ``stored`` the names whose targets were
    drawn on the photograph as it is stored.
    """

    def write(turned, stored=(), size=(6, 8)):
        pairs = {name: pair(size, seed) for seed, name in enumerate("abc")}
        root = tmp_path / "photos"
        splits = {"train": pairs, "val": {"d": pair(size, 9)}}
        write_voc_folder(root, splits, suffix=".png")
        for name, orientation in turned.items():
            image, target = pairs[name]
            exif = Image.Exif()
            exif[0x0112] = orientation
            path = root / "JPEGImages" / f"{name}.png"
            image.transpose(STORE[orientation]).save(path, exif=exif)
            if name in stored:
                target = target.transpose(STORE[orientation])
                target.save(root / "SegmentationClass" / f"{name}.png")
        return root, pairs

    return write


@pytest.mark.parametrize(
    ("turned", "stored"),
    [
        ({"a": 6, "b": 8, "c": 3}, ""),
        ({"a": 6, "b": 8, "c": 3}, "abc"),
        ({"a": 3}, ""),  # nothing speaks against it
        ({"a": 6, "b": 8}, "a"),  # each size tells
    ],
)
def test_photographs_and_targets_come_upright(write, turned, stored):
    root, pairs = write(turned, stored)
    found = SegmentationFolder(root, "train")
    for name, (image, target) in zip(found.names, found, strict=True):
        np.testing.assert_array_equal(np.asarray(image), np.asarray(pairs[name][0]))
        np.testing.assert_array_equal(np.asarray(target), np.asarray(pairs[name][1]))


def test_what_fits_both_ways_is_refused_where_the_others_disagree(write):
    root, _ = write({"a": 6, "b": 6, "c": 3}, "a")
    folder = SegmentationFolder(root, "train")
    with pytest.raises(ValueError, match=r"all drawn on upright .*got 1 and 1,"):
        folder[2]


def test_the_fits_of_a_folder_are_counted(write):
    root, _ = write({"a": 6, "b": 8, "c": 3}, "a")
    fits = count_fits(SegmentationFolder(root, "train").paths)
    assert fits == {Fit.STORED: 1, Fit.UPRIGHT: 1, Fit.EITHER: 1}
