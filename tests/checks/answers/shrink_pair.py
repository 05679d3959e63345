"""Answers to exercise 0.2: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # Two calls: antialias for the images, nearest-exact for the targets.
    "interpolate": """
def shrink_pair(images, targets, size):
    images = F.interpolate(images, size=size, mode="bilinear", antialias=True)
    targets = F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")
    return images, targets[:, 0].long()
""",
    # Images by the mean over blocks, targets by the index of the block's center.
    "area": """
def shrink_pair(images, targets, size):
    (height, width), (new_height, new_width) = targets.shape[1:], size
    rows = ((torch.arange(new_height) + 0.5) * height / new_height).long()
    columns = ((torch.arange(new_width) + 0.5) * width / new_width).long()
    images = F.interpolate(images, size=size, mode="area")
    return images, targets[:, rows][:, :, columns]
""",
    # The nearest center is searched for: of two that are as near, the first.
    "nearest_center_first_of_two": """
def nearest(old, new):
    centers = (torch.arange(new, dtype=torch.float64) + 0.5) * old / new
    distance = (centers[:, None] - torch.arange(old) - 0.5).abs()
    return (distance < distance.min(dim=1, keepdim=True).values + 1e-9).int().argmax(1)


def shrink_pair(images, targets, size):
    rows, columns = map(nearest, targets.shape[1:], size)
    images = F.interpolate(images, size=size, mode="bicubic", antialias=True)
    return images, targets[:, rows[:, None], columns]
""",
    # Pillow, channel by channel: its bilinear antialiases, its nearest is exact.
    "pillow": """
from PIL import Image


def resize(plane, size, resample):
    return np.array(Image.fromarray(plane).resize(size[::-1], resample))


def shrink_pair(images, targets, size):
    images = [
        [resize(plane, size, Image.Resampling.BILINEAR) for plane in image]
        for image in images.numpy()
    ]
    targets = [
        resize(target, size, Image.Resampling.NEAREST)
        for target in targets.numpy().astype(np.uint8)
    ]
    return torch.tensor(np.array(images)), torch.tensor(np.array(targets)).long()
""",
    # torchvision's resize, which antialiases by default.
    "torchvision_resize": """
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as TF


def shrink_pair(images, targets, size):
    images = TF.resize(images, list(size), InterpolationMode.BICUBIC)
    targets = TF.resize(targets[:, None], list(size), InterpolationMode.NEAREST_EXACT)
    return images, targets[:, 0]
""",
}

MISTAKES = {
    "interpolate": {
        "Corner pixels of the images are aligned.": Mistake(
            "antialias", "antialias=True, align_corners", hint="align_corners=False"
        ),
        "Both are halved, whatever the size.": Mistake(
            'interpolate(images … exact")',
            """avg_pool2d(images, 2, ceil_mode=True)
    targets = targets[:, None, 1::2, 1::2]""",
            hint="resize to size itself",
        ),
        "Targets are resized like images, and the classes rounded.": Mistake(
            'nearest-exact")\n    return images, targets[:, 0]',
            'bilinear", antialias=True)\n    return images, targets[:, 0].round()',
            hint="third class",
        ),
        "Class indices are interpolated and truncated.": Mistake(
            "nearest-exact", "bilinear", hint="third class"
        ),
        "The targets keep the channel axis that interpolate needs.": Mistake(
            "targets[:, 0]", "targets", hint="no channel axis"
        ),
        "Images are taken to lie in [0, 1], as they do before normalization.": Mistake(
            "return images", "return images.clamp(0, 1)", hint="Normalized images"
        ),
        "All images get the target of the first one.": Mistake(
            "targets[:, 0]",
            "targets[:1, 0].expand(len(images), -1, -1)",
            hint="each target with its image",
        ),
        "The targets stay floating-point after the resizing.": Mistake(
            "[:, 0].long()", "[:, 0]", hint="cast to float for the resizing only"
        ),
        "Images are blurred, then the first pixel of each block is taken.": Mistake(
            "images = F.interpolate( … antialias=True)",
            """blurred = F.avg_pool2d(F.pad(images, [2] * 4, mode="replicate"), 4, 1)
    images = F.interpolate(blurred[..., :-1, :-1], size=size, mode="nearest")""",
            hint="The image has moved",
        ),
        "Images are cropped to the new proportions; targets are squeezed.": Mistake(
            "images = F.interpolate(images, size=size",
            """(height, width), (new_height, new_width) = targets.shape[1:], size
    scale = max(new_height / height, new_width / width)
    between = [round(height * scale), round(width * scale)]
    images = F.interpolate(images, size=between""",
            "targets = F",
            "images = TF.center_crop(images, list(size))\n    targets = F",
            "def shrink_pair",
            """from torchvision.transforms.v2 import functional as TF


def shrink_pair""",
            hint="moved",
        ),
        "Each block takes its most frequent class; thin objects vanish.": Mistake(
            'targets = F.interpolate( … "nearest-exact")',
            """classes = targets.unique()
    share = torch.stack([(targets == c).float() for c in classes], dim=1)
    share = F.adaptive_avg_pool2d(share, size)
    targets = classes[share.argmax(dim=1)][:, None]""",
            hint="A target is the class at",
        ),
        "nearest takes the first pixel of each block: targets shift.": Mistake(
            "nearest-exact",
            "nearest",
            hint="moved by +0.33 rows and +0.38 columns. The target has moved",
        ),
        "Images are resized by nearest neighbor: texture becomes noise.": Mistake(
            '"bilinear", antialias=True', '"nearest-exact"', hint="must turn gray"
        ),
        "Without antialiasing, bilinear looks at four pixels only.": Mistake(
            ", antialias=True", "", hint="bilinear without antialias"
        ),
        "The factor of the height is used for the width.": Mistake(
            "images = F",
            """size = (size[0], round(targets.shape[2] * size[0] / targets.shape[1]))
    images = F""",
            hint="their own factor",
        ),
        "Only the images are resized.": Mistake(
            'F.interpolate(targets[:, None].float(), size=size, mode="nearest-exact")',
            "targets[:, None]",
            hint="Both are shrunk",
        ),
        "Images are blurred over several blocks.": Mistake(
            "return images",
            """images = F.avg_pool2d(images, 5, 1, padding=2, count_include_pad=False)
    return images""",
            hint="A smooth image keeps its values",
        ),
        "Void is set to 0, so that no class index is larger than 20.": Mistake(
            "[:, None]", ".where(targets != 255, 0)[:, None]", hint="never replaced"
        ),
        "Void is replaced in the caller's targets.": Mistake(
            "targets = F",
            """void = (targets == 255)[:, None].float()
    void = F.interpolate(void, size=size, mode="nearest-exact")
    targets[targets == 255] = 0
    targets = F""",
            "return images, targets",
            "return images, targets.where(void == 0, 255)",
            hint="in place",
        ),
        "Classes are picked, but void is interpolated.": Mistake(
            "targets = … images, targets",
            """planes = targets[:, None].float()
    targets = F.interpolate(planes, size=size, mode="nearest-exact")
    mean = F.interpolate(planes, size=size, mode="bilinear")
    return images, targets.where(mean <= 20, mean)""",
            hint="Void (255) is picked",
        ),
        "One void pixel makes its whole block void.": Mistake(
            "targets = F",
            """largest = F.adaptive_max_pool2d(targets[:, None].float(), size)
    targets = F""",
            "targets[:, 0]",
            "targets.where(largest < 255, largest)[:, 0]",
            hint="widens void",
        ),
        "The size is read as (W, H).": Mistake(
            "images = F", "size = size[::-1]\n    images = F", hint="size is (H', W')"
        ),
    },
}
