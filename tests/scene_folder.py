"""Scenes on disk, for tests that read a folder in VOC layout."""

from course_utils.datasets.scenes.dataset import SceneDataset


def write_scenes(root, *, num_train, num_val, size):
    """Write scenes to a folder in VOC layout."""
    for folder in ("JPEGImages", "SegmentationClass", "ImageSets/Segmentation"):
        (root / folder).mkdir(parents=True)
    for split, number in {"train": num_train, "val": num_val}.items():
        names = [f"{split}{k}" for k in range(number)]
        listing = root / "ImageSets" / "Segmentation" / f"{split}.txt"
        listing.write_text("\n".join(names))
        for name, (image, target) in zip(
            names, SceneDataset(split, number, size=size), strict=True
        ):
            image.save(root / "JPEGImages" / f"{name}.jpg", quality=95, subsampling=0)
            target.save(root / "SegmentationClass" / f"{name}.png")
