"""Folders in VOC layout, for the tests that read one."""

from course_utils.datasets.scenes.dataset import SceneDataset


def write_voc_folder(root, splits, suffix=".jpg"):
    """Write a folder in VOC layout from the images and targets of each split, by name.

    The images and targets are PIL images; ``suffix`` is that of the images.
    """
    for folder in ("JPEGImages", "SegmentationClass", "ImageSets/Segmentation"):
        (root / folder).mkdir(parents=True)
    for split, pairs in splits.items():
        listing = root / "ImageSets" / "Segmentation" / f"{split}.txt"
        listing.write_text("\n".join(pairs))
        for name, (image, target) in pairs.items():
            path = root / "JPEGImages" / f"{name}{suffix}"
            image.save(path, quality=95, subsampling=0)
            target.save(root / "SegmentationClass" / f"{name}.png")
    return root


def write_scenes(root, *, num_train, num_val, size):
    """Write scenes to a folder in VOC layout."""
    splits = {"train": num_train, "val": num_val}
    scenes = {split: SceneDataset(split, n, size=size) for split, n in splits.items()}
    write_voc_folder(
        root,
        {
            split: {f"{split}{k}": pair for k, pair in enumerate(pairs)}
            for split, pairs in scenes.items()
        },
    )
